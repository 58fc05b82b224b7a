import { describe, expect, it } from 'vitest';
import { Forecast, trendOf } from '../../../../src/main/engine/alerts/forecast';
import { normal, random } from '../../../support/noise';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RESOLUTION = 0.1;

/** Forecasts after each half minute for the percentage `share(hours)`, rounded like a metric. */
function follow(hours: number, share: (hours: number) => number | null, start = 0): (number | null)[] {
  const forecast = new Forecast(RESOLUTION);
  const forecasts: (number | null)[] = [];
  for (let at = 0; at <= hours * HOUR; at += 30_000) {
    const value = share(at / HOUR);
    forecasts.push(forecast.add(start + at, value === null ? null : Math.round(Math.min(100, value) / RESOLUTION) * RESOLUTION));
  }
  return forecasts;
}

const last = (forecasts: readonly (number | null)[]): number | null => forecasts.at(-1) ?? null;
/** Hours during which the forecast was within a day. */
const alertHours = (forecasts: readonly (number | null)[]): number => forecasts.filter((hours) => hours !== null && hours <= 24).length / 120;

describe('the forecast', () => {
  it('is null before it has two hours of data', () => {
    const forecasts = follow(3, (h) => 50 + 5 * h);
    expect(forecasts.findIndex((hours) => hours !== null) / 120).toBe(2);
    expect(last(follow(1.9, (h) => 50 + 20 * h))).toBeNull();
  });

  it.each([[50, 5], [80, 1], [95, 0.5], [20, 18]])('predicts when a value at %d that grows by %d an hour reaches 100', (from, rate) => {
    const forecasts = last(follow(4, (h) => from + rate * h)) ?? Number.NaN;
    expect(forecasts).toBeCloseTo((100 - from - 4 * rate) / rate, 0);
  });

  it('is correct within 20 % on noisy data', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const next = random(seed);
      const forecasts = last(follow(4, (h) => 60 + 3 * h + 0.8 * normal(next))) ?? Number.NaN;
      const right = (100 - 72) / 3;
      expect(Math.abs(forecasts - right) / right).toBeLessThan(0.2);
    }
  });

  it('finds no trend in 2000 hours of noise', () => {
    let hours = 0;
    for (const seed of [11, 12, 13, 14, 15]) {
      const next = random(seed);
      hours += alertHours(follow(400, () => 85 + normal(next)));
    }
    expect(hours).toBe(0);
  });

  it('finds no trend in temporary files that come and go', () => {
    for (const period of [0.25, 0.7, 1, 1.5, 1.9]) expect(alertHours(follow(48, (h) => 60 + 10 * ((h / period) % 1)))).toBe(0);
    const next = random(7);
    expect(alertHours(follow(48, (h) => 60 + 10 * ((h / 0.6) % 1) + 0.3 * normal(next)))).toBe(0);
  });

  it('does not treat one large copy as a trend', () => {
    const copy = (begin: number, length: number, size: number): number => alertHours(follow(14, (h) => 55 + size * Math.min(1, Math.max(0, (h - begin) / length))));
    expect([copy(4, 0.1, 30), copy(4, 0.3, 25), copy(4, 0.5, 30), copy(6, 0.7, 20)]).toEqual([0, 0, 0, 0]);
    // A copy that takes an hour is one for some minutes, less than any rule requires.
    expect(copy(6, 1, 20)).toBeLessThanOrEqual(1 / 6);
  });

  it('ends when the growth ends or reverses', () => {
    const filling = (h: number): number => 40 + 8 * Math.min(h, 4);
    expect(last(follow(4, filling))).toBeLessThan(5);
    expect(last(follow(6, filling))).toBe(Infinity);
    expect(last(follow(5.5, (h) => (h < 4 ? filling(h) : filling(4) - 10 * (h - 4))))).toBe(Infinity);
  });

  it('is infinite for constant and falling values', () => {
    expect(alertHours(follow(24, () => 99.5))).toBe(0);
    expect(alertHours(follow(24, (h) => 95 - 2 * h))).toBe(0);
    expect(last(follow(24, (h) => 95 - 2 * h))).toBe(Infinity);
  });

  it('is null for a missing value, continues over a short gap, and starts again after a long one', () => {
    const forecasts = follow(4, (h) => (Math.floor(h * 60) % 5 === 0 ? null : 50 + 5 * h));
    expect(forecasts[0]).toBeNull();
    expect(forecasts.at(-2)).toBeCloseTo(6, 0);
    const forecast = new Forecast(RESOLUTION);
    const add = (from: number, hours: number): number | null => {
      let result: number | null = null;
      for (let at = from; at <= from + hours * HOUR; at += 30_000) result = forecast.add(at, Math.round((50 + (4 * (at - from)) / HOUR) * 10) / 10);
      return result;
    };
    expect(add(0, 4)).toBeCloseTo((100 - 66) / 4, 0);
    expect(add(12 * HOUR, 1.5)).toBeNull();
    expect(add(16 * HOUR, 2.1)).not.toBeNull();
    // Time that goes backwards starts again, too.
    expect(add(0, 1.5)).toBeNull();
  });

  it('is 0 when full, and never negative', () => {
    expect(last(follow(6, (h) => 80 + 5 * h))).toBeGreaterThanOrEqual(0);
    expect(Math.min(...follow(6, (h) => 70 + 7 * h).map((hours) => hours ?? Infinity))).toBe(0);
  });

  it('ignores a rise within the rounding of the metric', () => {
    const hours = Array.from({ length: 24 }, (_, i) => i / 6);
    const slow = hours.map((hour) => 50 + 0.1 * hour);
    expect(trendOf(hours, slow, 0.1)).toBe(0);
    expect(trendOf(hours, slow, 0.01)).toBeCloseTo(0.1, 3);
    expect(trendOf(hours.slice(0, 5), slow, 0.01)).toBeNull();
  });
});
