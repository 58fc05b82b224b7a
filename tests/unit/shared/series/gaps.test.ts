import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapsOf } from '../../../../src/shared/series/gaps';
import type { GapMarker } from '../../../../src/shared/series/gaps';

const marker = (time: number, reason: GapMarker['reason'] = 'sleep'): GapMarker => ({ time, reason });
const seconds = (...ranges: [number, number][]): number[] => ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => (from + at) * 1000));

describe('gapsOf', () => {
  it('gives gaps from the last sample to the marker', () => {
    expect(gapsOf({ markers: [marker(60_000)], times: seconds([0, 20], [60, 80]), step: 1000, first: 0 }, 0, 80_000)).toEqual([{ from: 21_000, to: 60_000, reason: 'sleep' }]);
  });

  it('cuts gaps to the range', () => {
    expect(gapsOf({ markers: [marker(60_000)], times: seconds([60, 80]), step: 1000, first: 0 }, 30_000, 80_000)).toEqual([{ from: 30_000, to: 60_000, reason: 'sleep' }]);
    expect(gapsOf({ markers: [marker(900_000, 'start')], times: seconds([0, 20]), step: 1000, first: 0 }, 0, 80_000)).toEqual([{ from: 21_000, to: 80_000, reason: 'start' }]);
  });

  it('leaves out the time before the first run, and gaps below the resolution', () => {
    expect(gapsOf({ markers: [marker(60_000, 'start')], times: seconds([60, 80]), step: 1000, first: 60_000 }, 0, 80_000)).toEqual([]);
    expect(gapsOf({ markers: [marker(22_000)], times: seconds([0, 20], [22, 30]), step: 5000, first: 0 }, 0, 30_000)).toEqual([]);
  });

  it('gives gaps of points too, whose last one holds the marker itself, and never of time with samples', () => {
    assert(
      property(integer({ min: 1, max: 60 }), integer({ min: 0, max: 59_999 }), integer({ min: 0, max: 500_000 }), (width, offset, hole) => {
        const step = width * 1000;
        const [last, time] = [600_000 + offset, 600_000 + offset + 1000 + hole];
        const sampled = [...Array.from({ length: 601 }, (_, n) => last - n * 1000), ...Array.from({ length: 600 }, (_, n) => time + n * 1000)];
        const times = [...new Set(sampled.map((at) => Math.floor(at / step) * step))].sort((a, b) => a - b);
        const found = gapsOf({ markers: [marker(time, 'stall')], times, step, first: 0 }, 0, 2_000_000);
        if (hole + 1000 > 3 * step) expect(found).toHaveLength(1);
        if (hole === 0) expect(found).toEqual([]);
        for (const { from, to } of found) {
          expect(from).toBeGreaterThan(last - 1000);
          expect(to).toBe(time);
        }
      }),
    );
  });

  it('gives no overlapping gaps for two markers without a sample between them', () => {
    const found = gapsOf({ markers: [marker(30_000), marker(60_000, 'start')], times: seconds([0, 10]), step: 1000, first: 0 }, 0, 80_000);
    expect(found).toEqual([
      { from: 11_000, to: 30_000, reason: 'sleep' },
      { from: 30_000, to: 60_000, reason: 'start' },
    ]);
  });
});
