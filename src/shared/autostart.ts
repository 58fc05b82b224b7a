/** Start at login: what the system says about it, as codes with parameters, and the sentences for them. */

/**
 * - enabled, disabled: as it says.
 * - disabledElsewhere: there is an entry, but the user turned it off in the desktop's own settings.
 * - needsApproval: macOS waits for the user's approval in System Settings.
 * - unknown: the system cannot be asked, or does not answer for this kind of installation.
 */
export type AutostartState = 'enabled' | 'disabled' | 'disabledElsewhere' | 'needsApproval' | 'unknown';

/**
 * Why the state is what it is, or why it cannot be changed here.
 * - systemWide: an entry for all users of the machine decides. `what`: its path.
 * - otherCommand: the entry starts another copy, or one with another data folder. `what`: its command.
 * - programMissing: the entry names a program that is not there. `what`: its path.
 * - notOurs: another program wrote the entry, so it is not changed. `what`: its path.
 * - link: the entry is a link, so it is not changed. `what`: its path.
 * - unreadable: there is something that cannot be read. `what`: its path.
 * - checkout, confined, demo, headless: what kind of run this is.
 */
export type AutostartReason = 'systemWide' | 'otherCommand' | 'programMissing' | 'notOurs' | 'link' | 'unreadable' | 'checkout' | 'confined' | 'demo' | 'headless';

/** What the system says about start at login, read when it is asked for. */
export interface AutostartStatus {
  readonly state: AutostartState;
  readonly reason: AutostartReason | null;
  /** A path or a command, as `reason` says; null where there is none. */
  readonly what: string | null;
  /** Whether it can be turned on and off from here. */
  readonly canChange: boolean;
}

const STATE_TEXT: Readonly<Record<AutostartState, string>> = {
  enabled: 'Starts in the tray when you log in.',
  disabled: 'Does not start when you log in.',
  disabledElsewhere: 'Turned off in the settings of the desktop.',
  needsApproval: 'Waits for your approval: allow Traywatch in System Settings → General → Login Items.',
  unknown: 'Not known.',
};

const REASON_TEXT: Readonly<Record<AutostartReason, (what: string) => string>> = {
  systemWide: (what) => `An entry for all users decides: ${what}`,
  otherCommand: (what) => `What starts is another copy: ${what}. Turn it off and on again to start this one.`,
  programMissing: (what) => `The entry names a program that is not there: ${what}. Turn it off and on again to repair it.`,
  notOurs: (what) => `Traywatch did not write ${what} and does not change it. Remove that file to set it here.`,
  link: (what) => `${what} is a link, which Traywatch does not change. Remove the link to set it here.`,
  unreadable: (what) => `${what} cannot be read.`,
  checkout: () => 'This copy runs from a checkout, which this system cannot start at login. Install Traywatch to set it.',
  confined: () => 'This package is confined by Snap or Flatpak. Set it in the settings of the desktop.',
  demo: () => 'A demo machine is not started at login.',
  headless: () => 'Without a desktop nobody logs in. Start Traywatch as a service instead.',
};

/** One or two sentences on the state, for the page and the terminal. */
export function autostartText({ state, reason, what }: AutostartStatus): string {
  const why = reason === null ? '' : REASON_TEXT[reason](what ?? '');
  if (state === 'unknown') return why === '' ? STATE_TEXT.unknown : why;
  return why === '' ? STATE_TEXT[state] : `${STATE_TEXT[state]} ${why}`;
}
