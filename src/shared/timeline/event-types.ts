/** What is known of events without their schemas: types of the app's own, and how events are found. */
import type { ActivityEvent, EventsFilter } from './event-schemas';

/** How much an event may matter, the least first. */
export const EVENT_SEVERITIES = ['info', 'warning', 'critical'] as const;

/** Types the app itself writes. Other programs bring their own words. */
export const OWN_EVENT_TYPES = [
  'monitoring_started', 'monitoring_stopped', 'monitoring_paused', 'monitoring_resumed',
  'host_slept', 'host_woke', 'clock_stepped',
  'collector_failing', 'collector_recovered',
  'history_quarantined', 'history_restored', 'settings_changed', 'update_found',
  'alert_fired', 'alert_escalated', 'alert_deescalated', 'alert_resolved', 'alert_acknowledged', 'alert_snoozed', 'alert_unsnoozed', 'alert_suppressed', 'alert_digest',
  'webhook_failed',
  'lan_pairing_started', 'lan_pairing_requested', 'lan_pairing_approved', 'lan_pairing_denied', 'lan_pairing_failed',
  'lan_login', 'lan_login_failed', 'lan_logout', 'lan_refresh_token_reused', 'lan_device_revoked', 'lan_role_changed',
  'lan_account_set', 'lan_account_removed', 'lan_password_changed', 'lan_token_created', 'lan_token_removed',
  'power_requested', 'power_confirmed', 'power_cancelled', 'power_started', 'power_failed',
] as const;

/** A type the app itself writes. */
export type OwnEventType = (typeof OWN_EVENT_TYPES)[number];

/** True for a type that only the app itself writes. */
export function isOwnEventType(type: string): type is OwnEventType {
  return OWN_EVENT_TYPES.some((own) => own === type);
}

/** Text as it is compared: composed, and in lower case. */
function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** True when all words of `text` are found in the message, upper and lower case alike. */
export function containsAllWords(message: string, text: string): boolean {
  const folded = fold(message);
  return fold(text).split(/\s+/u).every((word) => folded.includes(word));
}

/** True for an event the filter lets through. */
export function matchesEvent({ type, severity, message, time }: Pick<ActivityEvent, 'type' | 'severity' | 'message' | 'time'>, { types = [], severities = [], text = '', from, to }: EventsFilter): boolean {
  return (
    (types.length === 0 || types.includes(type)) &&
    (severities.length === 0 || severities.includes(severity)) &&
    (from === undefined || time >= from) &&
    (to === undefined || time < to) &&
    containsAllWords(message, text)
  );
}
