/** Schemas of timeline events and of queries for them. */
import * as z from 'zod';
import { toPlainLine, withoutInvisible } from '../plain-text';
import { EVENT_SEVERITIES } from './event-types';

export type { OwnEventType } from './event-types';

/** Severity of an event. */
export const eventSeveritySchema = z.enum(EVENT_SEVERITIES);
/** Severity of an event. */
export type EventSeverity = z.infer<typeof eventSeveritySchema>;

/** Maximum length of message and user, in code points. */
export const EVENT_LIMITS = { message: 500, user: 255 } as const;
/** Maximum length of the details as JSON, characters, and their maximum nesting. */
const DETAILS = { length: 8192, depth: 20 } as const;

function lineSchema(limit: number) {
  return z
    .string()
    .overwrite(toPlainLine)
    .refine((text) => text !== '', { message: 'must not be empty', abort: true })
    // With this many code units the code points need not be counted.
    .refine((text) => text.length <= 2 * limit && Array.from(text).length <= limit, `must have at most ${limit} characters`);
}

/** True for a JSON object within DETAILS. Does not traverse objects that are too large. */
function isSmallObject(value: unknown): value is Readonly<Record<string, z.core.util.JSONType>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  let left: number = DETAILS.length;
  const isJson = (one: unknown, depth: number): boolean => {
    left -= 1;
    if (one === null || typeof one === 'string' || typeof one === 'boolean') return true;
    if (typeof one === 'number') return Number.isFinite(one);
    if (typeof one !== 'object' || depth === 0 || left < 0) return false;
    return Object.values(one).every((part) => isJson(part, depth - 1));
  };
  return isJson(value, DETAILS.depth) && JSON.stringify(value).length <= DETAILS.length;
}

/** Plain data in which all texts, names of fields included, are visible text. */
function toVisibleData(value: z.core.util.JSONType): z.core.util.JSONType {
  if (typeof value === 'string') return withoutInvisible(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toVisibleData);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [withoutInvisible(key), toVisibleData(one)]));
}

/** A JSON object of limited size, copied to plain data. */
const newDetailsSchema = z
  .custom<Readonly<Record<string, z.core.util.JSONType>>>(isSmallObject, `must be a JSON object of at most ${DETAILS.length / 1024} kB, nested at most ${DETAILS.depth} deep`)
  .transform((details) => toVisibleData(JSON.parse(JSON.stringify(details)) as z.core.util.JSONType) as Record<string, z.core.util.JSONType>);

/** A new event, also as sent by other programs. */
export const newEventSchema = z.strictObject({
  type: z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, 'lower-case letters, digits and underscores, at most 50'),
  severity: eventSeveritySchema.default('info'),
  message: lineSchema(EVENT_LIMITS.message),
  user: lineSchema(EVENT_LIMITS.user).nullable().default(null),
  /** `series` is the key of the series the event is about, for a link to its chart. */
  details: newDetailsSchema.nullable().default(null),
});
/** A new event with defaults. */
export type NewEvent = z.output<typeof newEventSchema>;
/** A new event without defaults. */
export type EventInput = z.input<typeof newEventSchema>;

/** A stored event. */
export const activityEventSchema = z.strictObject({
  /** Increases with each event, also if the clock goes back. */
  id: z.int(),
  /** Epoch milliseconds UTC. */
  time: z.number(),
  type: z.string(),
  severity: eventSeveritySchema,
  message: z.string(),
  user: z.string().nullable(),
  details: z.record(z.string(), z.json()).nullable(),
});
/** A stored event. */
export type ActivityEvent = z.infer<typeof activityEventSchema>;

/** Query for events; newest first. */
export const eventsQuerySchema = z.strictObject({
  types: z.array(z.string().max(50)).max(50).exactOptional(),
  severities: z.array(eventSeveritySchema).max(3).exactOptional(),
  /** Words that the message must all contain, ignoring case. */
  text: z.string().max(200).exactOptional(),
  /** Epoch ms, [from, to). */
  from: z.number().nonnegative().exactOptional(),
  to: z.number().nonnegative().exactOptional(),
  /** Only events older than the one with this id: the next page. */
  before: z.int().exactOptional(),
  limit: z.int().min(1).max(500).default(100),
});
/** Query for events. */
export type EventsQuery = z.output<typeof eventsQuerySchema>;
/** The filter of a query, without paging. Empty or missing types mean all types. */
export type EventsFilter = Pick<EventsQuery, 'types' | 'severities' | 'text' | 'from' | 'to'>;

/** Events, newest first, and the total number that match the filter. */
export const eventsResponseSchema = z.strictObject({
  total: z.int(),
  events: z.array(activityEventSchema).readonly(),
  /** All types in the timeline regardless of the filter, sorted. */
  types: z.array(z.string()).readonly(),
});
/** Events, newest first, and the total number that match the filter. */
export type EventsResponse = z.infer<typeof eventsResponseSchema>;
