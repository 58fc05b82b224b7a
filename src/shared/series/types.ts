/** Queries for time series and their results. Times are epoch milliseconds UTC. */
import type { SeriesKey } from '../metrics/index';

/** Query for points of a range; the store chooses the resolution. */
export interface SeriesQuery {
  readonly series: readonly SeriesKey[];
  readonly from: number;
  /** Exclusive; at most now. */
  readonly to: number;
  /** Requested number of points per series, 1–10 000. */
  readonly points: number;
}

/**
 * Points of one series as columns of equal length, oldest first. A gap is one point with count 0 and null values, so that a
 * line drawn through the points breaks there.
 */
export interface SeriesPoints {
  readonly series: SeriesKey;
  /** Start of each point's bucket. */
  readonly time: readonly number[];
  readonly min: readonly (number | null)[];
  readonly avg: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  /** Number of samples in each point. */
  readonly count: readonly number[];
}

/** Result of a SeriesQuery, in the order of its series. */
export interface SeriesResponse {
  /** Width of a bucket in ms; the sampling interval if points are raw samples. */
  readonly step: number;
  /** Time of the oldest data of the history, of any series; null where there is none. Before it nothing was measured. */
  readonly begins: number | null;
  readonly series: readonly SeriesPoints[];
}

/** Statistics of one series over a range; values are null without samples. */
export interface SeriesStats {
  readonly series: SeriesKey;
  readonly count: number;
  /**
   * How much of the range was sampled. Known to the sample for the last day; for older parts gaps are known to the second,
   * and the time for which only this series was missing to the length of a stored point.
   */
  readonly sampledSeconds: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly avg: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Latest sample in the range; the mean of the latest bucket where samples are no longer stored. */
  readonly last: number | null;
  /** Maximum relative error of the percentiles; 0 if computed from samples. */
  readonly error?: number;
  /** With a threshold in the query: time at or past it. */
  readonly above?: TimeAbove;
}

/** Side of a threshold. */
type ThresholdDirection = 'above' | 'below';

/**
 * Time at or past a threshold: the share of the samples, and that share of the sampled time. Computed from sketches,
 * samples within the sketch's error of the threshold may be counted either way.
 */
export interface TimeAbove {
  readonly threshold: number;
  /** above: values at or above the threshold count; below: those at or below it. */
  readonly direction: ThresholdDirection;
  /** 0–1. */
  readonly share: number;
  readonly seconds: number;
}

/** Query for statistics over [from, to). */
export interface StatsQuery {
  readonly series: readonly SeriesKey[];
  readonly from: number;
  readonly to: number;
  /** In the unit of the series' metric. */
  readonly threshold?: number;
  /** Which side of the threshold counts; above by default. */
  readonly direction?: ThresholdDirection;
}
