/** Shows alert notifications as native notifications, at most one per key. */
import type { NotificationConstructorOptions } from 'electron';
import type { Incident } from '../../shared/alerts/incident';
import type { SnoozeLength } from '../../shared/alerts/snooze';
import type { Notifier } from '../alerts/notification-dispatcher';
import type { AlertNotification } from '../engine/alerts/policy';
import { toBody } from './native-notification';
import type { NativeNotification, NotificationAbilities, NotificationConstructor } from './native-notification';

/** What the notifier needs. */
export interface NotifierParts {
  readonly Notification: NotificationConstructor;
  /** Called with the first notification. */
  readonly abilities: () => NotificationAbilities;
  /** A notification was clicked. */
  readonly onOpen: (notification: AlertNotification) => void;
  /** A snooze button was clicked. */
  readonly onSnooze: (incident: Incident, length: SnoozeLength) => void;
}

/** Buttons, in order. */
const ACTIONS: readonly { readonly text: string; readonly length: SnoozeLength }[] = [
  { text: 'Snooze 1 h', length: '1h' },
  { text: 'Until resolved', length: 'recovery' },
];

/** Largest number of notifications shown at a time; beyond it the oldest is removed. */
export const MAX_SHOWN = 10;

const URGENCY = { critical: 'critical', warning: 'normal', info: 'low' } as const;

function hasActions({ kind, incident }: AlertNotification, abilities: NotificationAbilities): boolean {
  return abilities.actions && kind === 'alert' && incident !== null;
}

function toOptions(notification: AlertNotification, abilities: NotificationAbilities): NotificationConstructorOptions {
  const { title, body, severity, kind } = notification;
  return {
    title,
    body: toBody(body, abilities),
    urgency: URGENCY[severity],
    // The end of an alert needs no sound.
    silent: kind === 'recovery',
    ...(hasActions(notification, abilities) ? { actions: ACTIONS.map(({ text }) => ({ type: 'button' as const, text })) } : {}),
  };
}

/**
 * Starts without notifications. Electron cannot change one that is shown, so the previous one of a key is closed and the
 * new one shown. Each is referenced as long as it is on the screen: once garbage collected it loses its click.
 */
export function createNotifier({ Notification, abilities, onOpen, onSnooze }: NotifierParts): Notifier & { count(): number; closeAll(): void } {
  let knownAbilities: NotificationAbilities | null = null;
  const shown = new Map<string, NativeNotification>();
  const close = (key: string): void => {
    const native = shown.get(key);
    if (native === undefined) return;
    shown.delete(key);
    // Its close event must not remove the notification that replaces it.
    native.removeAllListeners();
    native.close();
  };
  const show = (notification: AlertNotification, supported: NotificationAbilities): void => {
    const { key, incident } = notification;
    close(key);
    const [oldest] = shown.keys();
    if (shown.size >= MAX_SHOWN && oldest !== undefined) close(oldest);
    const native = new Notification(toOptions(notification, supported));
    const release = (): void => {
      if (shown.get(key) === native) shown.delete(key);
    };
    native.on('click', () => {
      // Not every notification server removes it by itself.
      close(key);
      onOpen(notification);
    });
    native.on('close', release);
    native.on('failed', release);
    native.on('action', (details, index) => {
      release();
      const action = ACTIONS[details.actionIndex ?? index];
      if (action !== undefined && incident !== null) onSnooze(incident, action.length);
    });
    shown.set(key, native);
    native.show();
  };
  return {
    show: (notification) => {
      knownAbilities ??= abilities();
      if (knownAbilities.supported) show(notification, knownAbilities);
    },
    close,
    count: () => shown.size,
    closeAll: () => [...shown.keys()].forEach(close),
  };
}
