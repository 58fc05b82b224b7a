/** What a rule would have done on what is stored: the question and the answer. */
import * as z from 'zod';
import { incidentSeveritySchema, ruleSchema } from './rule';

const time = z.number();

/** Longest range a rule is replayed over, ms: what the settings keep at most. */
const MAX_RANGE = 3650 * 86_400_000;

/** A rule, saved or not, and the range it is to be tried on. Times are epoch milliseconds, `to` exclusive. */
export const backtestQuerySchema = z
  .strictObject({ rule: ruleSchema, from: time.nonnegative(), to: time.nonnegative() })
  .refine(({ from, to }) => to > from, { message: '"to" must be after "from"', path: ['to'] })
  .refine(({ from, to }) => to - from <= MAX_RANGE, { message: 'the range must not be longer than ten years', path: ['to'] });

/** A question for a replay. */
export type BacktestQuery = z.output<typeof backtestQuerySchema>;

/** An incident that would have been. */
const backtestIncidentSchema = z.strictObject({
  /** When the condition began to hold, when it had held long enough, and when the value was back; null: it still lasts. */
  since: time,
  firedAt: time,
  clearedAt: time.nullable(),
  /** The worst it was. */
  severity: incidentSeveritySchema,
  /** The furthest the value went, the extremes inside of means counted. */
  peak: z.number(),
  peakAt: time,
  /** It came within the cooldown of the one before, and would not have been announced. */
  silent: z.boolean(),
});
/** An incident that would have been. */
export type BacktestIncident = z.infer<typeof backtestIncidentSchema>;

const backtestSeriesSchema = z.strictObject({
  series: z.string(),
  device: z.string().nullable(),
  deviceLabel: z.string().nullable(),
  /** How many fired within the range, those not listed too. */
  fired: z.int(),
  silent: z.int(),
  /** The latest, oldest first; one that had fired before the range began and reached into it is among them. */
  incidents: z.array(backtestIncidentSchema).readonly(),
});
/** What a rule would have done on one series. */
export type BacktestSeries = z.infer<typeof backtestSeriesSchema>;

/** What a rule would have done. */
export const backtestResultSchema = z.strictObject({
  /** Incidents that fired within the range, of all series together, and how many of them within a cooldown. */
  fired: z.int(),
  silent: z.int(),
  series: z.array(backtestSeriesSchema).readonly(),
  /** Devices that were not tried, for there are too many. */
  leftOut: z.int(),
  /**
   * How fine the judgement is, oldest part first. `step` is the milliseconds between the values looked at: the samples
   * themselves where `means` is false, else the means of buckets that long, in which a shorter crossing goes unseen.
   */
  resolution: z.array(z.strictObject({ from: time, to: time, step: z.number(), means: z.boolean() })).readonly(),
});
/** What a rule would have done. */
export type BacktestResult = z.infer<typeof backtestResultSchema>;
