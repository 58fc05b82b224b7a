/**
 * A histogram with buckets that grow by a fixed ratio, so that every quantile has a bounded relative error, and that
 * merges without loss (Masson, Rim and Lee, "DDSketch", VLDB 2019, section 2). It counts whole steps of a metric's
 * resolution: there is a bucket of its own for zero, for every whole number up to 50, and for each sign.
 */

/** Largest relative error of a quantile. */
export const SKETCH_ERROR = 0.01;
/** The same for a collapsed sketch (Epicoco et al., "UDDSketch", 2020, section 3): 2a / (1 + a²). */
export const COLLAPSED_ERROR = (2 * SKETCH_ERROR) / (1 + SKETCH_ERROR ** 2);

/** Ratio of neighbouring bucket edges that gives that error. */
const RATIO = (1 + SKETCH_ERROR) / (1 - SKETCH_ERROR);
const LOG_RATIO = Math.log(RATIO);

/** Counts by bucket, keys ascending; the two columns are of equal length. */
export interface Sketch {
  readonly keys: readonly number[];
  readonly counts: readonly number[];
}

/** A sketch of nothing. */
export const EMPTY_SKETCH: Sketch = { keys: [], counts: [] };

/** Keys of the whole numbers below this are looked up; 0 where one was not asked for yet. */
const SMALL_KEYS = new Uint16Array(4096);

/** Key of the bucket that counts `steps`: 0 for zero, 1 for one, negative for negative numbers. */
export function sketchKey(steps: number): number {
  const size = Math.abs(steps);
  if (size < 1) return 0;
  let key = SMALL_KEYS[size] ?? 0;
  if (key === 0) {
    key = Math.ceil(Math.log(size) / LOG_RATIO) + 1;
    if (size < SMALL_KEYS.length && Number.isInteger(size)) SMALL_KEYS[size] = key;
  }
  return steps < 0 ? -key : key;
}

/** Numbers of so many neighbouring keys are counted side by side. Zeros between calls. */
const tally = new Uint32Array(512);

/** The sketch of the numbers from place `from` to before `end`. Samples of a minute are mostly much alike. */
export function sketchOf(steps: ArrayLike<number>, from: number, end: number): Sketch {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = from; i < end; i += 1) {
    const one = steps[i] ?? 0;
    if (one < lowest) lowest = one;
    if (one > highest) highest = one;
  }
  const first = sketchKey(lowest);
  const width = sketchKey(highest) - first + 1;
  if (!(width <= tally.length)) {
    const builder = new SketchBuilder();
    for (let i = from; i < end; i += 1) builder.addBucket(sketchKey(steps[i] ?? 0), 1);
    return builder.take();
  }
  for (let i = from; i < end; i += 1) {
    const place = sketchKey(steps[i] ?? 0) - first;
    tally[place] = (tally[place] ?? 0) + 1;
  }
  const keys: number[] = [];
  const counts: number[] = [];
  for (let place = 0; place < width; place += 1) {
    const count = tally[place] ?? 0;
    if (count === 0) continue;
    keys.push(first + place);
    counts.push(count);
    tally[place] = 0;
  }
  return { keys, counts };
}

/** The number that stands for a bucket: the whole number itself where the bucket holds but one. */
export function sketchValue(key: number): number {
  return valueAt(key, LOG_RATIO);
}

/** The same for a bucket of a collapsed sketch. */
export function collapsedValue(key: number): number {
  return valueAt(key, 2 * LOG_RATIO);
}

/**
 * The sketch with every two neighbouring buckets made one: about half as many, at twice the error. Collapsed sketches
 * merge with each other, never with others.
 */
export function collapse(sketch: Sketch): Sketch {
  const builder = new SketchBuilder();
  // Bucket 1 ends at 1 before and after; 2 and 3 become 2, which ends where 3 did.
  const keys = sketch.keys.map((key) => Math.sign(key) * Math.ceil((Math.abs(key) + 1) / 2));
  builder.merge({ keys: keys.map((key, i) => (sketch.keys[i] === 0 ? 0 : key)), counts: sketch.counts });
  return builder.take();
}

function valueAt(key: number, logRatio: number): number {
  if (key === 0) return 0;
  const ratio = Math.exp(logRatio);
  const upper = Math.exp((Math.abs(key) - 1) * logRatio);
  const lower = upper / ratio;
  // The edges of a logarithm's inverse are a hair off, which must not cost a whole number.
  const whole = Math.floor(upper * (1 + 1e-12));
  const isOnlyOne = upper - lower < 1 && whole > lower;
  const size = isOnlyOne ? whole : (2 * upper) / (ratio + 1);
  return key < 0 ? -size : size;
}

/** Adds up numbers and sketches. */
export class SketchBuilder {
  readonly #counts = new Map<number, number>();

  merge({ keys, counts }: Sketch): void {
    for (let i = 0; i < keys.length; i += 1) this.addBucket(keys[i] ?? 0, counts[i] ?? 0);
  }

  /** The sketch of everything added since the last call. */
  take(): Sketch {
    const keys = [...this.#counts.keys()].sort((a, b) => a - b);
    const counts = keys.map((key) => this.#counts.get(key) ?? 0);
    this.#counts.clear();
    return { keys, counts };
  }

  /** Counts numbers of a bucket. */
  addBucket(key: number, count: number): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }
}
