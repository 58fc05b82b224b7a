/** Timeline events about alerts: events of incidents, suppressed notifications, acknowledgements and snoozes. */
import type { IncidentEvent, IncidentEventKind } from '../../shared/alerts/incident-event';
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import type { Snooze } from '../../shared/alerts/snooze';
import { countAlerts, toTitle, toAlertText } from '../../shared/alerts/alert-text';
import type { NewEvent, OwnEventType } from '../../shared/timeline/event-schemas';
import type { SuppressReason } from '../engine/alerts/policy';

/** Longest message of an event, UTF-16 units. */
const MESSAGE_LENGTH = 500;
/** Number of incidents listed in the details of one event, which may have 8 kB. */
const LISTED = 10;

type Details = NonNullable<NewEvent['details']>;

/** An event of the app itself; a message that is too long is cut. */
export function toTimelineEvent(type: OwnEventType, severity: NewEvent['severity'], message: string, details: Details | null = null): NewEvent {
  return { type, severity, message: message.slice(0, MESSAGE_LENGTH), user: null, details };
}

const TYPES: Readonly<Record<Exclude<IncidentEventKind, 'reminder'>, OwnEventType>> = {
  fired: 'alert_fired',
  escalated: 'alert_escalated',
  deescalated: 'alert_deescalated',
  resolved: 'alert_resolved',
};

function detailsOf({ id, ruleId, series, value, threshold, peak }: Incident, reason: SuppressReason | null): Details {
  return { incident: id, rule: ruleId, series, value, threshold, peak, ...(reason === null ? {} : { notShown: reason }) };
}

/** An event of an incident; null for a reminder, which is not recorded. `reason` is why no notification was shown, null when one was. */
export function toIncidentEvent(event: IncidentEvent, reason: SuppressReason | null): NewEvent | null {
  const { kind, incident } = event;
  if (kind === 'reminder') return null;
  const { title, body } = toAlertText(event);
  return toTimelineEvent(TYPES[kind], kind === 'resolved' ? 'info' : incident.severity, `${title}: ${body}`, detailsOf(incident, reason));
}

/** Reasons that the timeline records, as text. The others follow from the rule's settings or from how the incident ended. */
const REASON_TEXT: Readonly<Partial<Record<SuppressReason, string>>> = {
  paused: 'monitoring is paused',
  cooldown: 'cooldown',
  snoozed: 'snoozed',
  acknowledged: 'acknowledged',
  'quiet-hours': 'quiet hours',
  'do-not-disturb': 'do not disturb',
  refused: 'the desktop did not show it',
};

/** A suppressed notification and the reason; null for reasons that are not recorded. */
export function toSuppressedEvent(title: string, incident: Incident, reason: SuppressReason): NewEvent | null {
  const text = REASON_TEXT[reason];
  return text === undefined ? null : toTimelineEvent('alert_suppressed', 'info', `Notification suppressed: ${title} (${text})`, { incident: incident.id, reason });
}

/** Several notifications that were grouped into one. */
export function toGroupedEvent(incidents: readonly Incident[]): NewEvent {
  const listed = incidents.slice(0, LISTED).map(({ id }) => id);
  return toTimelineEvent('alert_suppressed', 'info', `${countAlerts(incidents.length)} grouped into one notification`, { reason: 'grouped', incidents: listed, count: incidents.length });
}

/** An incident that was acknowledged. */
export function toAcknowledgedEvent(incident: Incident, rule: Rule): NewEvent {
  return toTimelineEvent('alert_acknowledged', 'info', `Acknowledged: ${toTitle(incident, rule)}`, { incident: incident.id });
}

/** A new snooze; `length` as text. */
export function toSnoozedEvent({ label, target, until }: Snooze, length: string): NewEvent {
  return toTimelineEvent('alert_snoozed', 'info', `Snoozed: ${label}, ${length}`, { target, until });
}

/** The end of a snooze; `reason` as text. */
export function toUnsnoozedEvent({ label, target }: Snooze, reason: string): NewEvent {
  return toTimelineEvent('alert_unsnoozed', 'info', `Snooze ended: ${label} (${reason})`, { target });
}
