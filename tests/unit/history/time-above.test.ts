import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/main/engine/time-slicing';
import type { Store } from '../../../src/main/engine/store/store-types';
import { statsAboveWarning } from '../../../src/main/history/time-above';
import type { SeriesStats } from '../../../src/shared/series/types';

const statsOf = (series: string): SeriesStats => ({ series, count: 0, sampledSeconds: 0, min: null, max: null, avg: null, p50: null, p95: null, p99: null, last: null });

describe('statsAboveWarning', () => {
  it('queries once for each warning threshold and returns the order of the query', () => {
    const queries: unknown[] = [];
    const store: Pick<Store, 'statsWork'> = {
      *statsWork(query) {
        yield;
        queries.push(query);
        return query.series.map(statsOf);
      },
    };
    const series = ['cpu.user', 'cpu.usage', 'no.such', 'disk.inodeUsage@/', 'cpu.system'];
    const stats = finish(statsAboveWarning(store, { series, from: 1, to: 2 }));
    expect(stats.map((one) => one.series)).toEqual(series);
    expect(queries).toEqual([
      { series: ['cpu.user', 'no.such', 'cpu.system'], from: 1, to: 2 },
      { series: ['cpu.usage'], from: 1, to: 2, threshold: 70 },
      { series: ['disk.inodeUsage@/'], from: 1, to: 2, threshold: 80 },
    ]);
  });
});
