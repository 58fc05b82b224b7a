/** A notification to try the desktop with, sent the way that alerts are. */
import type { TestNotificationOutcome } from '../../shared/test-notification';
import type { AlertNotification } from '../engine/alerts/policy';
import type { Notifier } from './notification-dispatcher';

/** As urgent as a warning: some desktops put what is less urgent into a list only. */
const NOTIFICATION: AlertNotification = {
  key: 'test',
  kind: 'summary',
  severity: 'warning',
  title: 'Test notification',
  body: 'Traywatch tells you about alerts like this. Click to open it.',
  incident: null,
};

/** Sends it and says what became of it. Quiet hours and snoozes do not hold it back: somebody waits for it. Never rejects. */
export async function sendTestNotification({ notifier, doNotDisturb }: { readonly notifier: Notifier; readonly doNotDisturb: () => Promise<boolean> }): Promise<TestNotificationOutcome> {
  const [isQuiet, outcome] = await Promise.all([doNotDisturb(), notifier.show(NOTIFICATION)]);
  if (outcome === 'shown') return isQuiet ? 'doNotDisturb' : 'shown';
  return outcome === 'refused' ? 'refused' : 'unknown';
}
