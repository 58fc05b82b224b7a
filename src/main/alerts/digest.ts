/** What was missed while nothing was to be shown, told once when that is over. */
import { isQuiet, quietUntil } from '../../shared/alerts/quiet-hours';
import { toSummaryText } from '../../shared/alerts/alert-text';
import type { AlertsSettings } from '../../shared/alerts/alert-settings';
import type { OffsetAt } from '../../shared/series/calendar';
import type { AlertNotification, IncidentNotification } from '../engine/alerts/policy';
import type { EventRecorder } from '../timeline/event-recorder';
import type { AlertStateStore, Missed } from './alert-state-store';
import { toEvent } from './alert-timeline-events';

/** The key of the digest's notification. */
const DIGEST_KEY = 'digest';

/** What the digest needs. */
export interface DigestParts {
  readonly state: AlertStateStore;
  readonly now: () => number;
  readonly offsetAt: OffsetAt;
  readonly settings: () => AlertsSettings;
  readonly doNotDisturb: () => Promise<boolean>;
  /** True while everything is snoozed. */
  readonly isSnoozed: () => boolean;
  readonly show: (notification: AlertNotification) => void;
  readonly record: EventRecorder;
}

/** Keeps what was missed. */
export interface Digest {
  miss(notification: IncidentNotification): void;
  /** An incident ended; what was missed of it says so. */
  resolved(incidentId: string, at: number): void;
  /** A person took note of it. */
  drop(incidentId: string): void;
  /** When to check again, epoch milliseconds; null when nothing was missed. */
  due(): number | null;
  /** Tells what was missed, if it may be told now. */
  check(): Promise<void>;
}

function toNotification(missed: readonly Missed[]): AlertNotification {
  const open = missed.filter(({ clearedAt }) => clearedAt === null);
  const severity = open.some((each) => each.severity === 'critical') ? 'critical' : open.length > 0 ? 'warning' : 'info';
  return { key: DIGEST_KEY, kind: 'summary', severity, ...toSummaryText(missed), incident: null };
}

/** Makes the digest. */
export function createDigest(parts: DigestParts): Digest {
  const { state, now, offsetAt, settings } = parts;
  const change = (id: string, next: (missed: Missed) => Missed[]): void => {
    if (state.missed().some(({ incidentId }) => incidentId === id)) {
      state.setMissed(state.missed().flatMap((missed) => (missed.incidentId === id ? next(missed) : [missed])));
    }
  };
  const setDelivery = (): void => {
    const missed = state.missed();
    state.setMissed([]);
    if (!settings().digest || missed.length === 0) return;
    for (const { incidentId, clearedAt } of missed) if (clearedAt === null) state.setDelivery(incidentId, { announced: true });
    const notification = toNotification(missed);
    parts.show(notification);
    parts.record(toEvent('alert_digest', 'info', notification.title, { count: missed.length }));
  };
  return {
    miss({ key, title, severity }) {
      if (severity === 'info') return;
      change(key, () => []);
      state.setMissed([...state.missed(), { incidentId: key, title, severity, clearedAt: null }]);
    },
    resolved: (id, at) => change(id, (missed) => [{ ...missed, clearedAt: at }]),
    drop: (id) => change(id, () => []),
    due: () => (state.missed().length === 0 ? null : (quietUntil(settings().quietHours, now(), offsetAt) ?? now())),
    async check() {
      if (state.missed().length === 0 || parts.isSnoozed() || isQuiet(settings().quietHours, now(), offsetAt)) return;
      if (!(await parts.doNotDisturb())) setDelivery();
    },
  };
}
