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

  it('gives no overlapping gaps for two markers without a sample between them', () => {
    const found = gapsOf({ markers: [marker(30_000), marker(60_000, 'start')], times: seconds([0, 10]), step: 1000, first: 0 }, 0, 80_000);
    expect(found).toEqual([
      { from: 11_000, to: 30_000, reason: 'sleep' },
      { from: 30_000, to: 60_000, reason: 'start' },
    ]);
  });
});
