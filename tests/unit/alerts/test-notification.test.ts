import { expect, it } from 'vitest';
import type { NotificationOutcome } from '../../../src/main/alerts/notification-dispatcher';
import { sendTestNotification } from '../../../src/main/alerts/test-notification';
import type { AlertNotification } from '../../../src/main/engine/alerts/policy';

function openDesktop(outcome: NotificationOutcome, isQuiet = false) {
  const shown: AlertNotification[] = [];
  const notifier = {
    show: (notification: AlertNotification) => {
      shown.push(notification);
      return Promise.resolve(outcome);
    },
    close: () => undefined,
  };
  return { shown, send: () => sendTestNotification({ notifier, doNotDisturb: () => Promise.resolve(isQuiet) }) };
}

it.each<[NotificationOutcome, boolean, string]>([
  ['shown', false, 'shown'],
  ['shown', true, 'doNotDisturb'],
  ['refused', false, 'refused'],
  // That nothing shows it is the worse news.
  ['refused', true, 'refused'],
  ['withdrawn', false, 'unknown'],
])('a notification that is %s, with Do Not Disturb %s, is told as %s', async (outcome, isQuiet, told) => {
  expect(await openDesktop(outcome, isQuiet).send()).toBe(told);
});

it('sends one that is as urgent as a warning and belongs to no incident, also while Do Not Disturb is on', async () => {
  const { shown, send } = openDesktop('shown', true);
  await send();
  expect(shown).toMatchObject([{ key: 'test', kind: 'summary', severity: 'warning', title: 'Test notification', incident: null }]);
});
