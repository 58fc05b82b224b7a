/** Puts announcements on the desktop as native notifications, one per key. */
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
  /** Asked with the first notification. */
  readonly abilities: () => NotificationAbilities;
  /** A click on a notification. */
  readonly onOpen: (notification: AlertNotification) => void;
  /** A button on a notification. */
  readonly onSnooze: (incident: Incident, length: SnoozeLength) => void;
}

/** Buttons, in order. */
const ACTIONS: readonly { readonly text: string; readonly length: SnoozeLength }[] = [
  { text: 'Snooze 1 h', length: '1h' },
  { text: 'Until it recovers', length: 'recovery' },
];

/** Notifications kept at a time; beyond it the oldest is taken away. */
export const MOST_ALIVE = 10;

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
    // Good news needs no sound.
    silent: kind === 'recovery',
    ...(hasActions(notification, abilities) ? { actions: ACTIONS.map(({ text }) => ({ type: 'button' as const, text })) } : {}),
  };
}

/**
 * Makes the notifier. Electron cannot change a notification that is shown, so the old one of a key is closed and the
 * new one shown. Each is held here as long as it is on the screen: one that is not held loses its click.
 */
export function createNotifier({ Notification, abilities, onOpen, onSnooze }: NotifierParts): Notifier & { alive(): number; closeAll(): void } {
  let known: NotificationAbilities | null = null;
  const alive = new Map<string, NativeNotification>();
  const close = (key: string): void => {
    const shown = alive.get(key);
    if (shown === undefined) return;
    alive.delete(key);
    // Its own close must not be taken for that of what replaces it.
    shown.removeAllListeners();
    shown.close();
  };
  const show = (notification: AlertNotification, able: NotificationAbilities): void => {
    const { key, incident } = notification;
    close(key);
    const [oldest] = alive.keys();
    if (alive.size >= MOST_ALIVE && oldest !== undefined) close(oldest);
    const shown = new Notification(toOptions(notification, able));
    const release = (): void => {
      if (alive.get(key) === shown) alive.delete(key);
    };
    shown.on('click', () => {
      // Not every server takes it away by itself.
      close(key);
      onOpen(notification);
    });
    shown.on('close', release);
    shown.on('failed', release);
    shown.on('action', (details, index) => {
      release();
      const action = ACTIONS[details.actionIndex ?? index];
      if (action !== undefined && incident !== null) onSnooze(incident, action.length);
    });
    alive.set(key, shown);
    shown.show();
  };
  return {
    show: (notification) => {
      known ??= abilities();
      if (known.supported) show(notification, known);
    },
    close,
    alive: () => alive.size,
    closeAll: () => [...alive.keys()].forEach(close),
  };
}
