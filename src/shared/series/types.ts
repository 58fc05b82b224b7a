/** Words of the time series: what a caller asks for and what it gets. Times are epoch milliseconds UTC. */
import type { SeriesKey } from '../metrics/index';

/** A question for history: how many points, over which range; the store decides how it gets them. */
export interface SeriesQuery {
  readonly series: readonly SeriesKey[];
  readonly from: number;
  /** Exclusive; at most now. */
  readonly to: number;
  /** Wanted number of points per series, 1–10 000. */
  readonly points: number;
}

/**
 * Points of one series as columns of equal length, oldest first. A hole in time is one point whose count is 0
 * and whose values are null, so that a line drawn through them breaks there.
 */
export interface SeriesPoints {
  readonly series: SeriesKey;
  /** Start of each point's bucket. */
  readonly time: readonly number[];
  readonly min: readonly (number | null)[];
  readonly avg: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  /** Samples in each point. */
  readonly count: readonly number[];
}

/** Answer to a SeriesQuery, in the order of its series. */
export interface SeriesResponse {
  /** Width of a bucket in ms; the sampling interval when points are raw samples. */
  readonly step: number;
  readonly series: readonly SeriesPoints[];
}

/** Statistics of one series over a range; values are null where there was no sample. */
export interface SeriesStats {
  readonly series: SeriesKey;
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly avg: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Latest sample in the range; the mean of the latest bucket where samples are no longer kept. */
  readonly last: number | null;
  /** Largest relative error of the percentiles: 0 where all samples were at hand. */
  readonly error?: number;
  /** Asked for with a threshold: how long the values were at or above it. */
  readonly above?: TimeAbove;
}

/**
 * Time at or above a threshold: the share of the samples, and that share of the time sampled. Where it comes from
 * sketches, samples within their error of the threshold may be counted either way.
 */
export interface TimeAbove {
  readonly threshold: number;
  /** 0–1. */
  readonly share: number;
  readonly seconds: number;
}

/** A question for statistics over [from, to). */
export interface StatsQuery {
  readonly series: readonly SeriesKey[];
  readonly from: number;
  readonly to: number;
  /** In the unit of the series' metric. */
  readonly threshold?: number;
}
