/**
 * Predicts when a percentage reaches 100 at its current trend. The trend is the median of the slopes between all pairs of
 * buckets of the last hours (Theil–Sen: P. K. Sen, JASA 63, 1968), which a single large copy or outliers do not affect. It
 * counts only if it continues to the end and exceeds the noise, so that temporary files are no trend.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What a trend needs to count, in hours; `span` is the time between the first value and the last. */
export interface TrendLimits {
  readonly minBuckets: number;
  readonly minSpan: number;
  /** The end of the time that gives the current rate, and the end in which values must still grow. */
  recent(span: number): number;
  latest(span: number): number;
}

/** Values are averaged over buckets of this width, ms. */
const BUCKET = 10 * MINUTE;
/** Time the trend is computed from, ms. */
const WINDOW = 4 * HOUR;
/** The limits of the trend of the last hours. */
const LAST_HOURS: TrendLimits = { minBuckets: 12, minSpan: 105 / 60, recent: (span) => span / 3, latest: (span) => span / 6 };
/**
 * The rise over the window must be at least this many steps of the metric, standard deviations from the line, and times
 * the largest drop within it: space that is freed regularly is no trend.
 */
const MIN_STEPS = 5;
const MIN_DEVIATIONS = 3;
const MIN_DROPS = 2;
/** Factor from median absolute deviation to standard deviation of normal noise: 1 ÷ Φ⁻¹(3⁄4). */
const TO_DEVIATION = 1.4826;
/** At the end it must still grow by this share of the trend. */
const MIN_LATEST = 0.3;

const CAPACITY = WINDOW / BUCKET + 1;
/** Buffer for the slopes of all pairs, shared by all forecasts. */
const scratch = new Float64Array((CAPACITY * (CAPACITY - 1)) / 2);

/** Median of the first `length` numbers in the buffer. */
function medianOf(length: number): number {
  const sorted = scratch.subarray(0, length).sort();
  const middle = length >> 1;
  return length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Median of the slopes between all pairs from index `from` on, per hour; 0 for fewer than two points. */
function slopeOf(hours: readonly number[], values: readonly number[], from: number): number {
  let pairs = 0;
  for (let i = from; i < hours.length; i += 1) {
    for (let j = i + 1; j < hours.length; j += 1) {
      scratch[pairs] = ((values[j] ?? 0) - (values[i] ?? 0)) / ((hours[j] ?? 0) - (hours[i] ?? 0));
      pairs += 1;
    }
  }
  return pairs === 0 ? 0 : medianOf(pairs);
}

/** Estimated standard deviation from the line of this slope. */
function deviationOf(hours: readonly number[], values: readonly number[], slope: number): number {
  const fill = (of: (i: number) => number): number => {
    for (let i = 0; i < hours.length; i += 1) scratch[i] = of(i);
    return medianOf(hours.length);
  };
  const offset = (i: number): number => (values[i] ?? 0) - slope * (hours[i] ?? 0);
  const middle = fill(offset);
  return TO_DEVIATION * fill((i) => Math.abs(offset(i) - middle));
}

/** Largest drop of a value below an earlier one. */
function largestDrop(values: readonly number[]): number {
  let highest = Number.NEGATIVE_INFINITY;
  let drop = 0;
  for (const value of values) {
    highest = Math.max(highest, value);
    drop = Math.max(drop, highest - value);
  }
  return drop;
}

/**
 * Growth per hour in the value's unit: 0 without a rising trend, null if there is too little data. `hours` must ascend;
 * `resolution` is the metric's smallest step. At most as many values as the window of the last hours has buckets.
 */
export function trendOf(hours: readonly number[], values: readonly number[], resolution: number, limits = LAST_HOURS): number | null {
  const last = hours[hours.length - 1] ?? 0;
  const span = last - (hours[0] ?? 0);
  if (hours.length < limits.minBuckets || span < limits.minSpan) return null;
  const slope = slopeOf(hours, values, 0);
  const rise = slope * span;
  if (rise < MIN_STEPS * resolution || rise < MIN_DROPS * largestDrop(values) || rise < MIN_DEVIATIONS * deviationOf(hours, values, slope)) return 0;
  const slopeSince = (part: number): number => slopeOf(hours, values, hours.findIndex((hour) => hour >= last - part));
  if (slopeSince(limits.latest(span)) < MIN_LATEST * slope) return 0;
  // If growth has slowed down, the recent rate counts.
  return Math.max(0, Math.min(slope, slopeSince(limits.recent(span))));
}

/** Forecast of one series. Adds up samples; computes the trend once per bucket. */
export class Forecast {
  readonly #resolution: number;
  readonly #hours: number[] = [];
  readonly #values: number[] = [];
  #bucket = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #count = 0;
  /** Growth per hour; null while unknown. */
  #trend: number | null = null;

  constructor(resolution: number) {
    this.#resolution = resolution;
  }

  /**
   * Adds a sample: steady time in ms, value in percent. Returns the hours until 100 % at the trend, Infinity without growth,
   * null if the value is missing or there is too little data.
   */
  add(steady: number, value: number | null): number | null {
    const bucket = Math.floor(steady / BUCKET);
    if (bucket !== this.#bucket) this.#open(bucket);
    if (value === null) return null;
    this.#sum += value;
    this.#count += 1;
    if (this.#trend === null) return null;
    return this.#trend === 0 ? Infinity : Math.max(0, 100 - value) / this.#trend;
  }

  /** Closes the current bucket and opens the next. If time goes backwards, all data is dropped. */
  #open(bucket: number): void {
    if (bucket < this.#bucket) this.#hours.length = this.#values.length = 0;
    else if (this.#count > 0) {
      this.#hours.push((this.#bucket * BUCKET) / HOUR);
      this.#values.push(this.#sum / this.#count);
    }
    const oldest = ((bucket - CAPACITY + 1) * BUCKET) / HOUR;
    while ((this.#hours[0] ?? Infinity) < oldest) {
      this.#hours.shift();
      this.#values.shift();
    }
    this.#bucket = bucket;
    this.#sum = 0;
    this.#count = 0;
    this.#trend = trendOf(this.#hours, this.#values, this.#resolution);
  }
}
