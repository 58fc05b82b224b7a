import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/main/engine/time-slicing';
import type { Store } from '../../../src/main/engine/store/store-types';
import { statsAboveWarning } from '../../../src/main/history/time-above';
import type { SeriesStats } from '../../../src/shared/series/types';

const statsOf = (series: string): SeriesStats => ({ series, count: 0, min: null, max: null, avg: null, p50: null, p95: null, p99: null, last: null });

describe('statsAboveWarning', () => {
  it('asks once for each warning threshold and answers in the order asked', () => {
    const asked: unknown[] = [];
    const store: Pick<Store, 'statsWork'> = {
      *statsWork(query) {
        yield;
        asked.push(query);
        return query.series.map(statsOf);
      },
    };
    const series = ['cpu.user', 'cpu.usage', 'no.such', 'disk.inodeUsage@/', 'cpu.system'];
    const answer = finish(statsAboveWarning(store, { series, from: 1, to: 2 }));
    expect(answer.map((one) => one.series)).toEqual(series);
    expect(asked).toEqual([
      { series: ['cpu.user', 'no.such', 'cpu.system'], from: 1, to: 2 },
      { series: ['cpu.usage'], from: 1, to: 2, threshold: 70 },
      { series: ['disk.inodeUsage@/'], from: 1, to: 2, threshold: 80 },
    ]);
  });
});
