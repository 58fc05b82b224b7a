import { describe, expect, it } from 'vitest';
import { timeAbove } from '../../../src/main/engine/series/stats';
import { finish } from '../../../src/main/engine/time-slicing';
import type { Store } from '../../../src/main/engine/store/store-types';
import { statsPastWarning } from '../../../src/main/history/time-above';
import { DEFAULT_RULES } from '../../../src/shared/alerts/default-rules';
import { thresholdsOf, warningOf } from '../../../src/shared/alerts/severity';
import type { SeriesStats } from '../../../src/shared/series/types';
import { ruleOf } from '../../support/alert-samples';

const statsOf = (series: string): SeriesStats => ({ series, count: 0, sampledSeconds: 0, min: null, max: null, avg: null, p50: null, p95: null, p99: null, last: null });

function recordingStore() {
  const queries: unknown[] = [];
  const store: Pick<Store, 'statsWork'> = {
    *statsWork(query) {
      yield;
      queries.push(query);
      return query.series.map(statsOf);
    },
  };
  return { queries, store };
}

describe('statsPastWarning', () => {
  const low = ruleOf({ id: 'low', family: 'memory', metric: 'available', direction: 'below', warning: { threshold: 5e9, forSeconds: 0 }, critical: null });
  const rules = [...DEFAULT_RULES, low];
  const warning = (series: string) => warningOf(thresholdsOf(rules, series, undefined));

  it('queries once for each warning threshold of a rule and returns the order of the query', () => {
    const { queries, store } = recordingStore();
    // The fullest mount of the machine has no rule of its own: its mounts have.
    const series = ['cpu.user', 'cpu.usage', 'no.such', 'disk.inodeUsage@/', 'disk.usage', 'memory.available', 'cpu.system'];
    const stats = finish(statsPastWarning(store, { series, from: 1, to: 2 }, warning));
    expect(stats.map((one) => one.series)).toEqual(series);
    expect(queries).toEqual([
      { series: ['cpu.user', 'no.such', 'disk.usage', 'cpu.system'], from: 1, to: 2 },
      { series: ['cpu.usage'], from: 1, to: 2, threshold: 70, direction: 'above' },
      { series: ['disk.inodeUsage@/'], from: 1, to: 2, threshold: 80, direction: 'above' },
      { series: ['memory.available'], from: 1, to: 2, threshold: 5e9, direction: 'below' },
    ]);
  });

  it('uses a threshold in the query for every series', () => {
    const { queries, store } = recordingStore();
    finish(statsPastWarning(store, { series: ['cpu.usage', 'cpu.user'], from: 1, to: 2, threshold: 50 }, warning));
    expect(queries).toEqual([{ series: ['cpu.usage', 'cpu.user'], from: 1, to: 2, threshold: 50 }]);
  });
});

describe('timeAbove', () => {
  it.each([
    ['above', 0.75],
    ['below', 0.5],
  ] as const)('counts values at the threshold, and those %s it', (direction, share) => {
    expect(timeAbove({ threshold: 2, direction }, [1, 2, 3, 4], null, 4000)).toEqual({ above: { threshold: 2, direction, share, seconds: 4 * share } });
  });
});
