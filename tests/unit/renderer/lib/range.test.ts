import { describe, expect, it } from 'vitest';
import { fixedRange, formatAxisTime, formatDateTime, fromFieldTime, isAppended, pointsOf, SPAN_IDS, toFieldTime, windowOf, zoomed } from '../../../../src/renderer/lib/range';

const NOON = new Date(2026, 2, 5, 12, 0, 0).getTime();

describe('ranges', () => {
  it('a live range moves with the time, a fixed one does not', () => {
    expect(windowOf({ kind: 'live', span: '5m' }, 1_000_000)).toEqual({ from: 700_000, to: 1_000_000 });
    expect(windowOf({ kind: 'fixed', from: 1, to: 2, span: '5m' }, 1_000_000)).toEqual({ from: 1, to: 2 });
  });

  it('a live range does not begin before 1970, where a clock that was never set would have it', () => {
    for (const span of SPAN_IDS) expect(windowOf({ kind: 'live', span }, 37_000)).toEqual({ from: 0, to: 37_000 });
  });

  it('orders the ends of a drag, and keeps them out of the future and apart', () => {
    expect(fixedRange(90_000, 30_000, '1h', 100_000)).toEqual({ kind: 'fixed', from: 30_000, to: 90_000, span: '1h' });
    expect(fixedRange(50_000, 500_000, '1h', 100_000)).toMatchObject({ from: 50_000, to: 100_000 });
    expect(fixedRange(60_000, 60_100, '1h', 100_000)).toMatchObject({ from: 50_100, to: 60_100 });
  });

  it('queries at most one point a second, and at least one', () => {
    expect(pointsOf({ kind: 'fixed', from: 0, to: 10_000, span: '5m' })).toBe(10);
    expect(pointsOf({ kind: 'fixed', from: 0, to: 1, span: '5m' })).toBe(1);
    expect(pointsOf({ kind: 'fixed', from: 0, to: 1e10, span: '5m' })).toBe(720);
  });

  it('appends batches to short live ranges only', () => {
    expect(SPAN_IDS.filter((span) => isAppended({ kind: 'live', span }))).toEqual(['5m', '1h']);
    expect(isAppended({ kind: 'fixed', from: 0, to: 60_000, span: '5m' })).toBe(false);
  });

  it('zooms around the given time', () => {
    expect(zoomed({ from: 0, to: 100 }, 20, 0.5)).toEqual({ from: 10, to: 60 });
    expect(zoomed(zoomed({ from: 0, to: 100 }, 20, 0.5), 20, 2)).toEqual({ from: 0, to: 100 });
  });
});

describe('text of times', () => {
  it('survives a round trip through a form field', () => {
    expect(toFieldTime(NOON)).toBe('2026-03-05T12:00:00');
    expect(fromFieldTime(toFieldTime(NOON))).toBe(NOON);
    expect([fromFieldTime(''), fromFieldTime('tomorrow')]).toEqual([null, null]);
  });

  it('formats date and time always in the same width', () => {
    expect(formatDateTime(NOON)).toBe('2026-03-05 12:00:00');
    expect(formatDateTime(NOON).length).toBe(formatDateTime(NOON + 12_345_678).length);
  });

  it('labels an axis with the time, with seconds in short ranges, and with the day at midnight', () => {
    expect(formatAxisTime(NOON, 300_000)).toBe('12:00:00');
    expect(formatAxisTime(NOON, 3_600_000)).toBe('12:00');
    expect(formatAxisTime(new Date(2026, 2, 5).getTime(), 86_400_000)).toBe('03-05');
  });
});
