/** Clicks on notifications of an earlier run, which Windows keeps and starts the app for. */
import type { Notification } from 'electron';
import type { Timers } from '../engine/clock';

/** Time for the notification itself to handle its click, where it is one of this run: it knows the page to open. ms. */
const OWN_CLICK = 300;

/** `handleActivation` came after Electron 33, and exists on Windows alone. */
type Activations = Partial<Pick<typeof Notification, 'handleActivation'>>;

/** Calls `open` for each click, the one that started the app included. */
export function followEarlierToasts(notifications: Activations, timers: Timers, open: () => void): void {
  notifications.handleActivation?.(({ type }) => {
    if (type === 'click') timers.after(OWN_CLICK, open);
  });
}
