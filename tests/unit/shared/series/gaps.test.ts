import { describe, expect, it } from 'vitest';
import { gapsOf } from '../../../../src/shared/series/gaps';
import type { GapMarker } from '../../../../src/shared/series/gaps';

const mark = (time: number, reason: GapMarker['reason'] = 'sleep'): GapMarker => ({ time, reason });
const seconds = (...ranges: [number, number][]): number[] => ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => (from + at) * 1000));

describe('spansOf', () => {
  it('reaches from the last sample to the mark', () => {
    expect(gapsOf({ markers: [mark(60_000)], times: seconds([0, 20], [60, 80]), step: 1000, first: 0 }, 0, 80_000)).toEqual([{ from: 21_000, to: 60_000, reason: 'sleep' }]);
  });

  it('is cut to the range, where the hole began before it or ends after it', () => {
    expect(gapsOf({ markers: [mark(60_000)], times: seconds([60, 80]), step: 1000, first: 0 }, 30_000, 80_000)).toEqual([{ from: 30_000, to: 60_000, reason: 'sleep' }]);
    expect(gapsOf({ markers: [mark(900_000, 'start')], times: seconds([0, 20]), step: 1000, first: 0 }, 0, 80_000)).toEqual([{ from: 21_000, to: 80_000, reason: 'start' }]);
  });

  it('leaves out the time before the app was ever here, and holes too short to be seen', () => {
    expect(gapsOf({ markers: [mark(60_000, 'start')], times: seconds([60, 80]), step: 1000, first: 60_000 }, 0, 80_000)).toEqual([]);
    expect(gapsOf({ markers: [mark(22_000)], times: seconds([0, 20], [22, 30]), step: 5000, first: 0 }, 0, 30_000)).toEqual([]);
  });

  it('does not let two marks without a sample between them overlap', () => {
    const found = gapsOf({ markers: [mark(30_000), mark(60_000, 'start')], times: seconds([0, 10]), step: 1000, first: 0 }, 0, 80_000);
    expect(found).toEqual([
      { from: 11_000, to: 30_000, reason: 'sleep' },
      { from: 30_000, to: 60_000, reason: 'start' },
    ]);
  });
});
