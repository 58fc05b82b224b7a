/** An incident: one stretch of time in which a rule's condition held for one series. */
import * as z from 'zod';
import { incidentSeveritySchema } from './rule';

/** A process and its part in what happened, largest first. */
export const culpritSchema = z.strictObject({
  name: z.string().max(200),
  pid: z.int(),
  /** Percent of one core for processor time, bytes for memory, bytes per second for disks. */
  value: z.number(),
  unit: z.enum(['percent', 'bytes', 'bytesPerSecond']),
});
/** A process and its part in what happened. */
export type Culprit = z.infer<typeof culpritSchema>;

const value = z.number().nullable();
const time = z.number();

/** An incident, open or past. Times are epoch milliseconds. */
export const incidentSchema = z.strictObject({
  /** Unique for ever: rule, series and the time it fired. */
  id: z.string().max(600),
  ruleId: z.string(),
  /** The rule's name and the device's, for a person; both as they were when it fired. */
  label: z.string(),
  device: z.string().nullable(),
  deviceLabel: z.string().nullable(),
  series: z.string(),
  /** As it stands now (or stood at the end), and the worst it was. */
  severity: incidentSeveritySchema,
  worst: incidentSeveritySchema,
  /** When the condition began to hold, and when it had held long enough. */
  since: time,
  firedAt: time,
  /** When the value came back for good; where it never did, when the incident was ended. */
  clearedAt: time.nullable(),
  /** Why it ended: the value came back, the rule was changed or removed, the device went away. */
  endedBy: z.enum(['recovered', 'ruleChanged', 'deviceGone']).nullable(),
  /**
   * The level it crossed, its value when it fired, the latest one, and the furthest it went; in the metric's unit, or in
   * hours for a rule about the time until something is full. The latest is null where there is none, or no end in sight.
   */
  threshold: z.number(),
  valueAtFire: z.number(),
  value: value,
  peak: z.number(),
  peakAt: time,
  acknowledgedAt: time.nullable(),
  culprits: z.array(culpritSchema).max(10).readonly(),
});
/** An incident, open or past. */
export type Incident = z.infer<typeof incidentSchema>;

/** A question for incidents: those that lasted at some time of [from, to), the latest first. */
export const incidentsQuerySchema = z
  .strictObject({
    from: z.number().nonnegative(),
    to: z.number().nonnegative(),
    /** Only those that are not over. */
    openOnly: z.boolean().default(false),
    ruleId: z.string().max(60).exactOptional(),
    limit: z.int().min(1).max(1000).default(100),
  })
  .refine((query) => query.to > query.from, { message: '"to" must be after "from"', path: ['to'] });
/** A question for incidents. */
export type IncidentsQuery = z.output<typeof incidentsQuerySchema>;

/** Incidents, the latest to fire first. */
export const incidentsResponseSchema = z.array(incidentSchema).readonly();
