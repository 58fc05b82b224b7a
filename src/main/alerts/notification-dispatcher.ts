/**
 * Shows notifications: batched for a moment, filtered by quiet hours and do-not-disturb, then shown one by one or grouped.
 * An alert counts as delivered once the desktop has shown it. One that the desktop refused belongs in the digest.
 */
import { toGroupResolvedText, toGroupText } from '../../shared/alerts/alert-text';
import type { Clock, Timers } from '../engine/clock';
import type { GroupOutcome } from '../engine/alerts/grouping';
import { suppressedBy } from '../engine/alerts/policy';
import type { AlertNotification, QuietContext, IncidentNotification, SuppressReason } from '../engine/alerts/policy';
import type { EventRecorder } from '../timeline/event-recorder';
import { createNotificationBatcher } from './notification-batcher';
import type { AlertStateStore } from './alert-state-store';
import { toGroupedEvent, toSuppressedEvent } from './alert-timeline-events';

/** shown: the desktop took it. refused: it did not, or did not answer. withdrawn: closed or replaced before it answered. */
export type NotificationOutcome = 'shown' | 'refused' | 'withdrawn';

/** Shows notifications, at most one per key. */
export interface Notifier {
  /** Resolves once the desktop has answered, or has not for too long. Never rejects. */
  show(notification: AlertNotification): Promise<NotificationOutcome>;
  /** Removes a notification; does nothing where there is none. */
  close(key: string): void;
}

/** The keys of grouped notifications. */
const GROUP_KEY = 'grouped';
const GROUP_RESOLVED_KEY = 'grouped-resolved';

/** What the dispatcher needs. */
export interface NotificationDispatcherParts {
  readonly clock: Pick<Clock, 'mono'>;
  readonly timers: Timers;
  readonly notifier: Notifier;
  readonly state: Pick<AlertStateStore, 'delivery' | 'setDelivery'>;
  readonly doNotDisturb: () => Promise<boolean>;
  readonly quietContext: (doNotDisturb: boolean) => QuietContext;
  /** False once an incident is resolved. */
  readonly isOpen: (incidentId: string) => boolean;
  /** Called for a suppressed notification that belongs in the digest. */
  readonly onMissed: (notification: IncidentNotification) => void;
  /** Called for an alert that the desktop refused; it belongs in the digest, too. */
  readonly onRefused: (notification: IncidentNotification) => void;
  /** Called with the ids of incidents whose notification was shown. */
  readonly onShown: (incidentIds: readonly string[]) => void;
  readonly record: EventRecorder;
  readonly onError: (error: unknown) => void;
}

/** Dispatches notifications of incidents. */
export interface NotificationDispatcher {
  notify(notification: IncidentNotification): void;
  /** Removes the notification of an incident, shown or waiting. Returns the one that was waiting, or null. */
  withdrawNotification(incidentId: string): IncidentNotification | null;
  stop(): void;
}

type Due = GroupOutcome<IncidentNotification>;

/** Leaves out the notifications that quiet hours or do-not-disturb suppress; these are recorded with the reason. */
async function filterSuppressed(parts: NotificationDispatcherParts, due: readonly IncidentNotification[]): Promise<IncidentNotification[]> {
  const quietContext = parts.quietContext(await parts.doNotDisturb());
  return due.filter((notification) => {
    const { incident, kind } = notification;
    const reason = suppressedBy(kind === 'recovery' ? incident.worst : incident.severity, quietContext);
    if (reason === null) return true;
    if (kind === 'alert' && parts.isOpen(incident.id)) {
      parts.state.setDelivery(incident.id, { decided: true });
      parts.onMissed(notification);
    }
    recordSuppressed(parts, notification, reason);
    return false;
  });
}

function toGroupNotification(items: readonly IncidentNotification[]): AlertNotification {
  const listed = items.map(({ title, incident }) => ({ title, severity: incident.severity, clearedAt: null }));
  const severity = listed.some((each) => each.severity === 'critical') ? 'critical' : 'warning';
  return { key: GROUP_KEY, kind: 'summary', severity, ...toGroupText(listed), incident: null };
}

function toGroupResolvedNotification(items: readonly IncidentNotification[]): AlertNotification {
  return { key: GROUP_RESOLVED_KEY, kind: 'summary', severity: 'info', ...toGroupResolvedText(items.map(({ title }) => title)), incident: null };
}

function recordSuppressed({ record }: Pick<NotificationDispatcherParts, 'record'>, { title, incident }: IncidentNotification, reason: SuppressReason): void {
  const event = toSuppressedEvent(title, incident, reason);
  if (event !== null) record(event);
}

