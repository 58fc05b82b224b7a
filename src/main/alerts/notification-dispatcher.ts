/** Shows notifications: batched for a moment, filtered by quiet hours and do-not-disturb, then shown one by one or grouped. */
import { toGroupResolvedText, toGroupText } from '../../shared/alerts/alert-text';
import type { Clock, Timers } from '../engine/clock';
import type { GroupOutcome } from '../engine/alerts/grouping';
import { suppressedBy } from '../engine/alerts/policy';
import type { AlertNotification, QuietContext, IncidentNotification } from '../engine/alerts/policy';
import type { EventRecorder } from '../timeline/event-recorder';
import { createNotificationBatcher } from './notification-batcher';
import type { AlertStateStore } from './alert-state-store';
import { toGroupedEvent, toSuppressedEvent } from './alert-timeline-events';

/** Shows notifications, at most one per key. */
export interface Notifier {
  show(notification: AlertNotification): void;
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
  readonly state: AlertStateStore;
  readonly doNotDisturb: () => Promise<boolean>;
  readonly quietContext: (doNotDisturb: boolean) => QuietContext;
  /** False once an incident is resolved. */
  readonly isOpen: (incidentId: string) => boolean;
  /** Called for a suppressed notification that belongs in the digest. */
  readonly onMissed: (notification: IncidentNotification) => void;
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
    const { incident, kind, title } = notification;
    const reason = suppressedBy(kind === 'recovery' ? incident.worst : incident.severity, quietContext);
    if (reason === null) return true;
    if (kind === 'alert' && parts.isOpen(incident.id)) {
      parts.state.setDelivery(incident.id, { decided: true });
      parts.onMissed(notification);
    }
    const event = toSuppressedEvent(title, incident, reason);
    if (event !== null) parts.record(event);
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

/** Starts without notifications. */
export function createNotificationDispatcher(parts: NotificationDispatcherParts): NotificationDispatcher {
  const { clock, timers, notifier, state, isOpen } = parts;
  const inGroup = new Set<string>();
  let chain = Promise.resolve();
  const queued = (work: (due: Due) => Promise<void>) => (due: Due): void => {
    chain = chain.then(() => work(due)).catch(parts.onError);
  };

  const showGroup = (due: Extract<Due, { kind: 'summary' }>, fresh: readonly IncidentNotification[]): void => {
    const keys = new Set(fresh.map(({ key }) => key));
    const items = due.items.filter(({ key }) => isOpen(key) && (keys.has(key) || !due.fresh.some((other) => other.key === key)));
    for (const { key } of items) {
      notifier.close(key);
      inGroup.add(key);
    }
    notifier.show(toGroupNotification(items));
    parts.record(toGroupedEvent(fresh.map(({ incident }) => incident)));
  };

  const showAlerts = async (due: Due): Promise<void> => {
    const allowed = await filterSuppressed(parts, due.kind === 'single' ? due.items : due.fresh);
    // Reading do-not-disturb takes time, in which an incident may have been resolved.
    const fresh = allowed.filter(({ key }) => isOpen(key));
    for (const { key } of fresh) state.setDelivery(key, { decided: true, announced: true });
    if (fresh.length === 0) return;
    if (due.kind === 'summary' && due.items.length > 1) showGroup(due, fresh);
    else fresh.forEach((notification) => notifier.show(notification));
  };

  const showRecoveries = async (due: Due): Promise<void> => {
    const fresh = await filterSuppressed(parts, due.kind === 'single' ? due.items : due.fresh);
    if (due.kind === 'single') {
      fresh.forEach((notification) => notifier.show(notification));
    } else if (fresh.length > 0) {
      due.replaced.forEach(({ key }) => notifier.close(key));
      notifier.show(toGroupResolvedNotification(due.items.filter((item) => fresh.includes(item) || !due.fresh.includes(item))));
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
