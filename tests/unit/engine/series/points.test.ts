import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketStart, niceStep } from '../../../../src/main/engine/series/bucket';
import { intervalOf } from '../../../../src/main/engine/series/interval';
import { Items } from '../../../../src/main/engine/series/items';
import { toItemPoints, toRawPoints } from '../../../../src/main/engine/series/points';
import { inTimeOrder } from '../../../../src/main/engine/series/samples';
import { nearestRank, statsOf } from '../../../../src/main/engine/series/stats';
import type { Samples } from '../../../../src/main/engine/series/samples';
import type { SeriesPoints } from '../../../../src/shared/series/types';

const NOON = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;
const step = fc.constantFrom(1000, 5000, 60_000, 900_000, HOUR);

/** Samples in time order with irregular pauses between them, and some gap markers. */
const sampled = fc
  .record({
    waits: fc.array(fc.oneof(fc.constant(1000), fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 5 * HOUR })), { maxLength: 200 }),
    value: fc.infiniteStream(fc.integer({ min: -1000, max: 1000 })),
    marked: fc.infiniteStream(fc.boolean()),
  })
  .map(({ waits, value, marked }) => {
    let at = NOON;
    const time = waits.map((wait) => (at += wait));
    return { samples: { time, value: time.map(() => value.next().value as number) }, markers: time.filter(() => marked.next().value === true) };
  });

function itemsOf(samples: Samples): Items {
  const items = new Items();
  items.addSamples(samples);
  return items;
}

/** Inconsistencies of points; empty if there are none. */
function faultsOf({ time, min, avg, max, count }: SeriesPoints): string[] {
  const faults: string[] = [];
  if ([min, avg, max, count].some((column) => column.length !== time.length)) faults.push('columns of unequal length');
  count.forEach((n, i) => {
    const [low, mean, high] = [min[i] ?? null, avg[i] ?? null, max[i] ?? null];
    if (i > 0 && (time[i] ?? 0) < (time[i - 1] ?? 0)) faults.push(`point ${i} is out of order`);
    if (n === 0) {
      if (low !== null || mean !== null || high !== null) faults.push(`gap ${i} has values`);
      if (!count[i - 1] || !count[i + 1]) faults.push(`gap ${i} is not between points that have samples`);
    } else if (low === null || mean === null || high === null) faults.push(`point ${i} has no values`);
    else if (mean < low - 1e-9 || mean > high + 1e-9) faults.push(`the average of point ${i} is outside its extremes`);
  });
  return faults;
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0);

describe('bucket points', () => {
  it('contain every sample once, between aligned edges, in order (property)', () => {
    fc.assert(
      fc.property(sampled, step, ({ samples, markers }, width) => {
        const points = toItemPoints('cpu.usage', itemsOf(samples), { interval: 1000, markers }, width);
        expect(faultsOf(points)).toEqual([]);
        expect(total(points.count)).toBe(samples.time.length);
        expect(points.time.filter((time, i) => points.count[i] !== 0 && time % width !== 0)).toEqual([]);
        expect(new Set(points.time).size).toBe(points.time.length);
        const sums = points.avg.map((avg, i) => (avg ?? 0) * (points.count[i] ?? 0));
        expect(total(sums)).toBeCloseTo(total(samples.value), 6);
        const present = (values: readonly (number | null)[]): number[] => values.flatMap((value) => value ?? []);
        expect(Math.max(...present(points.max))).toBe(Math.max(...samples.value));
        expect(Math.min(...present(points.min))).toBe(Math.min(...samples.value));
      }),
    );
  });

  it('are empty without samples', () => {
    expect(toItemPoints('cpu.usage', itemsOf({ time: [], value: [] }), { interval: 1000, markers: [NOON] }, 1000).time).toEqual([]);
  });
});

describe('raw points', () => {
  it('are the samples, with one gap at each long pause and each marker (property)', () => {
    fc.assert(
      fc.property(sampled, ({ samples, markers }) => {
        const points = toRawPoints('cpu.usage', samples, { interval: 1000, markers });
        expect(faultsOf(points)).toEqual([]);
        expect(points.avg.filter((value) => value !== null)).toEqual(samples.value);
        const gaps = samples.time.filter((time, i) => {
          const before = samples.time[i - 1] ?? time;
          return time - before > 2500 || markers.some((marker) => marker > before && marker <= time);
        });
        expect(points.count.filter((n) => n === 0)).toHaveLength(gaps.length);
      }),
    );
  });
});

describe('buckets', () => {
  it('are wide enough, of a round width, and aligned to UTC (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 * 365 * 24 * HOUR }), fc.integer({ min: 1, max: 10_000 }), (range, points) => {
        const width = niceStep(range, points, 1000);
        expect(range / width).toBeLessThanOrEqual(points);
        expect(width).toBeGreaterThanOrEqual(1000);
        expect(width % 1000).toBe(0);
        expect(width >= 24 * HOUR ? width % (24 * HOUR) : (24 * HOUR) % width).toBe(0);
      }),
    );
    expect(niceStep(12 * HOUR, 800)).toBe(60_000);
    expect(niceStep(7 * 24 * HOUR, 800)).toBe(900_000);
    expect(niceStep(HOUR, 10_000, 5000)).toBe(5000);
    expect(bucketStart(NOON + 1, HOUR)).toBe(NOON);
    expect(bucketStart(-1, 1000)).toBe(-1000);
  });
});

describe('order of samples', () => {
  it('is by time, then in the order they were taken', () => {
    const ordered = { time: [1, 2, 2], value: [5, 6, 7] };
    expect(inTimeOrder(ordered)).toBe(ordered);
    expect(inTimeOrder({ time: [3, 1, 3, 2], value: [0, 1, 2, 3] })).toEqual({ time: [1, 2, 3, 3], value: [1, 3, 0, 2] });
  });
});

describe('statistics', () => {
  it('compute percentiles by nearest rank (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), fc.constantFrom(0.5, 0.95, 0.99, 1), (values, share) => {
        const sorted = Float64Array.from(values).sort();
        const found = nearestRank(sorted, share) ?? Number.NaN;
        expect(values).toContain(found);
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length);
        expect(values.filter((value) => value < found).length).toBeLessThan(share * values.length);
      }),
    );
    expect(nearestRank([], 0.5)).toBeNull();
  });

  it('do not change the samples, and take the latest as last', () => {
    const value = [3, 1, 2];
    expect(statsOf('cpu.usage', { time: [1, 2, 3], value })).toMatchObject({ count: 3, min: 1, max: 3, avg: 2, p50: 2, last: 2 });
    expect(value).toEqual([3, 1, 2]);
  });
});

describe('intervals', () => {
  it('come from the sampling interval of the family, for the machine and its devices', () => {
    expect(intervalOf('connections.active')).toEqual({ shortest: 2000, usual: 5000 });
    expect(intervalOf('cpu.usage@cpu3')).toEqual({ shortest: 1000, usual: 1000 });
    expect(intervalOf('cpu.nothing')).toBeNull();
  });
});
