/**
 * macOS asks whether Traywatch may control System Events, which restarts the Mac, the first time it tries to. At a restart from
 * far away nobody is there to answer, so the question is provoked when the switch is turned on, by somebody at the Mac.
 */

/** Does nothing but need the permission. */
export const CONSENT_COMMAND: readonly [string, ...string[]] = ['/usr/bin/osascript', '-e', 'tell application "System Events" to get name'];

/** Longer than osascript itself waits for an answer (two minutes), ms. */
export const CONSENT_DEADLINE = 150_000;

/** errAEEventNotPermitted and errAETimeout of Apple's MacErrors.h, as osascript writes them at the end of its message. */
const WORDS: readonly (readonly [code: RegExp, words: string])[] = [
  [/\(-1743\)/, 'macOS does not let Traywatch do this. Allow it in System Settings › Privacy & Security › Automation › Traywatch › System Events.'],
  [/\(-1712\)/, 'macOS asked whether Traywatch may do this, and nobody answered. Turn remote restart off and on again at the Mac, and allow it.'],
];

/** A message of osascript in words; others stay as they are. Pure. */
export function toWords(problem: string): string {
  return WORDS.find(([code]) => code.test(problem))?.[1] ?? problem;
}
