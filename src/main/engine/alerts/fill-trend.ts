/**
 * The growth of a percentage over up to two weeks, for horizons of weeks: hours say nothing about these, since a working day
 * would be taken for every day. It is computed from means of whole days, so that what comes and goes daily is no trend, and
 * over a weekend the growth of the week still counts. Pure.
 */
import { trendOf } from './forecast';
import type { TrendLimits } from './forecast';

const HOUR = 3_600_000;
const DAY_HOURS = 24;

/** Hours of history that the trend is computed from. */
export const FILL_HOURS = 14 * DAY_HOURS;

/** The limits of the trend of days: five days of data at least; some days in a row without growth, more than a weekend, end it. */
const LAST_DAYS: TrendLimits = { minBuckets: 5, minSpan: 4 * DAY_HOURS, recent: (span) => Math.max(3 * DAY_HOURS, span / 2), latest: (span) => Math.max(3 * DAY_HOURS, span / 3) };

/** If two days in a row make more of the growth than this, it was one large copy. */
const MAX_COPY = 0.7;

/** Means of days that end with the last hour, oldest first; days without a value are left out. */
function daysOf(hours: readonly (number | null)[]): { readonly ends: number[]; readonly means: number[] } {
  const ends: number[] = [];
  const means: number[] = [];
  for (let end = hours.length % DAY_HOURS || DAY_HOURS; end <= hours.length; end += DAY_HOURS) {
    const known = hours.slice(Math.max(0, end - DAY_HOURS), end).filter((value) => value !== null);
    if (known.length === 0) continue;
    ends.push(end);
    means.push(known.reduce((sum, value) => sum + value, 0) / known.length);
  }
  return { ends, means };
}

function isOneCopy(means: readonly number[]): boolean {
  const growth = (means.at(-1) ?? 0) - (means[0] ?? 0);
  return means.some((mean, at) => at >= 2 && mean - (means[at - 2] ?? mean) > MAX_COPY * growth);
}

/**
 * Growth per hour in the value's unit, from its means of the last FILL_HOURS hours, oldest first, null where there is none: 0
 * without a rising trend, null if there is too little data. `resolution` is the metric's smallest step.
 */
export function fillTrendOf(hours: readonly (number | null)[], resolution: number): number | null {
  const { ends, means } = daysOf(hours);
  const trend = trendOf(ends, means, resolution, LAST_DAYS);
  return trend !== null && trend > 0 && isOneCopy(means) ? 0 : trend;
}

/** Hours until a percentage reaches 100; Infinity without growth, null while the trend is unknown. */
export function hoursToFull(value: number, trend: number | null): number | null {
  if (trend === null) return null;
  return trend === 0 ? Infinity : Math.max(0, 100 - value) / trend;
}

/** Hourly means of values that come one after the other, and their trend, renewed with each hour that is over. */
export class HourlyMeans {
  readonly #resolution: number;
  readonly #slots: (number | null)[] = [];
  #hour = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #count = 0;
  trend: number | null = null;

  constructor(resolution: number) {
    this.#resolution = resolution;
  }

  /** Adds a value of this time, epoch ms. Times must ascend. */
  add(time: number, value: number, weight = 1): void {
    this.advance(time);
    this.#sum += value * weight;
    this.#count += weight;
  }

  /** Closes the hours before this time. */
  advance(time: number): void {
    const hour = Math.floor(time / HOUR);
    if (hour <= this.#hour) return;
    if (this.#hour !== Number.NEGATIVE_INFINITY) {
      this.#slots.push(this.#count === 0 ? null : this.#sum / this.#count);
      for (let missing = Math.min(hour - this.#hour - 1, FILL_HOURS); missing > 0; missing -= 1) this.#slots.push(null);
      this.#slots.splice(0, this.#slots.length - FILL_HOURS);
      this.trend = fillTrendOf(this.#slots, this.#resolution);
    }
    this.#hour = hour;
    this.#sum = 0;
    this.#count = 0;
  }
}
