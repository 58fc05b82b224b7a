/** Types and severities of timeline events, apart from the schemas, which a page does not load. */

/** How much an event may matter, the least first. */
export const EVENT_SEVERITIES = ['info', 'warning', 'critical'] as const;

/** Types the app itself writes. Other programs bring their own words. */
export const OWN_EVENT_TYPES = [
  'monitoring_started', 'monitoring_stopped', 'monitoring_paused', 'monitoring_resumed', 'monitoring_stalled',
  'host_slept', 'host_woke', 'clock_stepped',
  'collector_failing', 'collector_recovered',
  'history_quarantined', 'history_restored', 'history_replaced', 'retention_moved', 'settings_changed', 'update_found',
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
