/** macOS asks before an app may restart it: the question comes with the switch, and its answers are in words. No test runs a command. */
import { describe, expect, it } from 'vitest';
import { createConsent, inWords } from '../../../src/main/power/consent';
import { createNotices } from '../../../src/main/timeline/notices';
import { settle } from '../../support/collectors';

const DENIED = '37:45: execution error: Not authorized to send Apple events to System Events. (-1743)';
const UNANSWERED = 'execution error: System Events got an error: AppleEvent timed out. (-1712)';

/** The switch on a system that answers so; `asked`: commands and deadlines. */
function machine(platform: 'linux' | 'darwin' | 'win32', ...answers: (string | null)[]) {
  const notices = createNotices(() => 0, () => undefined);
  const asked: unknown[] = [];
  const run = inWords(platform, (command, deadline) => {
    asked.push([command, deadline]);
    return Promise.resolve(answers.shift() ?? null);
  });
  return { asked, run, notices, turn: createConsent({ platform, run, notices }) };
}

describe('the consent to restart a Mac', () => {
  it('is asked for when remote restart is turned on, with a command that does nothing else, and longer than macOS waits', async () => {
    const { turn, asked, notices } = machine('darwin');
    turn(true);
    await settle();
    expect(asked).toEqual([[['/usr/bin/osascript', '-e', 'tell application "System Events" to get name'], 150_000]]);
    expect(notices.list()).toEqual([]);
    turn(false);
    expect(asked).toHaveLength(1);
  });

  it('that is denied is said with the place where it is given, until the switch is turned', async () => {
    const { turn, notices } = machine('darwin', DENIED);
    turn(true);
    await settle();
    expect(notices.list()).toMatchObject([{ title: 'Remote restart is not allowed yet', body: expect.stringContaining('Privacy & Security › Automation') }]);
    turn(false);
    expect(notices.list()).toEqual([]);
  });

  it('is not asked for on Linux and Windows', async () => {
    for (const platform of ['linux', 'win32'] as const) {
      const { turn, asked } = machine(platform);
      turn(true);
      await settle();
      expect(asked).toEqual([]);
    }
  });
});

describe('why a restart failed', () => {
  it.each([
    [DENIED, 'macOS does not let Traywatch do this. Allow it in System Settings › Privacy & Security › Automation › Traywatch › System Events.'],
    [UNANSWERED, 'macOS asked whether Traywatch may do this, and nobody answered. Turn remote restart off and on again at the Mac, and allow it.'],
    ['execution error: -17430 and (-600)', 'execution error: -17430 and (-600)'],
    [null, null],
  ])('%s is told on macOS as %s', async (problem, words) => {
    expect(await machine('darwin', problem).run(['x'])).toBe(words);
    expect(await machine('linux', problem).run(['x'])).toBe(problem);
  });
});
