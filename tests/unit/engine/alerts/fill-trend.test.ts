import { describe, expect, it } from 'vitest';
import { FILL_HOURS, fillTrendOf, HourlyMeans, hoursToFull } from '../../../../src/main/engine/alerts/fill-trend';
import { normal, random } from '../../../support/noise';

const RESOLUTION = 0.1;
const HOUR = 3_600_000;

/** Days until 100 % after so many hours of a share of time (hours), as hourly means rounded like the metric. */
function daysLeft(hours: number, share: (hour: number) => number | null): number | null {
  const means = Array.from({ length: Math.min(hours, FILL_HOURS) }, (_, at) => share(hours - Math.min(hours, FILL_HOURS) + at)).map((value) => (value === null ? null : Math.round(Math.min(100, value) * 10) / 10));
  const left = hoursToFull(means.findLast((value) => value !== null) ?? 0, fillTrendOf(means, RESOLUTION));
  return left === null ? null : left / 24;
}

const day = (hour: number): number => hour / 24;
/** Grows from eight to six only. */
const atWork = (hour: number): number => Math.floor(day(hour)) + Math.min(1, Math.max(0, ((hour % 24) - 8) / 10));
/** The same from Monday to Friday; the first day is a Monday. */
const onWeekdays = (hour: number): number => {
  const days = Math.floor(day(hour));
  const worked = Math.floor(days / 7) * 5 + Math.min(5, days % 7);
  return worked + (days % 7 < 5 ? atWork(hour) - days : 0);
};

describe('the trend of days', () => {
  it.each([
    [73, 2.7],
    [73, 0.9],
    [91, 0.3],
    [96, 0.15],
    [20, 5],
  ])('predicts within 15 %% when a disk at %d that grows by %d a day is full, over horizons of a month', (from, rate) => {
    for (const hours of [5 * 24, 9 * 24 + 7, 14 * 24, 30 * 24]) {
      // Ends at the given share.
      for (const growth of [day, atWork]) {
        const left = daysLeft(hours, (hour) => from + rate * (growth(hour) - growth(hours - 1)));
        const right = (100 - from) / rate;
        expect(Math.abs((left ?? Number.NaN) - right) / right).toBeLessThan(0.15);
      }
    }
  });

  it('is not known before there are five days of history, and counts days with an hour of it', () => {
    expect(daysLeft(4 * 24, (hour) => 50 + 3 * day(hour))).toBeNull();
    expect(daysLeft(4 * 24 + 1, (hour) => 50 + 3 * day(hour))).not.toBeNull();
    expect(daysLeft(14 * 24, () => null)).toBeNull();
    expect(daysLeft(14 * 24, (hour) => (hour % 24 === 10 ? 50 + 2 * day(hour) : null))).toBeCloseTo((100 - 76.8) / 2, 0);
  });

  it('goes on over a weekend, and ends after five days without growth', () => {
    for (let hours = 14 * 24; hours < 35 * 24; hours += 1) {
      const left = daysLeft(hours, (hour) => 60 + onWeekdays(hour));
      // 5 % a week.
      expect(left).toBeLessThan(80);
      expect(left).toBeGreaterThan(15);
    }
    expect(daysLeft(19 * 24, (hour) => 60 + Math.min(14, day(hour)))).toBe(Infinity);
  });

  it('is none for what comes and goes each day, one large copy, noise, constant and falling shares', () => {
    const next = random(5);
    for (let hours = 5 * 24; hours < 20 * 24; hours += 5) {
      expect(daysLeft(hours, (hour) => 70 + 10 * ((hour % 24) / 24))).toBe(Infinity);
      expect(daysLeft(hours, () => 85 + normal(next))).toBe(Infinity);
      expect(daysLeft(hours, () => 99.5)).toBe(Infinity);
      expect(daysLeft(hours, (hour) => 95 - day(hour))).toBe(Infinity);
    }
    for (const length of [1, 6, 20]) {
      for (let hours = 5 * 24; hours < 20 * 24; hours += 1) {
        for (const begin of [30, 77, 200]) expect(daysLeft(hours, (hour) => 60 + 25 * Math.min(1, Math.max(0, (hour - begin) / length)))).toBe(Infinity);
      }
    }
  });

  it('is none where space is freed again and again', () => {
    for (let hours = 8 * 24; hours < 20 * 24; hours += 3) expect(daysLeft(hours, (hour) => 60 + 4 * (day(hour) % 3))).toBe(Infinity);
  });

  it('is none for less than the metric can show', () => {
    expect(daysLeft(14 * 24, (hour) => 80 + 0.03 * day(hour))).toBe(Infinity);
  });
});

describe('hourly means', () => {
  it('give the trend of the last two weeks at each new hour, over gaps, with a bounded memory', () => {
    const means = new HourlyMeans(RESOLUTION);
    const trends: (number | null)[] = [];
    for (let half = 0; half < 40 * 48; half += 1) {
      const hour = half / 2;
      // Off from the tenth to the twelfth day.
      if (hour >= 240 && hour < 288) continue;
      means.add(hour * HOUR, 20 + day(hour));
      trends.push(means.trend);
    }
    expect(trends[4 * 48]).toBeNull();
    expect((trends.at(-1) ?? 0) * 24).toBeCloseTo(1, 1);
    expect((trends[11 * 48] ?? 0) * 24).toBeCloseTo(1, 0);
    means.advance(1e6 * HOUR);
    expect(means.trend).toBeNull();
  });
});
