/** From decisions to notifications: gathered for a moment, then shown one by one or as one. */
import { toGroupResolvedText, toGroupText } from '../../shared/alerts/alert-text';
import type { Clock, Timers } from '../engine/clock';
import type { Outcome } from '../engine/alerts/grouping';
import { suppressedBy } from '../engine/alerts/policy';
import type { AlertNotification, QuietContext, IncidentNotification } from '../engine/alerts/policy';
import type { EventRecorder } from '../timeline/event-recorder';
import { createNotificationBatcher } from './notification-batcher';
import type { AlertStateStore } from './alert-state-store';
import { toGroupedEvent, toSuppressedEvent } from './alert-timeline-events';

/** Shows notifications; under one key there is one. */
export interface Notifier {
  show(notification: AlertNotification): void;
  /** Takes a notification away; nothing happens where there is none. */
  close(key: string): void;
}

/** The keys of the summaries. */
const GROUP_KEY = 'storm';
const GROUP_RESOLVED_KEY = 'calm';

/** What the announcer needs. */
export interface NotificationDispatcherParts {
  readonly clock: Pick<Clock, 'mono'>;
  readonly timers: Timers;
  readonly notifier: Notifier;
  readonly state: AlertStateStore;
  readonly doNotDisturb: () => Promise<boolean>;
  readonly quietContext: (doNotDisturb: boolean) => QuietContext;
  /** False once an incident has ended. */
  readonly isOpen: (incidentId: string) => boolean;
  /** Something may only be told later. */
  readonly onMissed: (notification: IncidentNotification) => void;
  readonly record: EventRecorder;
  readonly onError: (error: unknown) => void;
}

/** Announces. */
export interface NotificationDispatcher {
  notify(notification: IncidentNotification): void;
  /** Takes back what is not shown yet, and takes away what is. The announcement that was not shown yet, or null. */
  withdrawNotification(incidentId: string): IncidentNotification | null;
  stop(): void;
}

type Due = Outcome<IncidentNotification>;

/** Parts due into those this hour lets through and those it holds back, which are noted with the reason. */
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

/** Makes the announcer. */
export function createNotificationDispatcher(parts: NotificationDispatcherParts): NotificationDispatcher {
  const { clock, timers, notifier, state, isOpen } = parts;
  const inStorm = new Set<string>();
  let chain = Promise.resolve();
  const queued = (work: (due: Due) => Promise<void>) => (due: Due): void => {
    chain = chain.then(() => work(due)).catch(parts.onError);
  };

  const showStorm = (due: Extract<Due, { kind: 'summary' }>, fresh: readonly IncidentNotification[]): void => {
    const keys = new Set(fresh.map(({ key }) => key));
    const items = due.items.filter(({ key }) => isOpen(key) && (keys.has(key) || !due.fresh.some((other) => other.key === key)));
    for (const { key } of items) {
      notifier.close(key);
      inStorm.add(key);
    }
    notifier.show(toGroupNotification(items));
    parts.record(toGroupedEvent(fresh.map(({ incident }) => incident)));
  };

  const showAlerts = async (due: Due): Promise<void> => {
    const sifted = await filterSuppressed(parts, due.kind === 'single' ? due.items : due.fresh);
    // Asking takes a moment, in which one may have ended.
    const fresh = sifted.filter(({ key }) => isOpen(key));
    for (const { key } of fresh) state.setDelivery(key, { decided: true, announced: true });
    if (fresh.length === 0) return;
    if (due.kind === 'summary' && due.items.length > 1) showStorm(due, fresh);
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
      if (inStorm.delete(incidentId) && inStorm.size === 0) notifier.close(GROUP_KEY);
      return waiting;
    },
    stop() {
      alerts.stop();
      recoveries.stop();
    },
  };
}
