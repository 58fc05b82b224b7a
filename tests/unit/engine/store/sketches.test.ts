import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../../../../src/main/engine/time-slicing';
import { DENSE } from '../../../../src/main/engine/store/codec/dense-sketches';
import { RansReader, RansWriter, toFrequencies, toTables } from '../../../../src/main/engine/store/codec/rans';
import { readTotal, unpackPoints } from '../../../../src/main/engine/store/codec/rollup-chunk';
import { openSketches, packSketches } from '../../../../src/main/engine/store/codec/sketches';
import { rollUpSamples } from '../../../../src/main/engine/series/rollup';
import type { Rollup } from '../../../../src/main/engine/series/rollup';
import { EMPTY_SKETCH, SketchBuilder } from '../../../../src/main/engine/series/sketch';
import type { Sketch } from '../../../../src/main/engine/series/sketch';
import { sketchCount } from '../../../support/sketch';

const MINUTE = 60_000;
/** Error messages for damaged sketches. */
const DAMAGE = /ends too early|damaged|do not add up|impossible/;

function pointsOf(sketches: readonly Sketch[]): Rollup[] {
  return sketches.map((sketch, i) => ({ time: i * MINUTE, count: 1, sum: 0, min: 0, max: 0, sketch }));
}

function sumOf(sketches: readonly Sketch[]): Sketch {
  const all = new SketchBuilder();
  for (const sketch of sketches) all.merge(sketch);
  return all.take();
}

function pack(sketches: readonly Sketch[]): Buffer {
  return finish(packSketches(pointsOf(sketches))).bytes;
}

function readAll(bytes: Buffer, count: number): Sketch[] {
  const source = openSketches(bytes, count);
  return Array.from({ length: count }, () => source.next());
}

/** Sketches of samples that resemble measured ones. */
function measured(count: number): Sketch[] {
  const length = count * 60;
  return rollUpSamples(Array.from({ length }, (_, n) => n * 1000), Array.from({ length }, (_, n) => ((n * 7919) % 4001) - 700), MINUTE).map(({ sketch }) => sketch);
}

const bucket = fc.tuple(fc.oneof(fc.integer({ min: -40, max: 60 }), fc.integer({ min: -36_000, max: 36_000 })), fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2 ** 40 })));
const filled = fc.uniqueArray(bucket, { minLength: 1, maxLength: 30, selector: ([key]) => key }).map((buckets): Sketch => {
  const rising = buckets.toSorted(([a], [b]) => a - b);
  return { keys: rising.map(([key]) => key), counts: rising.map(([, count]) => count) };
});
const anySketch = fc.oneof({ arbitrary: filled, weight: 9 }, { arbitrary: fc.constant(EMPTY_SKETCH), weight: 1 });

describe('sketches', () => {
  it.each([['few', 0, 20, anySketch], ['few, none of them empty', 0, 20, filled], ['many', 55, 200, anySketch]] as const)('are unpacked unchanged: %s (property)', (_, minLength, maxLength, one) => {
    fc.assert(
      fc.property(fc.array(one, { minLength, maxLength }), (sketches) => {
        const { bytes, total } = finish(packSketches(pointsOf(sketches)));
        expect(total).toEqual(sumOf(sketches));
        expect(readAll(bytes, sketches.length)).toEqual(sketches);
      }),
    );
  });

  it.each([['few', 20], ['many', 150]] as const)('can be read from any point, one by one or merged: %s', (_, count) => {
    const sketches = measured(count);
    const source = openSketches(pack(sketches), count);
    for (const [from, to] of [[7, 20], [58, 130], [120, 122], [60, 120], [0, 1], [149, 150]] as const) {
      if (to > count) continue;
      const some = new SketchBuilder();
      source.seek(from);
      source.merge(to - from, some);
      expect(some.take()).toEqual(sumOf(sketches.slice(from, to)));
      if (to < count) expect(source.next()).toEqual(sketches[to]);
    }
  });

  it('of constant values take almost no space', () => {
    const sketches = Array.from({ length: 768 }, (_, n): Sketch => ({ keys: [5], counts: [n === 400 ? 3593 : 3600] }));
    expect(pack(sketches).length).toBeLessThan(100);
  });

  it('take fewer bytes each, the more there are', () => {
    const each = (count: number): number => pack(measured(count)).length / count;
    expect(each(768)).toBeLessThan(each(96));
    expect(each(96)).toBeLessThan(each(20));
  });

  it('written by an earlier version can be read', () => {
    const folder = new URL('../../../fixtures/chunks/', import.meta.url);
    const [bytes, points] = ['many-sparse.bin', 'many-sparse-points.bin'].map((name) => readFileSync(new URL(name, folder)));
    if (bytes === undefined || points === undefined) throw new Error('the fixture is missing');
    const time = Array.from({ length: 4200 }, (_, n) => n * 1000);
    const written = rollUpSamples(time, time.map((_, n) => ((n * 7919) % 401) - 70 + (n % 97 === 0 ? 2 ** 40 : 0)), MINUTE);
    const sketches = written.map(({ sketch }) => sketch);
    expect(bytes[0]).not.toBe(DENSE);
    expect([...unpackPoints(points, MINUTE).sum]).toEqual(written.map(({ sum }) => sum));
    expect(readTotal(points).sketch).toEqual(sumOf(sketches));
    expect(readAll(bytes, sketches.length)).toEqual(sketches);
    // Packed again they get the present form.
    expect(pack(readAll(bytes, sketches.length))[0]).toBe(DENSE);
  });
});

