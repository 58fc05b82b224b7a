/**
 * Percentile sketch: a histogram whose buckets grow by a fixed ratio, so that every quantile has a bounded relative error
 * and sketches merge without loss (Masson, Rim and Lee, "DDSketch", VLDB 2019, section 2). It counts integers, the steps
 * of a metric's resolution: zero and every integer up to 50 have their own bucket, negative numbers have mirrored ones.
 */

/** Maximum relative error of a quantile. */
export const SKETCH_ERROR = 0.01;
/** The same for a collapsed sketch (Epicoco et al., "UDDSketch", 2020, section 3): 2a / (1 + a²). */
export const COLLAPSED_ERROR = (2 * SKETCH_ERROR) / (1 + SKETCH_ERROR ** 2);

/** Ratio of neighboring bucket edges that gives this error. */
const RATIO = (1 + SKETCH_ERROR) / (1 - SKETCH_ERROR);
const LOG_RATIO = Math.log(RATIO);

/** Counts by bucket: two columns of equal length, keys ascending. */
export interface Sketch {
  readonly keys: readonly number[];
  readonly counts: readonly number[];
}

/** The sketch of no numbers. */
export const EMPTY_SKETCH: Sketch = { keys: [], counts: [] };

/** Cache of the keys of small integers; 0 where not computed yet. */
const SMALL_KEYS = new Uint16Array(4096);

/** Key of the bucket of a number: 0 for zero, 1 for one, negative for negative numbers. */
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

/** Counters for a range of keys, reused by sketchOf; all zero between calls. */
const counters = new Uint32Array(512);

/** Sketch of the numbers at the indices [from, end). Fast where their keys are close, as those of a minute mostly are. */
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
  if (!(width <= counters.length)) {
    const builder = new SketchBuilder();
    for (let i = from; i < end; i += 1) builder.addBucket(sketchKey(steps[i] ?? 0), 1);
    return builder.take();
  }
  for (let i = from; i < end; i += 1) {
    const index = sketchKey(steps[i] ?? 0) - first;
    counters[index] = (counters[index] ?? 0) + 1;
  }
  const keys: number[] = [];
  const counts: number[] = [];
  for (let index = 0; index < width; index += 1) {
    const count = counters[index] ?? 0;
    if (count === 0) continue;
    keys.push(first + index);
    counts.push(count);
    counters[index] = 0;
  }
  return { keys, counts };
}

/** The value that represents a bucket; exact where the bucket contains a single integer. */
export function sketchValue(key: number): number {
  return valueAt(key, LOG_RATIO);
}

/** The value that represents a bucket of a collapsed sketch. */
export function collapsedValue(key: number): number {
  return valueAt(key, 2 * LOG_RATIO);
}

/**
 * Merges every two neighboring buckets: about half as many buckets, at twice the error. Collapsed sketches can be merged
 * with each other only.
 */
export function collapse(sketch: Sketch): Sketch {
  const builder = new SketchBuilder();
  // Bucket 1 ends at 1 before and after; buckets 2 and 3 become 2, which ends where 3 did.
  const keys = sketch.keys.map((key) => Math.sign(key) * Math.ceil((Math.abs(key) + 1) / 2));
  builder.merge({ keys: keys.map((key, i) => (sketch.keys[i] === 0 ? 0 : key)), counts: sketch.counts });
  return builder.take();
}

function valueAt(key: number, logRatio: number): number {
  if (key === 0) return 0;
  const ratio = Math.exp(logRatio);
  const upper = Math.exp((Math.abs(key) - 1) * logRatio);
  const lower = upper / ratio;
  // Rounding errors of exp(log x) must not lose an integer at the edge.
  const integer = Math.floor(upper * (1 + 1e-12));
  const isSingle = upper - lower < 1 && integer > lower;
  const size = isSingle ? integer : (2 * upper) / (ratio + 1);
  return key < 0 ? -size : size;
}

/** Builds a sketch from buckets and other sketches. */
export class SketchBuilder {
  readonly #counts = new Map<number, number>();

  merge({ keys, counts }: Sketch): void {
    for (let i = 0; i < keys.length; i += 1) this.addBucket(keys[i] ?? 0, counts[i] ?? 0);
  }

  /** Returns the sketch of everything added since the last call. */
  take(): Sketch {
    const keys = [...this.#counts.keys()].sort((a, b) => a - b);
    const counts = keys.map((key) => this.#counts.get(key) ?? 0);
    this.#counts.clear();
    return { keys, counts };
  }

  /** Adds `count` numbers to a bucket. */
  addBucket(key: number, count: number): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }
}
