import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rollUp, rollUpSamples } from '../../../../src/main/engine/series/rollup';
import { collapse, COLLAPSED_ERROR, collapsedValue, EMPTY_SKETCH, SKETCH_ERROR, SketchBuilder, sketchKey, sketchOf as sketchOfPart, sketchValue } from '../../../../src/main/engine/series/sketch';
import type { Sketch } from '../../../../src/main/engine/series/sketch';
import { nearestRank, timeAbove } from '../../../../src/main/engine/series/stats';
import { sketchCount } from '../../../support/sketch';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.UTC(2026, 10, 20, 12);

function sketchOf(numbers: readonly number[]): Sketch {
  return sketchOfPart(numbers, 0, numbers.length);
}

/** Quantile by nearest rank, in steps; null for an empty sketch. */
function quantileOf({ keys, counts }: Sketch, share: number): number | null {
  const values = keys.flatMap((key, i) => Array.from({ length: counts[i] ?? 0 }, () => sketchValue(key)));
  return nearestRank(values, share);
}

/** How many of the numbers were at or above a level. */
function countAbove(sketch: Sketch, level: number): number {
  const { above } = timeAbove({ threshold: level }, sketch.keys.map(sketchValue), sketch.counts, 0);
  return Math.round((above?.share ?? Number.NaN) * sketchCount(sketch));
}

/** Integers as metrics give them: small, huge, negative. */
const steps = fc.oneof(fc.integer({ min: -60, max: 60 }), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.maxSafeInteger().map((n) => Math.trunc(n / 8)));

/** The quantiles whose error exceeds that of the sketch. */
function wrongQuantiles(numbers: readonly number[]): string[] {
  const sketch = sketchOf(numbers);
  const sorted = [...numbers].sort((a, b) => a - b);
  return [0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 1].flatMap((share) => {
    const exact = nearestRank(sorted, share) ?? NaN;
    const found = quantileOf(sketch, share) ?? NaN;
    return Math.abs(found - exact) <= Math.abs(exact) * SKETCH_ERROR * (1 + 1e-9) ? [] : [`p${share * 100}: ${found} for ${exact}`];
  });
}

describe('sketch', () => {
  it('gives every quantile within one percent', () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 1, maxLength: 300 }), (numbers) => {
        expect(wrongQuantiles(numbers)).toEqual([]);
      }),
    );
  });

  it('counts each number of its part once, and no others', () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 2, maxLength: 300 }), fc.nat(), fc.nat(), (numbers, a, b) => {
        const [from = 0, end = 0] = [a % numbers.length, b % numbers.length].sort((x, y) => x - y);
        const builder = new SketchBuilder();
        for (const number of numbers.slice(from, end)) builder.addBucket(sketchKey(number), 1);
        expect(sketchOfPart(numbers, from, end)).toEqual(builder.take());
      }),
    );
  });

  it.each<[string, number[]]>([
    ['powers of ten', Array.from({ length: 16 }, (_, n) => 10 ** n)],
    ['a rare spike', [...Array.from({ length: 199 }, () => 3), 2 ** 50]],
    ['both signs', Array.from({ length: 2001 }, (_, n) => (n - 1000) * 997)],
    ['edges of buckets', Array.from({ length: 400 }, (_, n) => Math.round(Math.exp(n * Math.log(1.01 / 0.99))))],
    ['neighbors', Array.from({ length: 5000 }, (_, n) => n)],
  ])('holds for %s', (_, numbers) => expect(wrongQuantiles(numbers)).toEqual([]));

  it('represents integers up to 50 exactly', () => {
    for (let n = -50; n <= 50; n += 1) expect(sketchValue(sketchKey(n))).toBe(n);
  });

  it('needs few buckets for numbers of any size', () => {
    expect(sketchKey(2 ** 53)).toBeLessThan(1900);
    expect(sketchKey(Number.MAX_VALUE)).toBeLessThan(36_000);
  });

  it('can be collapsed to half the buckets at twice the error, before or after merging', () => {
    const numbers = Array.from({ length: 4000 }, (_, n) => (n - 700) * 13);
    const collapsed = collapse(sketchOf(numbers));
    expect(collapsed.keys.length).toBeLessThan(sketchOf(numbers).keys.length * 0.6);
    for (const n of [...numbers, 0, 1, -1]) {
      const [key = 0] = collapse(sketchOf([n])).keys;
      expect(Math.abs(collapsedValue(key) - n)).toBeLessThanOrEqual(Math.abs(n) * COLLAPSED_ERROR * (1 + 1e-9));
    }
    const parts = new SketchBuilder();
    for (const half of [numbers.slice(0, 900), numbers.slice(900)]) parts.merge(collapse(sketchOf(half)));
    expect(parts.take()).toEqual(collapsed);
  });

  it('counts what is at or above a level, and nothing when empty', () => {
    const sketch = sketchOf([-5, 0, 3, 3, 40, 40, 41]);
    expect([-5, 0, 3, 4, 40, 41, 42].map((level) => countAbove(sketch, level))).toEqual([7, 6, 5, 3, 3, 1, 0]);
    expect(sketchCount(EMPTY_SKETCH)).toBe(0);
    expect(quantileOf(EMPTY_SKETCH, 0.5)).toBeNull();
  });
});

describe('rollup', () => {
  const samples = fc.array(fc.tuple(fc.oneof(fc.constant(1000), fc.integer({ min: 0, max: 40 * MINUTE })), fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 0, max: 2 ** 36 }))), { maxLength: 400 }).map((pairs) => {
    let at = NOON;
    return { time: pairs.map(([wait]) => (at += wait)), steps: pairs.map(([, value]) => value) };
  });

  it('of rollups equals the rollup of the samples, in any number of steps', () => {
    fc.assert(
      fc.property(samples, ({ time, steps }) => {
        const minutes = rollUpSamples(time, steps, MINUTE);
        const hours = rollUpSamples(time, steps, HOUR);
        expect(rollUp(minutes, HOUR)).toEqual(hours);
        expect(rollUp(rollUp(minutes, 15 * MINUTE), HOUR)).toEqual(hours);
        expect(rollUp(hours, HOUR)).toEqual(hours);
      }),
    );
  });

  it('summarizes each bucket, aligned to UTC', () => {
    const [first, second, ...rest] = rollUpSamples([NOON + 59_999, NOON + 60_000, NOON + 119_000], [7, -3, 5], MINUTE);
    expect(first).toEqual({ time: NOON, count: 1, sum: 7, min: 7, max: 7, sketch: sketchOf([7]) });
    expect(second).toEqual({ time: NOON + MINUTE, count: 2, sum: 2, min: -3, max: 5, sketch: sketchOf([-3, 5]) });
    expect(rest).toEqual([]);
  });
});