describe('damaged sketches', () => {
  const sketches = measured(150);
  const bytes = pack(sketches);

  it('that are truncated are refused', () => {
    for (let length = 0; length < bytes.length; length += 29) expect(() => readAll(bytes.subarray(0, length), 150)).toThrow(DAMAGE);
    expect(() => readAll(bytes.subarray(0, bytes.length - 1), 150)).toThrow(DAMAGE);
  });

  it('are refused, and nothing of them is added, unless only low bits of a count are wrong', () => {
    const samples = sketchCount(sumOf(sketches));
    const layout = 3 + (bytes.readUInt8(1) & 127) + (bytes.readUInt8(2) << 7);
    let refused = 0;
    let tried = 0;
    // The layout is followed by the lengths of two groups.
    for (let at = layout + 4; at < bytes.length; at += 7) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (at % 8)), at);
      const some = new SketchBuilder();
      const { error } = attempt(() => openSketches(damaged, 150).merge(150, some));
      expect(sketchCount(some.take())).toBe(error === null ? samples : 0);
      tried += 1;
      if (error !== null) refused += 1;
    }
    expect(refused / tried).toBeGreaterThan(0.9);
  });

  it('result in an error or in no more buckets than the bytes can name, wherever the damage is (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, byte] of changes) damaged.writeUInt8(byte, at);
        const some = new SketchBuilder();
        const { error } = attempt(() => openSketches(damaged, 150).merge(150, some));
        const { keys } = some.take();
        expect(error === null || keys.length === 0 || damaged[0] !== DENSE).toBe(true);
        expect(keys.length).toBeLessThan(bytes.length * 8);
      }),
    );
  });

  it('of an unknown form are refused', () => {
    expect(() => openSketches(Buffer.of(DENSE + 1, 0, 0), 1)).toThrow(/unknown form/);
    expect(() => openSketches(Buffer.alloc(0), 1)).toThrow(/too early/);
  });

  it('with an impossible layout are refused before anything is allocated', () => {
    expect(() => openSketches(Buffer.of(DENSE, 2, 255, 255), 1)).toThrow(DAMAGE);
    // A bucket of key 0 whose class is far beyond the limit.
    expect(() => openSketches(Buffer.of(DENSE, 6, 0b10001_100, 0b0000_0000, 0b00000001, 0b11111111, 255, 255, 1, 0, 0), 1)).toThrow(/impossible layout/);
  });
});

function attempt(work: () => void): { error: unknown } {
  try {
    work();
    return { error: null };
  } catch (error) {
    return { error };
  }
}

describe('the entropy coder', () => {
  const many = fc.array(fc.tuple(fc.nat(127), fc.integer({ min: 1, max: 1_000_000 })), { minLength: 1, maxLength: 128 });

  it('gives every symbol that occurs a frequency, and all frequencies add up (property)', () => {
    fc.assert(
      fc.property(many, (pairs) => {
        const counts = new Float64Array(128);
        for (const [symbol, count] of pairs) counts[symbol] = count;
        const frequencies = toFrequencies(counts);
        expect(frequencies.reduce((sum, one) => sum + one, 0)).toBe(1024);
        expect(Array.from(counts, (count) => count > 0)).toEqual(Array.from(counts, (_, symbol) => (frequencies[symbol] ?? 0) > 0));
      }),
    );
    expect(toFrequencies(new Float64Array(128))).toEqual([]);
  });

  it('needs hardly more bits than the entropy of the symbols', () => {
    const symbols = Array.from<unknown, number>({ length: 20_000 }, (_, n) => (n % 16 === 0 ? 2 : n % 4 === 0 ? 1 : 0));
    const counts = new Float64Array(128);
    for (const symbol of symbols) counts[symbol] = (counts[symbol] ?? 0) + 1;
    const frequencies = toFrequencies(counts);
    const writer = new RansWriter();
    for (const symbol of symbols.toReversed()) writer.symbol(frequencies[symbol] ?? 0, frequencies.slice(0, symbol).reduce((sum, one) => sum + one, 0));
    const bytes = writer.take();
    const entropy = symbols.reduce((bits, symbol) => bits - Math.log2((counts[symbol] ?? 0) / symbols.length), 0) / 8;
    expect(bytes.length).toBeLessThan(entropy * 1.005 + 3);
    const reader = new RansReader(bytes, toTables([frequencies]));
    expect(symbols.map(() => reader.symbol(0))).toEqual(symbols);
    expect(reader.isOver).toBe(true);
  });
});
