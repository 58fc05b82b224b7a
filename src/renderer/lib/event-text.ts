/** Events in words: their types, their days, how long ago they were, and where they lead. */
import { isOwnEventType } from '../../shared/timeline/event-types';
import type { OwnEventType } from '../../shared/timeline/event-types';
import type { ActivityEvent } from '../../shared/timeline/event-schemas';
import { parseSeriesKey } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import { formatRoute } from './route';

/** Short words for the app's own types. */
const TYPE_LABELS: Readonly<Record<OwnEventType, string>> = {
  monitoring_started: 'Started',
  monitoring_stopped: 'Stopped',
  monitoring_paused: 'Paused',
  monitoring_resumed: 'Resumed',
  host_slept: 'Sleep',
  host_woke: 'Wake',
  clock_stepped: 'Clock set',
  collector_failing: 'Not readable',
  collector_recovered: 'Readable again',
  history_quarantined: 'History file',
  history_restored: 'History restored',
  settings_changed: 'Settings',
  update_found: 'Update',
  alert_fired: 'Alert',
  alert_escalated: 'Alert worsened',
  alert_deescalated: 'Alert eased',
  alert_resolved: 'Alert cleared',
  alert_acknowledged: 'Acknowledged',
  alert_snoozed: 'Snoozed',
  alert_unsnoozed: 'Snooze ended',
  alert_suppressed: 'Not announced',
  alert_digest: 'Digest',
  webhook_failed: 'Webhook failed',
  lan_pairing_started: 'Pairing',
  lan_pairing_requested: 'Asks to watch',
  lan_pairing_approved: 'Let in',
  lan_pairing_denied: 'Not let in',
  lan_pairing_failed: 'Wrong codes',
  lan_login: 'Signed in',
  lan_login_failed: 'Sign in failed',
  lan_logout: 'Signed out',
  lan_refresh_token_reused: 'Sign-in token reused',
  lan_device_revoked: 'Put out',
  lan_role_changed: 'Role changed',
  lan_account_set: 'Account',
  lan_account_removed: 'Account removed',
  lan_password_changed: 'Password',
  lan_token_created: 'Token made',
  lan_token_removed: 'Token removed',
  power_requested: 'Control asked',
  power_confirmed: 'Control confirmed',
  power_cancelled: 'Control cancelled',
  power_started: 'Control',
  power_failed: 'Control failed',
};

/** A type in words; another program's own are taken as they are. */
export function formatEventType(type: string): string {
  if (isOwnEventType(type)) return TYPE_LABELS[type];
  const words = type.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The series an event is about, where it names one this app knows. */
export function seriesOf({ details }: Pick<ActivityEvent, 'details'>): { readonly family: FamilyId; readonly key: string } | null {
  const key = details?.['series'];
  const parsed = typeof key === 'string' ? parseSeriesKey(key) : null;
  return parsed === null || typeof key !== 'string' ? null : { family: parsed.family, key };
}

/** Shown around an event's moment, ms: what led to it, and what followed. */
const AROUND = { before: 10 * 60_000, after: 5 * 60_000 } as const;

/** Address of the chart of a family around a moment, at `now`. */
function timeLink(family: FamilyId, at: number, now: number): string {
  const to = Math.max(at, Math.min(at + AROUND.after, now));
  return formatRoute({ page: 'family', family, range: { kind: 'fixed', from: Math.max(0, at - AROUND.before), to, span: '1h' }, at });
}

/** Where an event leads: the chart of its series at its time; null where it is about none. */
export function eventLink(event: ActivityEvent, now: number): string | null {
  const series = seriesOf(event);
  return series === null ? null : timeLink(series.family, event.time, now);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** "just now", "5 min ago", "3 h ago", "12 d ago". A time to come, of a clock that was set back, is told as such. */
export function formatAgo(time: number, now: number): string {
  const ms = now - time;
  if (ms < -MINUTE) return 'ahead of the clock';
  if (ms < MINUTE) return 'just now';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  if (ms < 24 * HOUR) return `${Math.floor(ms / HOUR)} h ago`;
  return `${Math.floor(ms / (24 * HOUR))} d ago`;
}

/** Midnight of the local day of a time. */
function dayOf(time: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** "Today", "Yesterday", "Friday, 2026-11-20"; days are local. */
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
  /** Stays while events come and older ones are loaded. A clock that was set back brings a day a second time. */
  readonly key: string;
  readonly time: number;
  readonly events: readonly ActivityEvent[];
}

/** Events, newest first, in groups of a day. */
export function groupByDay(events: readonly ActivityEvent[]): readonly EventDay[] {
  const days: { readonly day: number; readonly key: string; readonly time: number; readonly events: ActivityEvent[] }[] = [];
  for (const event of events) {
    const day = dayOf(event.time);
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, key: `${day} ${days.filter((one) => one.day === day).length}`, time: event.time, events: [event] });
  }
  return days;
}
