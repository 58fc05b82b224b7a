/** Statistics of many series, each with the time past the warning threshold of its own rule. */
import type { RuleThreshold } from '../../shared/alerts/severity';
import type { SeriesKey } from '../../shared/metrics/index';
import type { SeriesStats, StatsQuery } from '../../shared/series/types';
import type { Store } from '../engine/store/store-types';

type Past = Pick<StatsQuery, 'threshold' | 'direction'>;

/**
 * Statistics in the order of the query, with one store query for each distinct threshold; a threshold in the query applies
 * to every series. `warningOf` gives the warning threshold of a series; null: no rule warns, so there is no time past it.
 * Yields where other work may run.
 */
export function* statsPastWarning(store: Pick<Store, 'statsWork'>, query: StatsQuery, warningOf: (series: SeriesKey) => RuleThreshold | null): Generator<void, readonly SeriesStats[]> {
  const { from, to, threshold, direction } = query;
  const pastOf = (series: SeriesKey): Past => {
    if (threshold !== undefined) return { threshold, ...(direction === undefined ? {} : { direction }) };
    const warning = warningOf(series);
    return warning === null ? {} : { threshold: warning.at, direction: warning.direction };
  };
  const groups = new Map<string, { readonly past: Past; readonly series: SeriesKey[] }>();
  for (const key of query.series) {
    const past = pastOf(key);
    const name = `${past.direction ?? ''} ${past.threshold ?? ''}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { past, series: [key] });
    else group.series.push(key);
  }
  const found = new Map<SeriesKey, SeriesStats>();
  for (const { past, series } of groups.values()) {
    for (const stats of yield* store.statsWork({ series, from, to, ...past })) found.set(stats.series, stats);
  }
  return query.series.flatMap((key) => found.get(key) ?? []);
}
