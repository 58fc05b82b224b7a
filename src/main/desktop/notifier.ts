/** Shows alert notifications as native notifications, at most one per key. */
import type { NotificationConstructorOptions } from 'electron';
import type { Incident } from '../../shared/alerts/incident';
import type { SnoozeLength } from '../../shared/alerts/snooze';
import type { NotificationOutcome, Notifier } from '../alerts/notification-dispatcher';
import type { AlertNotification } from '../engine/alerts/policy';
import type { Timers } from '../engine/clock';
import { present, toBody } from './native-notification';
import type { NotificationAbilities, NotificationConstructor, Presentation } from './native-notification';
import type { NotificationServiceCheck } from './notification-service';

/** What the notifier needs. */
export interface NotifierParts {
  readonly Notification: NotificationConstructor;
  /** Called with the first notification. */
  readonly abilities: () => NotificationAbilities;
  /** A notification was clicked. */
  readonly onOpen: (notification: AlertNotification) => void;
  /** A snooze button was clicked. */
  readonly onSnooze: (incident: Incident, length: SnoozeLength) => void;
  /** Asks first whether the desktop answers. */
  readonly check?: NotificationServiceCheck | null;
  readonly timers?: Timers;
  /** The desktop began to refuse notifications, with the reason, or takes them again: null. Called once for each. */
  readonly onOutage?: (reason: string | null) => void;
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

/** A notification on the screen or on its way there. */
interface Shown {
  /** Null while it is being created. */
  presentation: Presentation | null;
  /** Answers who asked for it; only the first answer counts. */
  readonly settle: (outcome: NotificationOutcome) => void;
}

/** Reports the first of several refusals in a row, and the first notification after them. */
function createOutage(onOutage: NotifierParts['onOutage']) {
  let isOut = false;
  const set = (now: boolean, reason: string | null): void => {
    if (isOut === now) return;
    isOut = now;
    onOutage?.(reason);
  };
  return { begin: (reason: string) => set(true, reason), end: () => set(false, null) };
}

/**
 * Starts without notifications. Electron cannot change one that is shown, so the previous one of a key is closed and the
 * new one shown. Each is referenced as long as it is on the screen: once garbage collected it loses its click.
 */
export function createNotifier(parts: NotifierParts): Notifier & { count(): number; closeAll(): void } {
  const { Notification, check, timers, onOpen, onSnooze } = parts;
  const outage = createOutage(parts.onOutage);
  let known: NotificationAbilities | null = null;
  const shown = new Map<string, Shown>();
  const close = (key: string, outcome: NotificationOutcome = 'withdrawn'): void => {
    const entry = shown.get(key);
    if (entry === undefined) return;
    shown.delete(key);
    entry.presentation?.close();
    entry.settle(outcome);
  };
  const abilitiesNow = (): NotificationAbilities => {
    if (known !== null) return known;
    const abilities = parts.abilities();
    // A desktop that shows nothing yet may do so later.
    if (!abilities.supported) throw new Error('this desktop shows no notifications');
    known = abilities;
    return abilities;
  };
  const show = (notification: AlertNotification, settle: Shown['settle']): void => {
    const { key, incident } = notification;
    close(key);
    const [oldest] = shown.keys();
    if (shown.size >= MAX_SHOWN && oldest !== undefined) close(oldest, 'refused');
    const entry: Shown = { presentation: null, settle };
    shown.set(key, entry);
    const release = (): void => {
      if (shown.get(key) === entry) shown.delete(key);
    };
    const presentation = present({
      create: () => new Notification(toOptions(notification, abilitiesNow())),
      ...(check === undefined ? {} : { check }),
      ...(timers === undefined ? {} : { timers }),
      onShown() {
        outage.end();
        settle('shown');
      },
      onRefused(reason) {
        release();
        outage.begin(reason);
        settle('refused');
      },
      onGone: release,
      onClick: () => onOpen(notification),
      onAction(index) {
        const action = ACTIONS[index];
        if (action !== undefined && incident !== null) onSnooze(incident, action.length);
      },
    });
    entry.presentation = presentation;
  };
  return {
    show: (notification) => new Promise<NotificationOutcome>((resolve) => show(notification, resolve)),
    close: (key) => close(key),
    count: () => shown.size,
    closeAll: () => [...shown.keys()].forEach((key) => close(key)),
  };
}
