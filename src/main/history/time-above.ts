/** Statistics of many series, each with the time above its own metric's warning threshold. */
import { parseSeriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import type { SeriesStats } from '../../shared/series/types';
import type { Store } from '../engine/store/store-types';

/**
 * Statistics in the order of the query, with one store query for each distinct threshold; a threshold in the query applies
 * to every series. Yields where other work may run.
 */
export function* statsAboveWarning(
  store: Pick<Store, 'statsWork'>,
  query: { readonly series: readonly SeriesKey[]; readonly from: number; readonly to: number; readonly threshold?: number },
): Generator<void, readonly SeriesStats[]> {
  const groups = new Map<number | null, SeriesKey[]>();
  for (const key of query.series) {
    const threshold = query.threshold ?? parseSeriesKey(key)?.descriptor.thresholds?.warning ?? null;
    const group = groups.get(threshold);
    if (group === undefined) groups.set(threshold, [key]);
    else group.push(key);
  }
  const { from, to } = query;
  const found = new Map<SeriesKey, SeriesStats>();
  for (const [threshold, series] of groups) {
    const statsQuery = { series, from, to, ...(threshold === null ? {} : { threshold }) };
    for (const stats of yield* store.statsWork(statsQuery)) found.set(stats.series, stats);
  }
  return query.series.flatMap((key) => found.get(key) ?? []);
}
