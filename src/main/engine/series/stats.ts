/** Statistics of a series: exact from samples, or weighted from a summary of samples and rollup points. */
import type { SeriesKey } from '../../../shared/metrics/index';
import type { Samples } from './samples';
import type { SeriesSummary } from './summary';
import type { SeriesStats, StatsQuery, TimeAbove } from '../../../shared/series/types';

/**
 * Percentile by nearest rank: the smallest sample such that at least `share` (0–1] of all samples are not above it.
 * `sorted` ascending; null when empty.
 */
export function nearestRank(sorted: ArrayLike<number>, share: number): number | null {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? null;
}

/** Statistics of one series, percentiles by nearest rank; `samples` must be in time order. */
export function statsOf(series: SeriesKey, samples: Samples): Omit<SeriesStats, 'sampledSeconds'> {
  const sorted = Float64Array.from(samples.value).sort();
  let sum = 0;
  for (const value of sorted) sum += value;
  const count = sorted.length;
  return {
    series,
    count,
    min: sorted[0] ?? null,
    max: sorted[count - 1] ?? null,
    avg: count === 0 ? null : sum / count,
    p50: nearestRank(sorted, 0.5),
    p95: nearestRank(sorted, 0.95),
    p99: nearestRank(sorted, 0.99),
    last: samples.value[samples.value.length - 1] ?? null,
  };
}

/**
 * Statistics of a series from its summary: count, mean and extremes are exact, percentiles by nearest rank are as exact
 * as the summary's values.
 */
export function weightedStats(series: SeriesKey, { count, sum, min, max, values, counts }: SeriesSummary, last: number | null): Omit<SeriesStats, 'sampledSeconds'> {
  if (count === 0) return { series, count, min: null, max: null, avg: null, p50: null, p95: null, p99: null, last: null };
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const [p50 = null, p95 = null, p99 = null] = [0.5, 0.95, 0.99].map((share) => {
    let left = Math.max(1, Math.ceil(share * count));
    const at = order.find((i) => (left -= counts[i] ?? 0) <= 0);
    // The value that represents a bucket may be beyond the extremes, which are exact.
    return at === undefined ? max : Math.min(max, Math.max(min, values[at] ?? 0));
  });
  return { series, count, min, max, avg: sum / count, p50, p95, p99, last };
}

/** Time at or past a threshold: the share of samples, and that share of `covered` (ms). Empty without a threshold. */
export function timeAbove({ threshold, direction = 'above' }: Pick<StatsQuery, 'threshold' | 'direction'>, values: readonly number[], counts: readonly number[] | null, covered: number): { above?: TimeAbove } {
  if (threshold === undefined) return {};
  let all = 0;
  let above = 0;
  values.forEach((value, i) => {
    const count = counts === null ? 1 : (counts[i] ?? 0);
    all += count;
    if (direction === 'above' ? value >= threshold : value <= threshold) above += count;
  });
  const share = all === 0 ? 0 : above / all;
  return { above: { threshold, direction, share, seconds: (share * covered) / 1000 } };
}
