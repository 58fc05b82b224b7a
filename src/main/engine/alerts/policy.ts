/** Whether a step of an incident is announced, and if not, why not. Pure: everything it depends on is given. */
import type { IncidentEvent } from '../../../shared/alerts/incident-event';
import type { Incident } from '../../../shared/alerts/incident';
import { isQuiet } from '../../../shared/alerts/quiet-hours';
import type { AlertsSettings } from '../../../shared/alerts/alert-settings';
import { snoozeOf } from '../../../shared/alerts/snooze';
import type { Snooze } from '../../../shared/alerts/snooze';
import { toAlertText } from '../../../shared/alerts/alert-text';
import type { OffsetAt } from '../../../shared/series/calendar';

/** Why nothing is shown. */
export type SuppressReason =
  | 'paused'
  | 'cooldown'
  | 'snoozed'
  | 'acknowledged'
  | 'quiet-hours'
  | 'do-not-disturb'
  /** The desktop did not take it. */
  | 'refused'
  /** Shown with others in one summary. */
  | 'grouped'
  /** The rule does not notify of this severity. */
  | 'channel-off'
  /** The end of an incident nobody was told of. */
  | 'not-announced'
  | 'rule-changed'
  | 'device-gone';

/** Something to show to the person at the desktop. */
export interface AlertNotification {
  /** What is shown under one key replaces what was; an incident's id, or the name of a summary. */
  readonly key: string;
  readonly kind: 'alert' | 'recovery' | 'summary';
  readonly severity: 'info' | Incident['severity'];
  readonly title: string;
  readonly body: string;
  /** What it is about; null for summaries. */
  readonly incident: Incident | null;
}

/** An announcement of one incident's step. */
export type IncidentNotification = AlertNotification & { readonly incident: Incident };

/** What the time of day and the desktop say. */
export interface QuietContext {
  readonly settings: Pick<AlertsSettings, 'quietHours' | 'criticalBypassesQuietHours'>;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly offsetAt: OffsetAt;
  /** The desktop's own switch; false where it cannot be asked. */
  readonly doNotDisturb: boolean;
}

/** What a decision depends on beside the event itself. */
export interface NotificationContext extends QuietContext {
  readonly paused: boolean;
  readonly snoozes: readonly Snooze[];
  /** A person has taken note of this incident. */
  readonly acknowledged: boolean;
  /** It was shown that the incident began. */
  readonly wasDelivered: boolean;
}

/** What is to be done. */
export interface Decision {
  /** What there is to say. */
  readonly notification: IncidentNotification;
  /** Why it is not said; null when it is. */
  readonly reason: SuppressReason | null;
}

/** Why this hour keeps something of such a severity from being shown; null when it does not. */
export function suppressedBy(severity: Incident['severity'], { settings, now, offsetAt, doNotDisturb }: QuietContext): SuppressReason | null {
  if (severity === 'critical' && settings.criticalBypassesQuietHours) return null;
  if (isQuiet(settings.quietHours, now, offsetAt)) return 'quiet-hours';
  return doNotDisturb ? 'do-not-disturb' : null;
}

/** Why an incident is silent wherever it would be told; null when it is not. */
function silencedBy({ kind, incident, suppressed }: IncidentEvent, { paused, snoozes, acknowledged }: NotificationContext): SuppressReason | null {
  if (paused) return 'paused';
  if (suppressed !== undefined) return suppressed;
  if (snoozeOf(snoozes, incident) !== null) return 'snoozed';
  // What was taken note of was less than this.
  return acknowledged && kind !== 'escalated' ? 'acknowledged' : null;
}

/** Why the end of an incident is not told; null when it is. */
function resolutionSuppressedBy({ kind, incident }: IncidentEvent, wasDelivered: boolean): SuppressReason | null {
  if (kind !== 'resolved') return null;
  if (!wasDelivered) return 'not-announced';
  if (incident.endedBy === 'ruleChanged') return 'rule-changed';
  return incident.endedBy === 'deviceGone' ? 'device-gone' : null;
}

/** The severity an event is told with: the end of an incident with its worst. */
function isDelivered({ kind, incident }: IncidentEvent): Incident['severity'] {
  return kind === 'resolved' ? incident.worst : incident.severity;
}

function toNotification(event: IncidentEvent): IncidentNotification {
  const { kind, incident } = event;
  const ended = kind === 'resolved';
  return { key: incident.id, kind: ended ? 'recovery' : 'alert', severity: ended ? 'info' : incident.severity, ...toAlertText(event), incident };
}

/** Decides what the person at the desktop is shown of an event. */
export function decide(event: IncidentEvent, given: NotificationContext): Decision {
  const { kind, rule, incident } = event;
  const isOff = kind !== 'resolved' && !rule.channels[incident.severity].notify;
  const reason = resolutionSuppressedBy(event, given.wasDelivered) ?? (isOff ? 'channel-off' : null) ?? silencedBy(event, given) ?? suppressedBy(isDelivered(event), given);
  return { notification: toNotification(event), reason };
}

/**
 * Why an event is not sent to webhooks; null when it is. Quiet hours and do-not-disturb are for the person at this
 * desktop, not for a channel that others read.
 */
export function webhookSuppressedBy(event: IncidentEvent, given: NotificationContext, wasSent: boolean): SuppressReason | null {
  const { kind, rule, incident } = event;
  const isOff = kind !== 'resolved' && !rule.channels[incident.severity].webhook;
  return resolutionSuppressedBy(event, wasSent) ?? (isOff ? 'channel-off' : null) ?? silencedBy(event, given);
}
