import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { append, appendGap, EMPTY_COLUMNS, highest, lowest, pointAt, trim } from '../../../../src/renderer/data/columns';
import { lowerBound } from '../../../../src/shared/series/search';
import type { Columns } from '../../../../src/renderer/data/columns';

const RULE = { step: 1000, gapAfter: 2500 };

function build(samples: readonly (readonly [number, number | null])[], rule = RULE): Columns {
  return samples.reduce((columns, [time, value]) => append(columns, time, value, rule), EMPTY_COLUMNS);
}

describe('append', () => {
  it('adds each sample to the point of its time', () => {
    expect(build([[1137, 5], [2138, 6]]).time).toEqual([1000, 2000]);
  });

  it('merges samples of one point: weighted mean, widened minimum and maximum', () => {
    const columns = build([[6000, 1], [7000, 2], [8000, 9]], { step: 6000, gapAfter: 15_000 });
    expect(columns).toEqual({ time: [6000], min: [1], avg: [4], max: [9], count: [3] });
  });

  it('adds a gap for missing samples, and none for late ones', () => {
    expect(build([[1000, 1], [3400, 2]]).avg).toEqual([1, 2]);
    const withGap = build([[1000, 1], [60_000, 2]]);
    expect(withGap.time).toEqual([1000, 2000, 60_000]);
    expect(withGap.avg).toEqual([1, null, 2]);
    expect(withGap.count).toEqual([1, 0, 1]);
  });

  it('keeps a missing value missing', () => {
    expect(build([[1000, 1], [2000, null], [3000, 3]]).avg).toEqual([1, null, 3]);
  });

  it('gives a point that began with a missing value the values after it', () => {
    expect(build([[6000, null], [7000, 4]], { step: 6000, gapAfter: 15_000 })).toEqual({ time: [6000], min: [4], avg: [4], max: [4], count: [1] });
  });

  it('does not change its input', () => {
    const before = build([[1000, 1]]);
    append(before, 1200, 7, RULE);
    expect(before.avg).toEqual([1]);
  });

  it('keeps columns equally long, times rising and min ≤ avg ≤ max, for any samples', () => {
    const sample = fc.tuple(fc.integer({ min: 1, max: 9000 }), fc.option(fc.integer({ min: -1000, max: 1000 })));
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), fc.constantFrom(1000, 2000, 6000), (pauses, step) => {
        let time = 1_000_000;
        const samples = pauses.map(([pause, value]): [number, number | null] => [(time += pause), value]);
        const columns = build(samples, { step, gapAfter: 2.5 * step });
        expect(new Set([columns.time, columns.min, columns.avg, columns.max, columns.count].map((list) => list.length)).size).toBe(1);
        columns.time.forEach((at, index) => {
          expect(at).toBeGreaterThan(columns.time[index - 1] ?? -1);
          const avg = columns.avg[index] ?? null;
          if (avg === null) return;
          expect(columns.min[index]).toBeLessThanOrEqual(avg + 1e-9);
          expect(columns.max[index]).toBeGreaterThanOrEqual(avg - 1e-9);
        });
        const counted = columns.count.reduce((sum, count) => sum + count, 0);
        expect(counted).toBe(samples.filter(([, value]) => value !== null).length);
      }),
    );
  });
});

describe('appendGap', () => {
  it('adds a gap once', () => {
    const once = appendGap(build([[1000, 1]]));
    expect(once.avg).toEqual([1, null]);
    expect(appendGap(once)).toBe(once);
    expect(appendGap(EMPTY_COLUMNS)).toBe(EMPTY_COLUMNS);
    expect(append(once, 2000, 2, RULE).avg).toEqual([1, null, 2]);
  });
});

describe('trim', () => {
  const columns = build([[1000, 1], [2000, 2], [3000, 3], [4000, 4]]);

  it('keeps the point whose line enters the window', () => {
    expect(trim(columns, 3000).time).toEqual([2000, 3000, 4000]);
  });

  it('returns the same object when nothing is dropped', () => {
    expect(trim(columns, 500)).toBe(columns);
  });
});

describe('reading points', () => {
  const columns = build([[1000, 1], [2000, null], [10_000, 9]]);

  it('finds the first time at or after another', () => {
    expect([0, 1000, 1001, 10_001].map((time) => lowerBound([1000, 2000, 10_000], time))).toEqual([0, 0, 1, 3]);
  });

  it('finds the nearest point within reach, and none in a gap', () => {
    expect(pointAt(columns, 9500, 2000)?.avg).toBe(9);
    expect(pointAt(columns, 1400, 2000)?.avg).toBe(1);
    expect(pointAt(columns, 2100, 2000)).toBeNull();
    expect(pointAt(columns, 6000, 2000)).toBeNull();
    expect(pointAt(EMPTY_COLUMNS, 6000, 2000)).toBeNull();
  });

  it('finds minimum and maximum, and none without values', () => {
    expect([highest(columns), lowest(columns), highest(EMPTY_COLUMNS)]).toEqual([9, 1, null]);
  });
});
