/** Text for events: type, day and age, and the link to the chart of an event. Pure. */
import { isOwnEventType } from '../../shared/timeline/event-types';
import type { OwnEventType } from '../../shared/timeline/event-types';
import type { ActivityEvent } from '../../shared/timeline/event-schemas';
import { pageDeviceOf, parseSeriesKey } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import { formatRoute } from './route';

/** Labels of the event types that Traywatch writes. */
const TYPE_LABELS: Readonly<Record<OwnEventType, string>> = {
  monitoring_started: 'Started',
  monitoring_stopped: 'Stopped',
  monitoring_paused: 'Paused',
  monitoring_resumed: 'Resumed',
  monitoring_stalled: 'Stalled',
  host_slept: 'Sleep',
  host_woke: 'Wake',
  clock_stepped: 'Clock changed',
  collector_failing: 'Read error',
  collector_recovered: 'Read recovered',
  history_quarantined: 'History file',
  history_restored: 'History restored',
  history_deleted: 'History deleted',
  history_replaced: 'History file replaced',
  retention_moved: 'Retention',
  settings_changed: 'Settings',
  update_found: 'Update',
  alert_fired: 'Alert',
  alert_escalated: 'Alert escalated',
  alert_deescalated: 'Alert downgraded',
  alert_resolved: 'Alert resolved',
  alert_acknowledged: 'Acknowledged',
  alert_snoozed: 'Snoozed',
  alert_unsnoozed: 'Snooze ended',
  alert_suppressed: 'Suppressed',
  alert_digest: 'Summary',
  service_added: 'Service added',
  service_changed: 'Service changed',
  service_removed: 'Service removed',
  machine_network: 'Network of a machine away',
  machine_program: 'Traywatch restarted on a machine',
  machine_reboot: 'Machine restarted',
  machine_removed: 'Machine removed',
  machines_silent: 'Most machines silent',
  hub_joined: 'Hub joined',
  hub_left: 'Hub left',
  hub_away: 'Hub away',
  hub_back: 'Hub back',
  hub_refused: 'Hub refuses reports',
  webhook_failed: 'Webhook failed',
  lan_pairing_started: 'Pairing code',
  lan_pairing_requested: 'Access request',
  lan_pairing_approved: 'Approved',
  lan_pairing_denied: 'Denied',
  lan_pairing_failed: 'Wrong codes',
  lan_login: 'Signed in',
  lan_login_failed: 'Sign-in failed',
  lan_logout: 'Signed out',
  lan_refresh_token_reused: 'Sign-in token reused',
  lan_device_revoked: 'Revoked',
  lan_role_changed: 'Role changed',
  lan_account_set: 'Account',
  lan_account_removed: 'Account removed',
  lan_password_changed: 'Password changed',
  lan_token_created: 'Token created',
  lan_token_removed: 'Token removed',
  lan_machine_joined: 'Machine joined',
  lan_machine_revoked: 'Machine revoked',
  container_started: 'Container started',
  container_stopped: 'Container stopped',
  container_died: 'Container ended',
  container_oom: 'Container out of memory',
  container_unhealthy: 'Container unhealthy',
  container_healthy: 'Container healthy',
  container_restarted: 'Container restarted',
  power_requested: 'Restart requested',
  power_confirmed: 'Restart confirmed',
  power_cancelled: 'Restart cancelled',
  power_started: 'Remote restart',
  power_failed: 'Restart failed',
};

/** Label of an event type. A type of another program is shown as it is, without underscores. */
export function formatEventType(type: string): string {
  if (isOwnEventType(type)) return TYPE_LABELS[type];
  const label = type.replaceAll('_', ' ');
  return label.charAt(0).toUpperCase() + label.slice(1);
}

/** The series an event is about; null where it names none, or an unknown one. */
export function seriesOf({ details }: Pick<ActivityEvent, 'details'>): { readonly family: FamilyId; readonly device: string | null; readonly key: string } | null {
  const key = details?.['series'];
  const parsed = typeof key === 'string' ? parseSeriesKey(key) : null;
  return parsed === null || typeof key !== 'string' ? null : { family: parsed.family, device: parsed.device, key };
}

/** Range of the chart before and after the time of an event, ms. */
const LINK_RANGE = { before: 10 * 60_000, after: 5 * 60_000 } as const;

/** Link to the chart of the event's series at its time, or to the whole of its incident; null where it is about none. */
export function eventLink(event: ActivityEvent, now: number): string | null {
  const series = seriesOf(event);
  if (series === null) return null;
  const incident = event.details?.['incident'];
  const device = pageDeviceOf(series);
  const page = { page: 'family', family: series.family, at: event.time, ...(device === undefined ? {} : { device }) } as const;
  // The times of an incident are looked up by the page.
  const isIncident = typeof incident === 'string' && incident !== '';
  return formatRoute(isIncident ? { ...page, range: { kind: 'live', span: '1h' }, incident } : { ...page, range: rangeAround(event.time, now) });
}

/** The range around the time of an event, where more is not known. */
export function rangeAround(at: number, now: number): { readonly kind: 'fixed'; readonly from: number; readonly to: number; readonly span: '1h' } {
  return { kind: 'fixed', from: Math.max(0, at - LINK_RANGE.before), to: Math.max(at, Math.min(at + LINK_RANGE.after, now)), span: '1h' };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** "just now", "5 min ago", "3 h ago", "12 d ago"; "in the future" for a time after `now`, which exists after the clock was set back. */
export function formatAgo(time: number, now: number): string {
  const ms = now - time;
  if (ms < -MINUTE) return 'in the future';
  if (ms < MINUTE) return 'just now';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  if (ms < 24 * HOUR) return `${Math.floor(ms / HOUR)} h ago`;
  return `${Math.floor(ms / (24 * HOUR))} d ago`;
}

/** Midnight of the local day of a time, epoch ms. */
function dayOf(time: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** "Today", "Yesterday" or "Friday, 2026-11-20", by local days. */
export function formatDayHeading(time: number, now: number): string {
  const day = dayOf(time);
  const today = new Date(now);
  if (day === dayOf(now)) return 'Today';
  if (day === new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1).getTime()) return 'Yesterday';
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${DAYS[date.getDay()] ?? ''}, ${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Events of one local day. */
export interface EventDay {
  /** Unique and stable while events arrive and older ones are loaded. After the clock was set back a day can occur twice. */
  readonly key: string;
  readonly time: number;
  readonly events: readonly ActivityEvent[];
}

/** Groups events, newest first, by local day. */
export function groupByDay(events: readonly ActivityEvent[]): readonly EventDay[] {
  const days: { readonly day: number; readonly key: string; readonly time: number; readonly events: ActivityEvent[] }[] = [];
  for (const event of events) {
    const day = dayOf(event.time);
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, key: `${day} ${days.filter((other) => other.day === day).length}`, time: event.time, events: [event] });
  }
  return days;
}
