import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, TruncatedError } from '../../../../src/main/engine/store/codec/bytes';
import type { Row, StoredSeries } from '../../../../src/main/engine/store/flatten';
import { encodeFrame, MAX_FRAME_SPAN, readFrame, splitIntoFrames } from '../../../../src/main/engine/store/codec/frame';
import { scaleOf } from '../../../../src/main/engine/store/codec/scale';
import { FAMILIES } from '../../../../src/shared/metrics/index';
import { NOON } from '../../../support/store';

const SERIES: readonly StoredSeries[] = ['a', 'b', 'c', 'd'].map((key) => ({ key, scale: scaleOf(1) }));
const idOf = (series: StoredSeries): number => 3 + SERIES.indexOf(series) * 400;

const steps = fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }).map(Math.round).map((n) => n + 0));
const row = fc.record({ wait: fc.integer({ min: -5000, max: 70_000 }), values: fc.array(fc.option(steps), { minLength: 4, maxLength: 4 }) });

/** Rows of four series, some values missing, each `wait` ms after the one before. */
const rows = fc.array(row, { minLength: 1, maxLength: 60 }).map((list) => {
  let time = NOON;
  return list.map(({ wait, values }): Row => {
    time += wait;
    const present = values.flatMap((value, i) => (value === null ? [] : [[SERIES[i], value] as const]));
    return { time, gap: null, series: present.flatMap(([series]) => (series === undefined ? [] : [series])), steps: Float64Array.from(present, ([, value]) => value) };
  });
});

function samplesOf(from: readonly Row[], series: StoredSeries): [number, number][] {
  return from.flatMap((one) => one.series.flatMap((own, i): [number, number][] => (own === series ? [[one.time, one.steps[i] ?? Number.NaN]] : [])));
}

describe('frames', () => {
  it('return every sample unchanged, in order (property)', () => {
    fc.assert(
      fc.property(rows, fc.subarray([...SERIES], { minLength: 1 }), (given, wanted) => {
        const found = new Map(wanted.map((series) => [series, [] as [number, number][]]));
        const sinks = new Map(wanted.map((series) => [idOf(series), { push: (time: number, value: number) => void found.get(series)?.push([time, value]) }]));
        for (const frame of splitIntoFrames(given)) readFrame(encodeFrame(frame, idOf), sinks);
        for (const series of wanted) expect(found.get(series)).toEqual(samplesOf(given, series));
      }),
    );
  });

  it('are short and in time order (property)', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const frames = splitIntoFrames(given);
        expect(frames.flat()).toEqual(given);
        for (const frame of frames) {
          const times = frame.map((one) => one.time);
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(MAX_FRAME_SPAN);
        }
      }),
    );
  });

  it('that are truncated or of an unknown version cause an error, not wrong samples', () => {
    const whole = encodeFrame([{ time: NOON, gap: null, series: SERIES, steps: Float64Array.from([1, 2000, 3.5e20, 4]) }], idOf);
    const sinks = new Map(SERIES.map((series) => [idOf(series), { push: () => undefined }]));
    expect(() => readFrame(whole, sinks)).not.toThrow();
    for (let length = 1; length < whole.length; length += 1) expect(() => readFrame(whole.subarray(0, length), sinks)).toThrow(TruncatedError);
    expect(() => readFrame(Buffer.from([200]), sinks)).toThrow('unknown version 200');
  });

  it('take about a byte and a half for a value that changes little', () => {
    const steady = Array.from({ length: 10 }, (_, n): Row => ({ time: NOON + n * 1000, gap: null, series: SERIES, steps: Float64Array.from([500 + n, 7, 123_456 - n, n % 2]) }));
    expect(encodeFrame(steady, idOf).length / 40).toBeLessThan(2);
  });
});

describe('numbers of variable length', () => {
  it('are read back unchanged (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), fc.array(fc.integer({ min: -(2 ** 51), max: 2 ** 51 })), (naturals, integers) => {
        const out = new ByteWriter();
        for (const n of naturals) out.unsigned(n);
        for (const n of integers) out.signed(n);
        const input = new ByteReader(out.take());
        expect(naturals.map(() => input.unsigned())).toEqual(naturals);
        expect(integers.map(() => input.signed() + 0)).toEqual(integers.map((n) => n + 0));
        expect(() => input.byte()).toThrow(TruncatedError);
      }),
    );
    const out = new ByteWriter();
    for (const n of [2 ** 51, -(2 ** 51), 2 ** 28, 2 ** 28 - 1, 2 ** 35, -1, 127, 128]) out.signed(n);
    const input = new ByteReader(out.take());
    expect(Array.from({ length: 8 }, () => input.signed())).toEqual([2 ** 51, -(2 ** 51), 2 ** 28, 2 ** 28 - 1, 2 ** 35, -1, 127, 128]);
  });
});

describe('scales', () => {
  const resolutions = Object.values(FAMILIES).flatMap((family) => [...Object.values(family.metrics), ...Object.values(family.device.metrics)].map((metric) => metric.resolution));

  it('convert rounded values back exactly, for every resolution in use (property)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...new Set(resolutions)), fc.integer({ min: -1e9, max: 1e9 }), (resolution, n) => {
        const scale = scaleOf(resolution);
        const value = Number((n * resolution).toFixed(resolution < 1 ? 3 : 0));
        expect(scale.toValue(scale.toSteps(value))).toBe(value);
      }),
    );
  });

  it('round other values to the nearest step, and never return −0', () => {
    expect(scaleOf(0.1).toValue(scaleOf(0.1).toSteps(12.3456))).toBe(12.3);
    expect(scaleOf(4096).toValue(scaleOf(4096).toSteps(10_000))).toBe(8192);
    expect(Object.is(scaleOf(1).toSteps(-0.2), 0)).toBe(true);
  });
});
