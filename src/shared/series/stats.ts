/** Exact statistics of samples. */
import type { SeriesKey } from '../metrics/index';
import type { Samples } from './samples';
import type { SeriesStats } from './types';

/**
 * Percentile by nearest rank: the smallest sample that at least `share` (0–1] of all samples do not exceed.
 * `sorted` ascending; null when empty.
 */
export function nearestRank(sorted: ArrayLike<number>, share: number): number | null {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? null;
}

/** Statistics of one series, percentiles by nearest rank; `samples` must be in time order. */
export function statsOf(series: SeriesKey, samples: Samples): SeriesStats {
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
