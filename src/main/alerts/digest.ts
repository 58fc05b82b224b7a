/**
 * The digest: one notification of the alerts missed during quiet hours or do-not-disturb, or refused by the desktop, shown
 * when these have ended or the desktop takes notifications again.
 */
import { isQuiet, quietUntil } from '../../shared/alerts/quiet-hours';
import { toSummaryText } from '../../shared/alerts/alert-text';
import type { AlertsSettings } from '../../shared/alerts/alert-settings';
import type { OffsetAt } from '../../shared/series/calendar';
import type { AlertNotification, IncidentNotification } from '../engine/alerts/policy';
import type { EventRecorder } from '../timeline/event-recorder';
import type { AlertStateStore, MissedAlert } from './alert-state-store';
import type { NotificationOutcome } from './notification-dispatcher';
import { toTimelineEvent } from './alert-timeline-events';

/** The key of the digest's notification. */
const DIGEST_KEY = 'digest';
/** Pauses after the desktop refused a notification, ms; the last one repeats. A try starts up to four short processes and blocks for a moment. */
const RETRY_DELAYS = [60_000, 120_000, 300_000, 900_000] as const;

/** What the digest needs. */
export interface DigestParts {
  readonly state: AlertStateStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds of the monotonic clock. */
  readonly mono: () => number;
  readonly offsetAt: OffsetAt;
  readonly settings: () => AlertsSettings;
  readonly doNotDisturb: () => Promise<boolean>;
  /** True while all alerts are snoozed. */
  readonly isSnoozed: () => boolean;
  readonly show: (notification: AlertNotification) => Promise<NotificationOutcome>;
  readonly record: EventRecorder;
}

/** Collects missed alerts. */
export interface Digest {
  /** `refused` for a notification that the desktop did not take. */
  add(notification: IncidentNotification, cause: 'suppressed' | 'refused'): void;
  /** A missed alert was resolved, at epoch ms. */
  resolved(incidentId: string, at: number): void;
  /** Removes an alert that was acknowledged. */
  drop(incidentId: string): void;
  /** The desktop showed notifications of these incidents: they are not missed any more, and others need not wait. */
  onShown(incidentIds: readonly string[]): void;
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

/** Counts refusals; after each, the next try is later. */
function createRetry(mono: () => number) {
  let refusals = 0;
  let at = Number.NEGATIVE_INFINITY;
  const refuse = (): void => {
    at = mono() + (RETRY_DELAYS[Math.min(refusals, RETRY_DELAYS.length - 1)] ?? 0);
    refusals += 1;
  };
  return {
    /** Until the next try, ms; 0 when it may be made. */
    left: () => Math.max(0, at - mono()),
    refuse,
    /** As `refuse`, for a notification that was shown without waiting for the next try. */
    refuseFirst: () => {
      if (refusals === 0) refuse();
    },
    reset() {
      refusals = 0;
      at = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Creates the digest on the stored missed alerts. */
export function createDigest(parts: DigestParts): Digest {
  const { state, now, offsetAt, settings } = parts;
  const retry = createRetry(parts.mono);
  let isShowing = false;
  const change = (id: string, next: (missed: MissedAlert) => MissedAlert[]): void => {
    if (state.missed().some(({ incidentId }) => incidentId === id)) {
      state.setMissed(state.missed().flatMap((missed) => (missed.incidentId === id ? next(missed) : [missed])));
    }
  };
  /** Removes those that were shown, and leaves what was added or changed meanwhile. */
  const onDigestShown = (shown: readonly MissedAlert[]): void => {
    const told = state.missed().filter((missed) => shown.includes(missed));
    state.setMissed(state.missed().filter((missed) => !shown.includes(missed)));
    for (const { incidentId, clearedAt } of told) if (clearedAt === null) state.setDelivery(incidentId, { announced: true });
  };
  const show = async (): Promise<void> => {
    // A summary that is turned off is one of quiet hours; what the desktop refused was meant to be shown at once.
    const listed = state.missed().filter(({ refused }) => settings().digest || refused === true);
    if (listed.length < state.missed().length) state.setMissed(listed);
    if (listed.length === 0) return;
    const notification = toNotification(listed);
    const outcome = await parts.show(notification);
    if (outcome === 'withdrawn') return;
    if (outcome === 'refused') {
      retry.refuse();
      return;
    }
    retry.reset();
    onDigestShown(listed);
    parts.record(toTimelineEvent('alert_digest', 'info', notification.title, { count: listed.length }));
  };
  return {
    add({ key, title, severity }, cause) {
      if (cause === 'refused') retry.refuseFirst();
      if (severity === 'info') return;
      change(key, () => []);
      state.setMissed([...state.missed(), { incidentId: key, title, severity, clearedAt: null, ...(cause === 'refused' ? { refused: true } : {}) }]);
    },
    resolved: (id, at) => change(id, (missed) => [{ ...missed, clearedAt: at }]),
    drop: (id) => change(id, () => []),
    onShown(ids) {
      retry.reset();
      for (const id of ids) change(id, () => []);
    },
    due: () => (state.missed().length === 0 ? null : Math.max(quietUntil(settings().quietHours, now(), offsetAt) ?? 0, now() + retry.left())),
    async check() {
      if (isShowing || retry.left() > 0) return;
      if (state.missed().length === 0 || parts.isSnoozed() || isQuiet(settings().quietHours, now(), offsetAt)) return;
      isShowing = true;
      try {
        if (!(await parts.doNotDisturb())) await show();
      } finally {
        isShowing = false;
      }
    },
  };
}
