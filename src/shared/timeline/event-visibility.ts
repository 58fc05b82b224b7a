/** Which of the app's own events clients over the network may see. Every type is listed: a new one does not compile without a decision. */
import { isOwnEventType, isReservedEventType } from './event-types';
import type { OwnEventType } from './event-types';

/**
 * shown: as it is; message and details name metrics and times only. redacted: without names, addresses and folders; its
 * message cannot be searched for, since a search would find what is not shown. local: on the machine only.
 */
export type EventVisibility = 'shown' | 'redacted' | 'local';

const OWN: Readonly<Record<OwnEventType, EventVisibility>> = {
  monitoring_started: 'shown',
  monitoring_stopped: 'shown',
  monitoring_paused: 'shown',
  monitoring_resumed: 'shown',
  monitoring_stalled: 'shown',
  host_slept: 'shown',
  host_woke: 'shown',
  clock_stepped: 'shown',
  collector_failing: 'redacted',
  collector_recovered: 'shown',
  history_quarantined: 'redacted',
  history_restored: 'redacted',
  history_deleted: 'redacted',
  history_replaced: 'redacted',
  retention_moved: 'shown',
  settings_changed: 'redacted',
  update_found: 'redacted',
  alert_fired: 'shown',
  alert_escalated: 'shown',
  alert_deescalated: 'shown',
  alert_resolved: 'shown',
  alert_acknowledged: 'shown',
  alert_snoozed: 'shown',
  alert_unsnoozed: 'shown',
  alert_suppressed: 'shown',
  alert_digest: 'shown',
  service_added: 'shown',
  service_changed: 'shown',
  service_removed: 'shown',
  machine_network: 'shown',
  machine_program: 'shown',
  machine_reboot: 'shown',
  machine_removed: 'local',
  machines_silent: 'shown',
  hub_joined: 'local',
  hub_left: 'local',
  hub_away: 'local',
  hub_back: 'local',
  hub_refused: 'local',
  webhook_failed: 'local',
  lan_pairing_started: 'local',
  lan_pairing_requested: 'local',
  lan_pairing_approved: 'local',
  lan_pairing_denied: 'local',
  lan_pairing_failed: 'local',
  lan_login: 'local',
  lan_login_failed: 'local',
  lan_logout: 'local',
  lan_refresh_token_reused: 'local',
  lan_device_revoked: 'local',
  lan_role_changed: 'local',
  lan_account_set: 'local',
  lan_account_removed: 'local',
  lan_password_changed: 'local',
  lan_token_created: 'local',
  lan_token_removed: 'local',
  lan_machine_joined: 'local',
  lan_machine_revoked: 'local',
  container_started: 'shown',
  container_stopped: 'shown',
  // May hold the last lines of a log.
  container_died: 'redacted',
  container_oom: 'shown',
  container_unhealthy: 'redacted',
  container_healthy: 'shown',
  container_restarted: 'shown',
  power_requested: 'redacted',
  power_confirmed: 'redacted',
  power_cancelled: 'redacted',
  power_started: 'redacted',
  power_failed: 'redacted',
};

/** Who may see events of a type. Events of other programs are shown; of a reserved type that this version does not know, nothing is. */
export function eventVisibility(type: string): EventVisibility {
  if (isOwnEventType(type)) return OWN[type];
  return isReservedEventType(type) ? 'local' : 'shown';
}
