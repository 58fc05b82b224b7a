/** Uptime: of what was measured alone, by range and by local day. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayBegins, daysOf, daysText, formatUptime, measuredText, uptimeOf } from '../../../../../src/renderer/features/services/uptime';
import { familyOf } from '../../../../../src/shared/metrics/index';
import { iso, utc, zoneOffset } from '../../../../support/time-zones';

const DAY = 86_400_000;
const HOUR = 3_600_000;

describe('the uptime of a range', () => {
  it('is the average of what was measured, and says how much of the range that is', () => {
    expect(uptimeOf({ avg: 0.999, sampledSeconds: 43_200 }, 86_400)).toEqual({ percent: 99.9, measured: 0.5 });
    expect(uptimeOf({ avg: null, sampledSeconds: 0 }, 86_400)).toEqual({ percent: null, measured: 0 });
    expect(uptimeOf(undefined, 86_400)).toEqual({ percent: null, measured: 0 });
  });

  it('is an average over time: a failure counts as much while somebody looks', () => {
    const { background, viewed } = familyOf('service').samplingInterval;
    expect(viewed).toBe(background);
  });

  it.each([
    [100, '100 %'],
    [99.9999, '99.99 %'],
    [99.995, '99.99 %'],
    [95, '95.00 %'],
    [0, '0.00 %'],
    [null, '–'],
  ])('%s is written %s: rounded down, so that only what never failed has all', (percent, text) => {
    expect(formatUptime(percent).replace('\u202f', ' ')).toBe(text);
  });

  it('never says 100 % of a service that failed', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 99.999999, noNaN: true }), (percent) => {
        expect(formatUptime(percent)).not.toMatch(/^100/);
      }),
    );
  });

  it('says how much was measured where that is less than 95 %', () => {
    expect(measuredText({ percent: 100, measured: 0.95 })).toBeNull();
    expect(measuredText({ percent: 100, measured: 0.401 })).toBe('measured 40\u202f% of the time');
    expect(measuredText({ percent: 100, measured: 0.001 })).toBe('measured less than 1\u202f% of the time');
    expect(measuredText({ percent: null, measured: 0 })).toBe('not measured');
  });
});

describe('the days of the bar', () => {
  it('begin at local midnight, also where the clocks change', () => {
    const berlin = zoneOffset('Europe/Berlin');
    expect(dayBegins(utc('2026-03-30T10:00'), 3, berlin).map(iso)).toEqual(['2026-03-27T23:00', '2026-03-28T23:00', '2026-03-29T22:00', '2026-03-30T22:00']);
    // There midnight is skipped on 6 September 2026: the day begins at one o'clock, which is the same instant.
    const santiago = zoneOffset('America/Santiago');
    expect(dayBegins(utc('2026-09-06T15:00'), 2, santiago).map(iso)).toEqual(['2026-09-05T04:00', '2026-09-06T04:00', '2026-09-07T03:00']);
  });

  it.each(['Asia/Kolkata', 'America/Santiago', 'Pacific/Apia', 'Europe/Berlin', 'UTC'])('are as many as asked for, ascending, and the last one holds now (%s)', (zone) => {
    const offset = zoneOffset(zone);
    fc.assert(
      fc.property(fc.integer({ min: utc('2025-01-01T00:00'), max: utc('2028-01-01T00:00') }), fc.integer({ min: 1, max: 10 }), (now, count) => {
        const begins = dayBegins(now, count, offset);
        expect(begins).toHaveLength(count + 1);
        begins.slice(1).forEach((begin, at) => expect(begin).toBeGreaterThan(begins[at] ?? Infinity));
        expect(begins.at(-2)).toBeLessThanOrEqual(now);
        expect(begins.at(-1)).toBeGreaterThan(now);
      }),
      { numRuns: 30 },
    );
  });

  const begins = [0, DAY, 2 * DAY, 3 * DAY];
  const timing = { step: HOUR, interval: 10_000 };
  const full = HOUR / 10_000;
  /** Hours from the first day on; null for a gap. */
  const points = (hours: readonly (number | null)[]) => ({ time: hours.map((_, at) => at * HOUR), avg: hours, count: hours.map((avg) => (avg === null ? 0 : full)) });

  it('are green, yellow, red or grey', () => {
    const hours = [...Array<number>(24).fill(1), ...Array<number>(23).fill(1), 0.5, ...Array<number>(12).fill(0)];
    expect(daysOf(points(hours), timing, begins, 3 * DAY).map(({ level, uptime }) => [level, uptime.percent, uptime.measured])).toEqual([
      ['up', 100, 1],
      ['degraded', (23.5 / 24) * 100, 1],
      ['down', 0, 0.5],
    ]);
    expect(daysOf(points([]), timing, begins, 3 * DAY).every(({ level, uptime }) => level === 'none' && uptime.percent === null)).toBe(true);
  });

  it('measure the day that is not over up to now', () => {
    expect(daysOf(points(Array<number>(60).fill(1)), timing, begins, 2 * DAY + 12 * HOUR)[2]?.uptime).toEqual({ percent: 100, measured: 1 });
  });

  it('gaps change nothing but how much was measured', () => {
    const hour = fc.option(fc.constantFrom<number>(0, 0.25, 1), { nil: null });
    fc.assert(
      fc.property(fc.array(hour, { minLength: 1, maxLength: 72 }), (hours) => {
        const days = daysOf(points(hours), timing, begins, 3 * DAY);
        days.forEach(({ uptime, level }, day) => {
          const known = hours.slice(day * 24, day * 24 + 24).filter((avg) => avg !== null);
          const mean = known.reduce((sum, avg) => sum + avg, 0) / known.length;
          if (known.length === 0) expect([uptime.percent, level]).toEqual([null, 'none']);
          else expect(uptime.percent).toBeCloseTo(mean * 100, 9);
          expect(uptime.measured).toBeCloseTo(known.length / 24, 9);
          expect(level === 'up').toBe(known.length > 0 && known.every((avg) => avg === 1));
        });
      }),
    );
  });

  it('are told in words, each exactly once', () => {
    const days = daysOf(points([...Array<number>(24).fill(1), ...Array<number>(24).fill(0)]), timing, begins, 3 * DAY);
    expect(daysText(days)).toBe('Last 3 days: 1 day without a failure, 1 day with long failures, 1 day not measured');
  });
});
