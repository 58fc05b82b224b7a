/** Events of the activity timeline: what happened, when, and how bad it was. */
import * as z from 'zod';

/** How much an event matters. */
export const eventSeveritySchema = z.enum(['info', 'warning', 'critical']);
/** How much an event matters. */
export type EventSeverity = z.infer<typeof eventSeveritySchema>;

/** Types the app itself writes. Other programs bring their own words. */
export const OWN_EVENT_TYPES = [
  'monitoring_started', 'monitoring_stopped', 'monitoring_paused', 'monitoring_resumed',
  'host_slept', 'host_woke', 'clock_stepped',
  'collector_failing', 'collector_recovered',
  'database_set_aside', 'settings_changed', 'update_found',
  'alert_fired', 'alert_worsened', 'alert_eased', 'alert_cleared', 'alert_acknowledged', 'alert_snoozed', 'alert_unsnoozed', 'alert_suppressed', 'alert_digest',
  'webhook_failed',
  'lan_pairing_started', 'lan_pairing_requested', 'lan_pairing_approved', 'lan_pairing_denied', 'lan_pairing_failed',
  'lan_login', 'lan_login_failed', 'lan_logout', 'lan_token_reused', 'lan_device_revoked', 'lan_role_changed',
  'lan_account_set', 'lan_account_removed', 'lan_token_created', 'lan_token_removed',
  'control_requested', 'control_confirmed', 'control_cancelled', 'control_started', 'control_failed',
] as const;

/** A type the app itself writes. */
export type OwnEventType = (typeof OWN_EVENT_TYPES)[number];

/** What is needed to write an event; also the shape other programs send. */
export const newEventSchema = z.strictObject({
  type: z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, 'lower-case letters, digits and underscores, at most 50'),
  severity: eventSeveritySchema.default('info'),
  message: z.string().trim().min(1).max(500),
  user: z.string().trim().min(1).max(255).nullable().default(null),
  /** Any JSON object, at most 8 kB as text. */
  details: z.record(z.string(), z.json()).nullable().default(null).refine((details) => JSON.stringify(details).length <= 8192, 'must be at most 8 kB as JSON'),
});
/** What is needed to write an event, defaults filled in. */
export type NewEvent = z.output<typeof newEventSchema>;

/** An event as it is kept. */
export const activityEventSchema = z.strictObject({
  id: z.int(),
  /** Epoch milliseconds UTC. */
  time: z.number(),
  type: z.string(),
  severity: eventSeveritySchema,
  message: z.string(),
  user: z.string().nullable(),
  details: z.record(z.string(), z.json()).nullable(),
});
/** An event as it is kept. */
export type ActivityEvent = z.infer<typeof activityEventSchema>;

/** A question for events; newest first. */
export const eventsQuerySchema = z.strictObject({
  types: z.array(z.string().max(50)).max(50).exactOptional(),
  severities: z.array(eventSeveritySchema).max(3).exactOptional(),
  /** Words to be found in the message, upper and lower case alike. */
  text: z.string().max(200).exactOptional(),
  from: z.number().nonnegative().exactOptional(),
  to: z.number().nonnegative().exactOptional(),
  /** Only events older than the one of this id: the next page. */
  before: z.int().exactOptional(),
  limit: z.int().min(1).max(500).default(100),
});
/** A question for events. */
export type EventsQuery = z.output<typeof eventsQuerySchema>;

/** Events, newest first, and how many the filters match in all. */
export const eventsAnswerSchema = z.strictObject({ total: z.int(), events: z.array(activityEventSchema).readonly() });
/** Events, newest first, and how many the filters match in all. */
export type EventsAnswer = z.infer<typeof eventsAnswerSchema>;
