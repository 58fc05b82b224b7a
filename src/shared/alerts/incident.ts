/** Schema of an incident: a period in which the condition of a rule held for one series. */
import * as z from 'zod';
import { incidentSeveritySchema } from './rule';

/** A process with its share of the value. */
export const culpritSchema = z.strictObject({
  name: z.string().max(200),
  /** Name of the container that it runs in; absent outside of one, and in incidents of earlier versions. */
  container: z.string().max(200).exactOptional(),
  pid: z.int(),
  /** Percent of one core for CPU, bytes for memory, bytes per second for disks. */
  value: z.number(),
  unit: z.enum(['percent', 'bytes', 'bytesPerSecond']),
});
/** A process with its share of the value. */
export type Culprit = z.infer<typeof culpritSchema>;

/** How much a level grew before the incident fired. */
const growthSchema = z.strictObject({
  /** The series that grew, in whose unit `by` is. */
  series: z.string(),
  by: z.number().positive(),
  /** When it began to grow and when it was measured, epoch milliseconds. */
  since: z.number(),
  until: z.number(),
});
/** How much a level grew before the incident fired. */
export type Growth = z.infer<typeof growthSchema>;

/** For how much of the time tasks waited when the incident fired. */
const waitingSchema = z.strictObject({
  /** The series that says it, whose family says what for. */
  series: z.string(),
  /** Percent of the last minute in which at least one task waited. */
  share: z.number().min(0).max(100),
});
/** For how much of the time tasks waited when the incident fired. */
export type Waiting = z.infer<typeof waitingSchema>;

const value = z.number().nullable();
const time = z.number();

/** An incident, open or resolved. Times are epoch milliseconds. */
export const incidentSchema = z.strictObject({
  /** Unique id: rule, series and the time it fired. */
  id: z.string().max(600),
  ruleId: z.string(),
  /** Labels of the rule and the device when it fired. */
  label: z.string(),
  device: z.string().nullable(),
  deviceLabel: z.string().nullable(),
  series: z.string(),
  /** Current (or last) severity, and the worst. */
  severity: incidentSeveritySchema,
  worst: incidentSeveritySchema,
  /** When the condition began, and when it had held long enough. */
  since: time,
  firedAt: time,
  /** When the recovery began; without a recovery, when the incident ended. Null while open. */
  clearedAt: time.nullable(),
  /** Why it ended: the value recovered, the rule was changed or removed, the device was removed or its value is no longer read. */
  endedBy: z.enum(['recovered', 'ruleChanged', 'deviceGone']).nullable(),
  /**
   * Threshold, value when it fired, latest value and peak; in the metric's unit, or in hours for a rule on the time until
   * full. The latest value is null if it is missing or the forecast is infinite.
   */
  threshold: z.number(),
  valueAtFire: z.number(),
  value: value,
  peak: z.number(),
  peakAt: time,
  acknowledgedAt: time.nullable(),
  culprits: z.array(culpritSchema).max(10).readonly(),
  /** Of a level that filled up over time, in place of culprits; absent where its history is too short or it hardly grew. */
  growth: growthSchema.exactOptional(),
  /** Beside culprits; absent where tasks hardly waited, and where that is not known. */
  waiting: waitingSchema.exactOptional(),
  /** What was known of the state that the incident is about, in place of culprits: "1 of 3 members missing". */
  state: z.string().max(300).exactOptional(),
});
/** An incident, open or resolved. */
export type Incident = z.infer<typeof incidentSchema>;

/** What caused an incident: the processes behind it and how long tasks waited, how much its level grew, or what its device said. */
export type IncidentCause = Pick<Incident, 'culprits' | 'growth' | 'waiting' | 'state'>;

/** Query for incidents that were open at some time in [from, to), the latest first. */
export const incidentsQuerySchema = z
  .strictObject({
    from: z.number().nonnegative(),
    to: z.number().nonnegative(),
    /** Only open ones. */
    openOnly: z.boolean().default(false),
    ruleId: z.string().max(60).exactOptional(),
    limit: z.int().min(1).max(1000).default(100),
  })
  .refine((query) => query.to > query.from, { message: '"to" must be after "from"', path: ['to'] });
/** Query for incidents. */
export type IncidentsQuery = z.output<typeof incidentsQuerySchema>;

/** Incidents, the latest to fire first. */
export const incidentsResponseSchema = z.array(incidentSchema).readonly();
