/** The digest: one notification of the alerts missed during quiet hours or do-not-disturb, shown when these have ended. */
import { isQuiet, quietUntil } from '../../shared/alerts/quiet-hours';
import { toSummaryText } from '../../shared/alerts/alert-text';
import type { AlertsSettings } from '../../shared/alerts/alert-settings';
import type { OffsetAt } from '../../shared/series/calendar';
import type { AlertNotification, IncidentNotification } from '../engine/alerts/policy';
import type { EventRecorder } from '../timeline/event-recorder';
import type { AlertStateStore, MissedAlert } from './alert-state-store';
import { toTimelineEvent } from './alert-timeline-events';

/** The key of the digest's notification. */
const DIGEST_KEY = 'digest';

/** What the digest needs. */
export interface DigestParts {
  readonly state: AlertStateStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly offsetAt: OffsetAt;
  readonly settings: () => AlertsSettings;
  readonly doNotDisturb: () => Promise<boolean>;
  /** True while all alerts are snoozed. */
  readonly isSnoozed: () => boolean;
  readonly show: (notification: AlertNotification) => void;
  readonly record: EventRecorder;
}

/** Collects missed alerts. */
export interface Digest {
  add(notification: IncidentNotification): void;
  /** A missed alert was resolved, at epoch ms. */
  resolved(incidentId: string, at: number): void;
  /** Removes an alert that was acknowledged. */
  drop(incidentId: string): void;
  /** When to check again, epoch milliseconds; null when nothing was missed. */
  due(): number | null;
  /** Shows the digest where nothing suppresses it now. */
  check(): Promise<void>;
}

function toNotification(missed: readonly MissedAlert[]): AlertNotification {
  const open = missed.filter(({ clearedAt }) => clearedAt === null);
  const severity = open.some((each) => each.severity === 'critical') ? 'critical' : open.length > 0 ? 'warning' : 'info';
  return { key: DIGEST_KEY, kind: 'summary', severity, ...toSummaryText(missed), incident: null };
}

/** Creates the digest on the stored missed alerts. */
export function createDigest(parts: DigestParts): Digest {
  const { state, now, offsetAt, settings } = parts;
  const change = (id: string, next: (missed: MissedAlert) => MissedAlert[]): void => {
    if (state.missed().some(({ incidentId }) => incidentId === id)) {
      state.setMissed(state.missed().flatMap((missed) => (missed.incidentId === id ? next(missed) : [missed])));
    }
  };
  const show = (): void => {
    const missed = state.missed();
    state.setMissed([]);
    if (!settings().digest || missed.length === 0) return;
    for (const { incidentId, clearedAt } of missed) if (clearedAt === null) state.setDelivery(incidentId, { announced: true });
    const notification = toNotification(missed);
    parts.show(notification);
    parts.record(toTimelineEvent('alert_digest', 'info', notification.title, { count: missed.length }));
  };
  return {
    add({ key, title, severity }) {
      if (severity === 'info') return;
      change(key, () => []);
      state.setMissed([...state.missed(), { incidentId: key, title, severity, clearedAt: null }]);
    },
    resolved: (id, at) => change(id, (missed) => [{ ...missed, clearedAt: at }]),
    drop: (id) => change(id, () => []),
    due: () => (state.missed().length === 0 ? null : (quietUntil(settings().quietHours, now(), offsetAt) ?? now())),
    async check() {
      if (state.missed().length === 0 || parts.isSnoozed() || isQuiet(settings().quietHours, now(), offsetAt)) return;
      if (!(await parts.doNotDisturb())) show();
    },
  };
}
