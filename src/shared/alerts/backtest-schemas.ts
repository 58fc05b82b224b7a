/** Query and result of a rule backtest: what a rule would have done on stored data. */
import * as z from 'zod';
import { incidentSeveritySchema, ruleSchema } from './rule';

const time = z.number();

/** Longest range of a backtest, ms: the maximum retention. */
const MAX_RANGE = 3650 * 86_400_000;

/** A rule, saved or not, and a range. Times are epoch milliseconds, `to` exclusive. */
export const backtestQuerySchema = z
  .strictObject({ rule: ruleSchema, from: time.nonnegative(), to: time.nonnegative() })
  .refine(({ from, to }) => to > from, { message: '"to" must be after "from"', path: ['to'] })
  .refine(({ from, to }) => to - from <= MAX_RANGE, { message: 'the range must not be longer than ten years', path: ['to'] });

/** Query of a backtest. */
export type BacktestQuery = z.output<typeof backtestQuerySchema>;

/** A hypothetical incident. */
const backtestIncidentSchema = z.strictObject({
  /** When the condition began, when it had held long enough, and when it was resolved; null: still open. */
  since: time,
  firedAt: time,
  clearedAt: time.nullable(),
  /** Worst severity. */
  severity: incidentSeveritySchema,
  /** Peak value, including extremes within means. */
  peak: z.number(),
  peakAt: time,
  /** It fired within the cooldown of the previous one and would not have been notified. */
  silent: z.boolean(),
});
/** A hypothetical incident. */
export type BacktestIncident = z.infer<typeof backtestIncidentSchema>;

const backtestSeriesSchema = z.strictObject({
  series: z.string(),
  device: z.string().nullable(),
  deviceLabel: z.string().nullable(),
  /** Number of incidents that fired within the range, including those not listed, and of those within a cooldown. */
  fired: z.int(),
  silent: z.int(),
  /** The latest incidents, oldest first, including one that fired before the range and reaches into it. */
  incidents: z.array(backtestIncidentSchema).readonly(),
});
/** Result for one series. */
export type BacktestSeries = z.infer<typeof backtestSeriesSchema>;

/** Result of a backtest. */
export const backtestResultSchema = z.strictObject({
  /** Number of incidents that fired within the range, over all series, and of those within a cooldown. */
  fired: z.int(),
  silent: z.int(),
  series: z.array(backtestSeriesSchema).readonly(),
  /** Number of devices left out because there are too many. */
  leftOut: z.int(),
  /**
   * Resolution of the data, oldest part first. `step` is the milliseconds between values: samples if `means` is false, else
   * means of buckets of that width, which miss shorter crossings.
   */
  resolution: z.array(z.strictObject({ from: time, to: time, step: z.number(), means: z.boolean() })).readonly(),
});
/** Result of a backtest. */
export type BacktestResult = z.infer<typeof backtestResultSchema>;
