/** The test notification: what the desktop made of it, as a code, and the sentence for it. */
import type { TrayDesktop } from './tray-status';

/**
 * - shown: the desktop took it.
 * - doNotDisturb: it took it, and keeps it back while its Do Not Disturb is on.
 * - refused: it did not take it, or did not answer.
 * - unknown: it was taken back before the desktop answered.
 */
export type TestNotificationOutcome = 'shown' | 'doNotDisturb' | 'refused' | 'unknown';

/** Where notifications are allowed, on systems that have such a place. */
export const ALLOW_NOTIFICATIONS = {
  macos: 'Allow them in System Settings › Notifications › Traywatch.',
  windows: 'Turn them on in Settings › System › Notifications, for Traywatch too.',
} as const;

type System = keyof typeof ALLOW_NOTIFICATIONS | 'linux';

const SHOWN: Readonly<Record<System, string>> = {
  // These two do not say whether they keep it back.
  macos: 'Sent. If you saw nothing, a Focus is on, or the alert style of Traywatch is None in System Settings › Notifications.',
  windows: 'Sent. If you saw nothing, turn off Do not disturb in Settings › System › Notifications.',
  linux: 'Shown. If you saw nothing, look in the list of notifications of the desktop.',
};

const REFUSED: Readonly<Record<System, string>> = {
  macos: `Not shown. ${ALLOW_NOTIFICATIONS.macos}`,
  windows: `Not shown. ${ALLOW_NOTIFICATIONS.windows}`,
  linux: 'Not shown: the desktop did not take it. If it has no notification service, install one, such as dunst or mako, and start it with the desktop.',
};

/** One or two sentences on what happened, and what to do. */
export function testNotificationText(outcome: TestNotificationOutcome, desktop: TrayDesktop): string {
  const system = desktop === 'macos' || desktop === 'windows' ? desktop : 'linux';
  if (outcome === 'shown') return SHOWN[system];
  if (outcome === 'refused') return REFUSED[system];
  if (outcome === 'unknown') return 'It was taken back before the desktop answered. Try again.';
  return 'Sent, but Do Not Disturb is on: the desktop keeps it back. Traywatch sums up the alerts of that time afterwards.';
}
