import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateSize, estimateBytes } from '../../../../src/main/engine/series/size-estimate';
import { WINDOW_POINTS, queryWindows } from '../../../../src/main/engine/series/query-windows';
import { niceStep } from '../../../../src/main/engine/series/bucket';

const DAY = 86_400_000;
const hundred = Array.from({ length: 100 }, () => 1000);

describe('estimate', () => {
  it('grows with the days and the series, and two years of 120 series stay below 150 MB', () => {
    expect(estimateBytes(hundred, 30)).toBeLessThan(estimateBytes(hundred, 730));
    expect(estimateBytes(hundred.slice(50), 730)).toBeLessThan(estimateBytes(hundred, 730));
    expect(estimateBytes([...hundred, ...hundred.slice(0, 20)], 730)).toBeLessThan(150_000_000);
  });

  it('says how far the history reaches back if the size limit is reached first', () => {
    expect(estimateSize(hundred, 730, null)).toMatchObject({ series: 100, days: 730 });
    const capped = estimateSize(hundred, 730, 40_000_000);
    expect(capped).toMatchObject({ bytes: 40_000_000 });
    expect(capped.days).toBeGreaterThan(1);
    expect(estimateBytes(hundred, capped.days)).toBeLessThanOrEqual(40_000_000);
    expect(estimateBytes(hundred, capped.days + 1)).toBeGreaterThan(40_000_000);
  });

  it('keeps the last day whatever the limit', () => {
    expect(estimateSize(hundred, 730, 16_000_000).days).toBe(1);
  });
});

describe('query windows', () => {
  const now = Date.UTC(2026, 10, 20, 12);

  it('cover the range without gap or overlap, each in whole points of one width', () => {
    assert(
      property(integer({ min: 1000, max: 800 * DAY }), integer({ min: 1, max: 40 * DAY }), (age, length) => {
        const from = now - age;
        const to = Math.min(now, from + length);
        const windows = queryWindows(from, to, now);
        expect(windows[0]?.from).toBeLessThanOrEqual(from);
        expect(windows.at(-1)?.to).toBeGreaterThanOrEqual(to);
        windows.slice(1).forEach((window, at) => expect(window.from).toBe(windows[at]?.to));
        for (const window of windows) {
          expect(window.to).toBeGreaterThan(window.from);
          expect(window.points).toBeLessThanOrEqual(WINDOW_POINTS + 50);
          const step = niceStep(window.to - window.from, window.points, 1000);
          expect([1000, 60_000, 900_000, 3_600_000]).toContain(step);
          expect([window.from % step, window.to % step]).toEqual([0, 0]);
        }
      }),
    );
  });

  it('request no more points than a slow series has, and at most the given number', () => {
    const from = now - 3 * DAY;
    const windows = queryWindows(from, now, now, 30_000, 500);
    windows.slice(1).forEach((window, at) => expect(window.from).toBe(windows[at]?.to));
    expect([windows[0]?.from, windows.at(-1)?.to]).toEqual([from, now]);
    for (const { from: begin, to, points } of windows) {
      expect(points).toBeLessThanOrEqual(550);
      expect(niceStep(to - begin, points, 30_000)).toBe(begin < now - DAY ? 60_000 : 30_000);
    }
    expect(windows.length).toBeLessThan(15);
  });

  it('number a few hundred for two years', () => {
    expect(queryWindows(now - 730 * DAY, now, now).length).toBeLessThan(300);
  });
});
