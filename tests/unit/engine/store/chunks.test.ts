import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../../../../src/main/engine/time-slicing';
import { packColumns, unpackColumns } from '../../../../src/main/engine/store/codec/packed-columns';
import { packPoints, readTotal, unpackPoints } from '../../../../src/main/engine/store/codec/rollup-chunk';
import { packSection, packTimes, readSections, unpackTimes } from '../../../../src/main/engine/store/codec/sample-chunk';
import { openSketches, packSketches } from '../../../../src/main/engine/store/codec/sketches';
import { rollUpSamples } from '../../../../src/main/engine/series/rollup';
import { SketchBuilder } from '../../../../src/main/engine/series/sketch';

const column = fc.oneof(
  fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 200 }),
  fc.array(fc.maxSafeInteger(), { maxLength: 50 }),
  fc.array(fc.double({ noNaN: true }).map((n) => n + 0), { maxLength: 50 }),
  fc.array(fc.constant(12_345_678), { maxLength: 200 }),
);

describe('packed columns', () => {
  it('are unpacked unchanged (property)', () => {
    fc.assert(
      fc.property(fc.array(column, { maxLength: 5 }), (columns) => {
        expect(unpackColumns(packColumns(columns)).map((one) => [...one])).toEqual(columns);
      }),
    );
  });

  it('of equal numbers take almost no space', () => {
    expect(packColumns([Array.from({ length: 900 }, () => 1_048_576)]).length).toBeLessThan(12);
  });

  it('that are truncated or damaged are refused, and never larger than the limits', () => {
    const bytes = packColumns([Array.from({ length: 500 }, (_, n) => (n * 7919) % 997)]);
    expect(() => unpackColumns(bytes.subarray(0, bytes.length - 20))).toThrow(/unexpected end|too early|unknown packing/);
    expect(() => unpackColumns(Buffer.of(9, 1, 2))).toThrow(/unknown packing/);
    expect(() => unpackColumns(Buffer.of(0, 1, 255, 255, 255, 255, 15, 1))).toThrow(/ends too early/);
  });
});

describe('samples of a window', () => {
  const times = Array.from({ length: 900 }, (_, n) => 1_800_000_000_000 + n * 1000 + ((n * 7) % 3));

  function roundTrip(ticks: number[], isShared: boolean): [number, number][] {
    const steps = ticks.map((tick) => (tick * 31) % 97);
    const pairs: [number, number][] = [];
    readSections(packSection({ ticks, steps }, times, isShared), () => unpackTimes(packTimes(times)), (time, value) => pairs.push([time, value]));
    return pairs;
  }

  it.each([
    ['every tick', times.map((_, n) => n)],
    ['every tenth', Array.from({ length: 90 }, (_, n) => n * 10)],
    ['some', [3, 4, 5, 700, 899]],
    ['one', [17]],
  ])('are unpacked with their times: %s', (_, ticks) => {
    const expected = ticks.map((tick) => [times[tick], (tick * 31) % 97]);
    expect(roundTrip(ticks, true)).toEqual(expected);
    expect(roundTrip(ticks, false)).toEqual(expected);
  });

  it('can be sealed more than once', () => {
    const both = Buffer.concat([packSection({ ticks: [0, 1], steps: [5, 6] }, times, true), packSection({ ticks: [0], steps: [7] }, [42], false)]);
    const seen: number[] = [];
    readSections(both, () => times, (time, steps) => seen.push(time, steps));
    expect(seen).toEqual([times[0], 5, times[1], 6, 42, 7]);
  });
});

describe('rollup points', () => {
  const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 90_000 }), fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer({ min: 0, max: 2 ** 40 }))), { minLength: 1, maxLength: 300 });

  it('are unpacked unchanged, sketches included (property)', () => {
    fc.assert(
      fc.property(samples, (pairs) => {
        let at = 1_800_000_000_000;
        const points = rollUpSamples(pairs.map(([wait]) => (at += wait)), pairs.map(([, steps]) => steps), 60_000);
        const { bytes, total } = finish(packSketches(points));
        const packed = packPoints(points, 60_000, total);
        const columns = unpackPoints(packed, 60_000);
        expect([...columns.time]).toEqual(points.map((point) => point.time));
        expect([...columns.count]).toEqual(points.map((point) => point.count));
        expect([...columns.sum]).toEqual(points.map((point) => point.sum));
        expect([...columns.min]).toEqual(points.map((point) => point.min));
        expect([...columns.max]).toEqual(points.map((point) => point.max));
        const sketches = openSketches(bytes, points.length);
        expect(points.map(() => sketches.next())).toEqual(points.map((point) => point.sketch));
        const all = new SketchBuilder();
        for (const point of points) all.merge(point.sketch);
        const sum = points.reduce((before, point) => before + point.sum, 0);
        expect(readTotal(packed)).toEqual({ points: points.length, count: pairs.length, sum, min: Math.min(...columns.min), max: Math.max(...columns.max), sketch: all.take() });
      }),
    );
  });
});
