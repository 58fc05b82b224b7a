/** Steps of incidents and what became of them, as events of the activity timeline. */
import type { IncidentEvent, IncidentEventKind } from '../../shared/alerts/incident-event';
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import type { Snooze } from '../../shared/alerts/snooze';
import { countAlerts, toTitle, toAlertText } from '../../shared/alerts/alert-text';
import type { NewEvent, OwnEventType } from '../../shared/timeline/event-schemas';
import type { SuppressReason } from '../engine/alerts/policy';

/** Longest message of an event, characters. */
const MESSAGE_LENGTH = 500;
/** Incidents named in the details of one event, which may be 8 kB. */
const NAMED = 10;

type Details = NonNullable<NewEvent['details']>;

/** An event of the app's own. */
export function toEvent(type: OwnEventType, severity: NewEvent['severity'], message: string, details: Details | null = null): NewEvent {
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

/** A step of an incident; null for a reminder, which is no step. `reason` is why it was not shown, null when it was. */
export function toStepEvent(event: IncidentEvent, reason: SuppressReason | null): NewEvent | null {
  const { kind, incident } = event;
  if (kind === 'reminder') return null;
  const { title, body } = toAlertText(event);
  return toEvent(TYPES[kind], kind === 'resolved' ? 'info' : incident.severity, `${title}: ${body}`, detailsOf(incident, reason));
}

/** Every silence a person may wonder about, in words. The others follow from how the rule is set or how it ended. */
const SILENCES: Readonly<Partial<Record<SuppressReason, string>>> = {
  paused: 'monitoring is paused',
  cooldown: 'it recovered only just before',
  snoozed: 'snoozed',
  acknowledged: 'acknowledged',
  'quiet-hours': 'quiet hours',
  'do-not-disturb': 'do not disturb',
};

/** That something was not shown, and why; null where nobody would expect it to be. */
export function toSuppressedEvent(title: string, incident: Incident, reason: SuppressReason): NewEvent | null {
  const words = SILENCES[reason];
  return words === undefined ? null : toEvent('alert_suppressed', 'info', `Not shown: ${title} (${words})`, { incident: incident.id, reason });
}

/** That many were shown as one. */
export function toGroupedEvent(incidents: readonly Incident[]): NewEvent {
  const named = incidents.slice(0, NAMED).map(({ id }) => id);
  return toEvent('alert_suppressed', 'info', `${countAlerts(incidents.length)} were shown as one`, { reason: 'grouped', incidents: named, count: incidents.length });
}

/** That a person took note of an incident. */
export function toAcknowledgedEvent(incident: Incident, rule: Rule): NewEvent {
  return toEvent('alert_acknowledged', 'info', `Acknowledged: ${toTitle(incident, rule)}`, { incident: incident.id });
}

/** That something is silenced. */
export function toSnoozedEvent({ label, target, until }: Snooze, length: string): NewEvent {
  return toEvent('alert_snoozed', 'info', `Snoozed: ${label}, ${length}`, { target, until });
}

/** That it no longer is; `how` says why. */
export function toUnsnoozedEvent({ label, target }: Snooze, how: string): NewEvent {
  return toEvent('alert_unsnoozed', 'info', `Snooze ended: ${label} (${how})`, { target });
}