/**
 * Shows a notification of one or more incidents, and records what became of it. `untold` are those that are missed where it
 * is refused.
 */
async function deliver(
  parts: NotificationDispatcherParts,
  notification: AlertNotification,
  items: readonly IncidentNotification[],
  untold: readonly IncidentNotification[] = items,
): Promise<NotificationOutcome> {
  const { notifier, state, isOpen, onRefused, onShown } = parts;
  const outcome = await notifier.show(notification);
  // Closed for a reason that was recorded where it was closed, or replaced by a notification of the same incidents.
  if (outcome === 'withdrawn') return outcome;
  if (outcome === 'refused') {
    for (const item of untold) {
      recordSuppressed(parts, item, 'refused');
      // The end of an alert is not in the digest; the alert itself is no longer in the tray.
      if (item.kind !== 'alert' || !isOpen(item.key)) continue;
      state.setDelivery(item.key, { decided: true });
      onRefused(item);
    }
    return outcome;
  }
  for (const { key, kind } of items) if (kind === 'alert' && isOpen(key)) state.setDelivery(key, { decided: true, announced: true });
  onShown(items.map(({ key }) => key));
  return outcome;
}

/** Starts without notifications. */
export function createNotificationDispatcher(parts: NotificationDispatcherParts): NotificationDispatcher {
  const { clock, timers, notifier, state, isOpen, onError } = parts;
  const inGroup = new Set<string>();
  let chain = Promise.resolve();
  const queued = (work: (due: Due) => Promise<void>) => (due: Due): void => {
    chain = chain.then(() => work(due)).catch(onError);
  };
  // A desktop that is slow to answer does not hold up what follows.
  const show = (...told: [AlertNotification, readonly IncidentNotification[], (readonly IncidentNotification[])?]): Promise<NotificationOutcome> =>
    deliver(parts, ...told).catch((error: unknown): NotificationOutcome => {
      onError(error);
      return 'withdrawn';
    });

  const showGroup = async (due: Extract<Due, { kind: 'summary' }>, fresh: readonly IncidentNotification[]): Promise<void> => {
    const keys = new Set(fresh.map(({ key }) => key));
    const items = due.items.filter(({ key }) => isOpen(key) && (keys.has(key) || !due.fresh.some((other) => other.key === key)));
    // Those that the desktop took before, by themselves or in a group, are not missed where it refuses this one.
    const untold = items.filter(({ key }) => keys.has(key) || state.delivery(key)?.announced !== true);
    for (const { key } of items) inGroup.add(key);
    if ((await show(toGroupNotification(items), items, untold)) !== 'shown') return;
    for (const { key } of items) notifier.close(key);
    parts.record(toGroupedEvent(fresh.map(({ incident }) => incident)));
  };

  const showAlerts = async (due: Due): Promise<void> => {
    const allowed = await filterSuppressed(parts, due.kind === 'single' ? due.items : due.fresh);
    // Reading do-not-disturb takes time, in which an incident may have been resolved.
    const fresh = allowed.filter(({ key }) => isOpen(key));
    if (fresh.length === 0) return;
    if (due.kind === 'summary' && due.items.length > 1) void showGroup(due, fresh);
    else for (const notification of fresh) void show(notification, [notification]);
  };

  const showRecoveries = async (due: Due): Promise<void> => {
    const fresh = await filterSuppressed(parts, due.kind === 'single' ? due.items : due.fresh);
    if (due.kind === 'single') {
      for (const notification of fresh) void show(notification, [notification]);
    } else if (fresh.length > 0) {
      due.replaced.forEach(({ key }) => notifier.close(key));
      void show(toGroupResolvedNotification(due.items.filter((item) => fresh.includes(item) || !due.fresh.includes(item))), fresh);
    }
  };

  const alerts = createNotificationBatcher<IncidentNotification>(clock, timers, queued(showAlerts));
  const recoveries = createNotificationBatcher<IncidentNotification>(clock, timers, queued(showRecoveries));
  return {
    notify: (notification) => (notification.kind === 'recovery' ? recoveries : alerts).join(notification),
    withdrawNotification(incidentId) {
      const waiting = alerts.withdraw(incidentId);
      notifier.close(incidentId);
      if (inGroup.delete(incidentId) && inGroup.size === 0) notifier.close(GROUP_KEY);
      return waiting;
    },
    stop() {
      alerts.stop();
      recoveries.stop();
    },
  };
}
