/** Events of the activity timeline: what happened, when, and how bad it was. */
import * as z from 'zod';
import { EVENT_SEVERITIES } from './event-types';

export type { OwnEventType } from './event-types';

/** How much an event matters. */
export const eventSeveritySchema = z.enum(EVENT_SEVERITIES);
/** How much an event matters. */
export type EventSeverity = z.infer<typeof eventSeveritySchema>;

/** Longest message and longest user, characters (code points: an emoji of one is one). */
export const EVENT_LIMITS = { message: 500, user: 255 } as const;
/** Longest details as JSON, characters, and how deep they may nest. */
const DETAILS = { length: 8192, depth: 20 } as const;

/** One line of well-formed text: halves of characters and control characters have no place in a log. */
function toLine(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD').replace(/\p{Cc}+/gu, ' ').trim();
}

function lineSchema(limit: number) {
  return z
    .string()
    .overwrite(toLine)
    .refine((text) => text !== '', { message: 'must not be empty', abort: true })
    // More code units than this are more code points too, and are not worth counting.
    .refine((text) => text.length <= 2 * limit && Array.from(text).length <= limit, `must have at most ${limit} characters`);
}

/** True for what JSON can hold and is neither deep nor long. What is too large is not walked to its end. */
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

/** Any JSON object of a bearable size, as plain data. */
const newDetailsSchema = z
  .custom<Readonly<Record<string, z.core.util.JSONType>>>(isSmallObject, `must be a JSON object of at most ${DETAILS.length / 1024} kB, nested at most ${DETAILS.depth} deep`)
  .transform((details) => JSON.parse(JSON.stringify(details)) as Record<string, z.core.util.JSONType>);

/** What is needed to write an event; also the shape other programs send. */
export const newEventSchema = z.strictObject({
  type: z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, 'lower-case letters, digits and underscores, at most 50'),
  severity: eventSeveritySchema.default('info'),
  message: lineSchema(EVENT_LIMITS.message),
  user: lineSchema(EVENT_LIMITS.user).nullable().default(null),
  /** `series`, where it is given, is the key of the series the event is about: views lead to its chart. */
  details: newDetailsSchema.nullable().default(null),
});
/** What is needed to write an event, defaults filled in. */
export type NewEvent = z.output<typeof newEventSchema>;
/** The same before defaults are filled in. */
export type EventInput = z.input<typeof newEventSchema>;

/** An event as it is kept. */
export const activityEventSchema = z.strictObject({
  /** Grows with each event, also when the clock goes back. */
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
  /** Words that must all be found in the message, upper and lower case alike. */
  text: z.string().max(200).exactOptional(),
  /** Epoch ms; `from` belongs to the range, `to` does not. */
  from: z.number().nonnegative().exactOptional(),
  to: z.number().nonnegative().exactOptional(),
  /** Only events older than the one of this id: the next page. */
  before: z.int().exactOptional(),
  limit: z.int().min(1).max(500).default(100),
});
/** A question for events. */
export type EventsQuery = z.output<typeof eventsQuerySchema>;
/** What of a question chooses events, without the paging. No types, or none named, are all types. */
export type EventsFilter = Pick<EventsQuery, 'types' | 'severities' | 'text' | 'from' | 'to'>;

/** Events, newest first, and how many the filters match in all. */
export const eventsResponseSchema = z.strictObject({
  total: z.int(),
  events: z.array(activityEventSchema).readonly(),
  /** Every type there is, whatever the filters, in order of name. */
  types: z.array(z.string()).readonly(),
});
/** Events, newest first, and how many the filters match in all. */
export type EventsResponse = z.infer<typeof eventsResponseSchema>;
