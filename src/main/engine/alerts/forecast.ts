/**
 * When a share becomes full at its present trend. The trend is the median of the slopes between all pairs of buckets of
 * the last hours (Theil–Sen: P. K. Sen, JASA 63, 1968), which one big copy or a few odd values do not move. It counts only
 * where it has gone on to the end and stands out from the noise, so that temporary files are no trend.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Values are gathered into means of this length, ms. */
const BUCKET = 10 * MINUTE;
/** How far the trend looks back, ms. */
const WINDOW = 4 * HOUR;
/** Fewest buckets, and the least time between the first and the last, ms. */
const MIN_BUCKETS = 12;
const MIN_SPAN = 105 * MINUTE;
/**
 * The rise over the window must be at least so many steps of the metric, so many typical deviations from the line, and so
 * many times the deepest fall within it: what is cleared away now and then is no trend.
 */
const MIN_STEPS = 5;
const MIN_DEVIATIONS = 3;
const MIN_FALLS = 2;
/** Median absolute deviation to standard deviation, for normal noise: 1 ÷ Φ⁻¹(3⁄4). */
const TO_DEVIATION = 1.4826;
/** The last part of the window tells how fast it grows now; the very last must still grow by so much of the trend. */
const RECENT = 1 / 3;
const LATEST = 1 / 6;
const MIN_LATEST = 0.3;

const CAPACITY = WINDOW / BUCKET + 1;
/** Room for the slopes of all pairs; a forecast is made in one go, so all share it. */
const scratch = new Float64Array((CAPACITY * (CAPACITY - 1)) / 2);

/** Middle of the first `length` numbers of the scratch. */
function medianOf(length: number): number {
  const sorted = scratch.subarray(0, length).sort();
  const middle = length >> 1;
  return length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Median of the slopes between all pairs from `from` on, per hour; 0 for fewer than two points. */
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

/** Typical distance from the line of this slope. */
function deviationOf(hours: readonly number[], values: readonly number[], slope: number): number {
  const fill = (of: (i: number) => number): number => {
    for (let i = 0; i < hours.length; i += 1) scratch[i] = of(i);
    return medianOf(hours.length);
  };
  const offset = (i: number): number => (values[i] ?? 0) - slope * (hours[i] ?? 0);
  const middle = fill(offset);
  return TO_DEVIATION * fill((i) => Math.abs(offset(i) - middle));
}

/** The furthest a value lies below one before it. */
function deepestFall(values: readonly number[]): number {
  let highest = Number.NEGATIVE_INFINITY;
  let fall = 0;
  for (const value of values) {
    highest = Math.max(highest, value);
    fall = Math.max(fall, highest - value);
  }
  return fall;
}

/**
 * Growth in the value's unit per hour: 0 where it does not grow, null where there is too little to tell.
 * `hours` ascend; `resolution` is the metric's smallest step.
 */
export function trendOf(hours: readonly number[], values: readonly number[], resolution: number): number | null {
  const last = hours[hours.length - 1] ?? 0;
  const span = last - (hours[0] ?? 0);
  if (hours.length < MIN_BUCKETS || span * HOUR < MIN_SPAN) return null;
  const slope = slopeOf(hours, values, 0);
  const rise = slope * span;
  if (rise < MIN_STEPS * resolution || rise < MIN_FALLS * deepestFall(values) || rise < MIN_DEVIATIONS * deviationOf(hours, values, slope)) return 0;
  const slopeSince = (share: number): number => slopeOf(hours, values, hours.findIndex((hour) => hour >= last - span * share));
  if (slopeSince(LATEST) < MIN_LATEST * slope) return 0;
  // What has slowed down will take longer than it did.
  return Math.max(0, Math.min(slope, slopeSince(RECENT)));
}

/** Follows one share and says how long until it is full. Costs an addition per sample, and a look at the trend per bucket. */
export class Forecast {
  readonly #resolution: number;
  readonly #hours: number[] = [];
  readonly #values: number[] = [];
  #bucket = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #count = 0;
  /** Per hour; null while unknown. */
  #trend: number | null = null;

  constructor(resolution: number) {
    this.#resolution = resolution;
  }

  /**
   * Takes a sample: steady time in ms, share in percent. Hours until the share is 100 at its trend, Infinity when it does
   * not grow, null when the value is missing or there is too little to tell.
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

  /** Closes the bucket that was filled and begins another. Time that runs backwards begins all anew. */
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
