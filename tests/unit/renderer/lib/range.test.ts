import { describe, expect, it } from 'vitest';
import { fixedRange, formatAxisTime, formatMoment, fromFieldTime, isAppended, pointsOf, SPAN_IDS, toFieldTime, windowOf, zoomed } from '../../../../src/renderer/lib/range';

const NOON = new Date(2026, 2, 5, 12, 0, 0).getTime();

describe('ranges', () => {
  it('moves a live range with the time, and leaves a fixed one', () => {
    expect(windowOf({ kind: 'live', span: '5m' }, 1_000_000)).toEqual({ from: 700_000, to: 1_000_000 });
    expect(windowOf({ kind: 'fixed', from: 1, to: 2, span: '5m' }, 1_000_000)).toEqual({ from: 1, to: 2 });
  });

  it('puts the two ends of a drag in order, keeps them from the future and apart', () => {
    expect(fixedRange(90_000, 30_000, '1h', 100_000)).toEqual({ kind: 'fixed', from: 30_000, to: 90_000, span: '1h' });
    expect(fixedRange(50_000, 500_000, '1h', 100_000)).toMatchObject({ from: 50_000, to: 100_000 });
    expect(fixedRange(60_000, 60_100, '1h', 100_000)).toMatchObject({ from: 50_100, to: 60_100 });
  });

  it('asks for no more than one point a second, and never for none', () => {
    expect(pointsOf({ kind: 'fixed', from: 0, to: 10_000, span: '5m' })).toBe(10);
    expect(pointsOf({ kind: 'fixed', from: 0, to: 1, span: '5m' })).toBe(1);
    expect(pointsOf({ kind: 'fixed', from: 0, to: 1e10, span: '5m' })).toBe(720);
  });

  it('appends to short live ranges only', () => {
    expect(SPAN_IDS.filter((span) => isAppended({ kind: 'live', span }))).toEqual(['5m', '1h']);
    expect(isAppended({ kind: 'fixed', from: 0, to: 60_000, span: '5m' })).toBe(false);
  });

  it('zooms around the point that is pointed at', () => {
    expect(zoomed({ from: 0, to: 100 }, 20, 0.5)).toEqual({ from: 10, to: 60 });
    expect(zoomed(zoomed({ from: 0, to: 100 }, 20, 0.5), 20, 2)).toEqual({ from: 0, to: 100 });
  });
});

describe('times in words', () => {
  it('survives a field of a form', () => {
    expect(toFieldTime(NOON)).toBe('2026-03-05T12:00:00');
    expect(fromFieldTime(toFieldTime(NOON))).toBe(NOON);
    expect([fromFieldTime(''), fromFieldTime('tomorrow')]).toEqual([null, null]);
  });

  it('writes a moment always as wide', () => {
    expect(formatMoment(NOON)).toBe('2026-03-05 12:00:00');
    expect(formatMoment(NOON).length).toBe(formatMoment(NOON + 12_345_678).length);
  });

  it('marks an axis by the clock, with seconds where it is short, and by the day at midnight', () => {
    expect(formatAxisTime(NOON, 300_000)).toBe('12:00:00');
    expect(formatAxisTime(NOON, 3_600_000)).toBe('12:00');
    expect(formatAxisTime(new Date(2026, 2, 5).getTime(), 86_400_000)).toBe('03-05');
  });
});
