/** Types and severities of timeline events; without the schemas, which the page does not load. */

/** Severities of events, lowest first. */
export const EVENT_SEVERITIES = ['info', 'warning', 'critical'] as const;

/** Types written by the app. Other programs may write other types (`isReservedEventType`). */
export const OWN_EVENT_TYPES = [
  'monitoring_started', 'monitoring_stopped', 'monitoring_paused', 'monitoring_resumed', 'monitoring_stalled',
  'host_slept', 'host_woke', 'clock_stepped',
  'collector_failing', 'collector_recovered',
  'history_quarantined', 'history_restored', 'history_replaced', 'history_deleted', 'retention_moved', 'settings_changed', 'update_found',
  'alert_fired', 'alert_escalated', 'alert_deescalated', 'alert_resolved', 'alert_acknowledged', 'alert_snoozed', 'alert_unsnoozed', 'alert_suppressed', 'alert_digest',
  'service_added', 'service_changed', 'service_removed',
  'machine_network', 'machine_program', 'machine_reboot', 'machine_removed', 'machines_silent',
  'hub_joined', 'hub_left', 'hub_away', 'hub_back', 'hub_refused',
  'webhook_failed',
  'lan_pairing_started', 'lan_pairing_requested', 'lan_pairing_approved', 'lan_pairing_denied', 'lan_pairing_failed',
  'lan_login', 'lan_login_failed', 'lan_logout', 'lan_refresh_token_reused', 'lan_device_revoked', 'lan_role_changed',
  'lan_account_set', 'lan_account_removed', 'lan_password_changed', 'lan_token_created', 'lan_token_removed',
  'lan_machine_joined', 'lan_machine_revoked',
  'container_started', 'container_stopped', 'container_died', 'container_oom', 'container_unhealthy', 'container_healthy', 'container_restarted',
  'power_requested', 'power_confirmed', 'power_cancelled', 'power_started', 'power_failed',
] as const;

/** A type written by the app. */
export type OwnEventType = (typeof OWN_EVENT_TYPES)[number];

/** True for a type written by the app. */
export function isOwnEventType(type: string): type is OwnEventType {
  return OWN_EVENT_TYPES.some((own) => own === type);
}

/** True for a type that other programs may not write: the app's own, and any that looks like one about access or the app. */
export function isReservedEventType(type: string): boolean {
  return isOwnEventType(type) || /^(?:lan|power|control|monitoring|app)_/.test(type);
}
