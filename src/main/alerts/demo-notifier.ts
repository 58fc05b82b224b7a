/** Notifications of a demo machine: each says that it is one, so that nobody acts on made-up data. */
import type { Notifier } from './notification-dispatcher';

/** Puts `Demo: ` before every title. */
export function demoNotifier(notifier: Notifier): Notifier {
  return {
    show: (notification) => notifier.show({ ...notification, title: `Demo: ${notification.title}` }),
    close: (key) => notifier.close(key),
  };
}
