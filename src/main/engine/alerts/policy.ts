/** Notification policy: whether a step of an incident is notified, and the reason if not. Pure. */
import type { IncidentEvent } from '../../../shared/alerts/incident-event';
import type { Incident } from '../../../shared/alerts/incident';
import { isQuiet } from '../../../shared/alerts/quiet-hours';
import type { AlertsSettings } from '../../../shared/alerts/alert-settings';
import { snoozeOf } from '../../../shared/alerts/snooze';
import type { Snooze } from '../../../shared/alerts/snooze';
import { toAlertText } from '../../../shared/alerts/alert-text';
import type { OffsetAt } from '../../../shared/series/calendar';

/** Why a notification is suppressed. */
export type SuppressReason =
  | 'paused'
  | 'cooldown'
  | 'snoozed'
  | 'acknowledged'
  | 'quiet-hours'
  | 'do-not-disturb'
  /** The desktop refused it. */
  | 'refused'
  /** Shown in a summary with others. */
  | 'grouped'
  /** The rule does not notify this severity. */
  | 'channel-off'
  /** The end of an incident that was not notified. */
  | 'not-announced'
  | 'rule-changed'
  | 'device-gone';

/** A desktop notification. */
export interface AlertNotification {
  /** A notification replaces the one with the same key: an incident id, or the name of a summary. */
  readonly key: string;
  readonly kind: 'alert' | 'recovery' | 'summary';
  readonly severity: 'info' | Incident['severity'];
  readonly title: string;
  readonly body: string;
  /** Null for summaries. */
  readonly incident: Incident | null;
}

/** A notification of one incident. */
export type IncidentNotification = AlertNotification & { readonly incident: Incident };

/** Quiet hours and Do Not Disturb. */
export interface QuietContext {
  readonly settings: Pick<AlertsSettings, 'quietHours' | 'criticalBypassesQuietHours'>;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly offsetAt: OffsetAt;
  /** Do Not Disturb of the desktop; false if it cannot be read. */
  readonly doNotDisturb: boolean;
}

/** What a decision depends on besides the event. */
export interface NotificationContext extends QuietContext {
  readonly paused: boolean;
  readonly snoozes: readonly Snooze[];
  /** The incident was acknowledged. */
  readonly acknowledged: boolean;
  /** The start of the incident was notified. */
  readonly wasDelivered: boolean;
}

/** Result of the policy. */
export interface Decision {
  readonly notification: IncidentNotification;
  /** Why it is suppressed; null: it is shown. */
  readonly reason: SuppressReason | null;
}

/** Why a severity is suppressed at this time; null if it is not. */
export function suppressedBy(severity: Incident['severity'], { settings, now, offsetAt, doNotDisturb }: QuietContext): SuppressReason | null {
  if (severity === 'critical' && settings.criticalBypassesQuietHours) return null;
  if (isQuiet(settings.quietHours, now, offsetAt)) return 'quiet-hours';
  return doNotDisturb ? 'do-not-disturb' : null;
}

/** Why an incident is silenced on all channels; null if it is not. */
function silencedBy({ kind, incident, suppressed }: IncidentEvent, { paused, snoozes, acknowledged }: NotificationContext): SuppressReason | null {
  if (paused) return 'paused';
  if (suppressed !== undefined) return suppressed;
  if (snoozeOf(snoozes, incident) !== null) return 'snoozed';
  // Only the lower severity was acknowledged.
  return acknowledged && kind !== 'escalated' ? 'acknowledged' : null;
}

/** Why the end of an incident is suppressed; null if it is not. */
function resolutionSuppressedBy({ kind, incident, cause }: IncidentEvent, wasDelivered: boolean): SuppressReason | null {
  if (kind !== 'resolved') return null;
  if (!wasDelivered) return 'not-announced';
  if (incident.endedBy === 'ruleChanged') return 'rule-changed';
  // A user who removes a device knows; nobody knows that a sensor fails.
  return incident.endedBy === 'deviceGone' && cause !== 'unreadable' ? 'device-gone' : null;
}

/** The severity that decides about a notification: at the end of an incident its worst. */
function notifiedSeverity({ kind, incident }: IncidentEvent): Incident['severity'] {
  return kind === 'resolved' ? incident.worst : incident.severity;
}

function toNotification(event: IncidentEvent): IncidentNotification {
  const { kind, incident } = event;
  const ended = kind === 'resolved';
  return { key: incident.id, kind: ended ? 'recovery' : 'alert', severity: ended ? 'info' : incident.severity, ...toAlertText(event), incident };
}

/** Decides about the desktop notification of an event. */
export function decide(event: IncidentEvent, context: NotificationContext): Decision {
  const { kind, rule, incident } = event;
  const isOff = kind !== 'resolved' && !rule.channels[incident.severity].notify;
  const reason = resolutionSuppressedBy(event, context.wasDelivered) ?? (isOff ? 'channel-off' : null) ?? silencedBy(event, context) ?? suppressedBy(notifiedSeverity(event), context);
  return { notification: toNotification(event), reason };
}

/**
 * Why an event is not sent to webhooks; null if it is. Quiet hours and Do Not Disturb apply to the desktop, not to a
 * channel that others read.
 */
export function webhookSuppressedBy(event: IncidentEvent, context: NotificationContext, wasSent: boolean): SuppressReason | null {
  const { kind, rule, incident } = event;
  const isOff = kind !== 'resolved' && !rule.channels[incident.severity].webhook;
  return resolutionSuppressedBy(event, wasSent) ?? (isOff ? 'channel-off' : null) ?? silencedBy(event, context);
}
