/** Rollup points: what is kept of the samples of a bucket, and the one function that merges them. */
import { bucketStart } from './bucket';
import { SketchBuilder } from './sketch';
import type { Sketch } from './sketch';

/** All there is to know of a bucket. Numbers are whole steps of the metric's resolution, so that sums are exact. */
export interface Rollup {
  /** Start of the bucket, epoch ms. */
  readonly time: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly sketch: Sketch;
}

/** Fills one bucket. Every tier is made by this and nothing else. */
class Bucket {
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;
  readonly #sketch = new SketchBuilder();

  addSteps(steps: number): void {
    this.#count += 1;
    this.#sum += steps;
    if (steps < this.#min) this.#min = steps;
    if (steps > this.#max) this.#max = steps;
    this.#sketch.add(steps);
  }

  add(part: Rollup): void {
    this.#count += part.count;
    this.#sum += part.sum;
    if (part.min < this.#min) this.#min = part.min;
    if (part.max > this.#max) this.#max = part.max;
    this.#sketch.merge(part.sketch);
  }

  /** The point of what was added since the last call. */
  take(time: number): Rollup {
    const point = { time, count: this.#count, sum: this.#sum, min: this.#min, max: this.#max, sketch: this.#sketch.take() };
    this.#count = 0;
    this.#sum = 0;
    this.#min = Infinity;
    this.#max = -Infinity;
    return point;
  }
}

/** Cuts items (in time order) at the edges of buckets and makes a point of each bucket with something in it. */
function fillBuckets(count: number, width: number, timeOf: (i: number) => number, add: (bucket: Bucket, i: number) => void): Rollup[] {
  const points: Rollup[] = [];
  const bucket = new Bucket();
  for (let i = 0; i < count; i += 1) {
    add(bucket, i);
    const start = bucketStart(timeOf(i), width);
    if (i + 1 === count || bucketStart(timeOf(i + 1), width) !== start) points.push(bucket.take(start));
  }
  return points;
}

/** Rollup points of samples (in time order, values in steps), buckets of `width` ms aligned to UTC, empty ones left out. */
export function rollUpSamples(time: readonly number[], steps: readonly number[], width: number): Rollup[] {
  return fillBuckets(time.length, width, (i) => time[i] ?? 0, (bucket, i) => bucket.addSteps(steps[i] ?? 0));
}

/** Wider rollup points of narrower ones (in time order); points of the same bucket become one. */
export function rollUp(points: readonly Rollup[], width: number): Rollup[] {
  return fillBuckets(points.length, width, (i) => points[i]?.time ?? 0, (bucket, i) => {
    const point = points[i];
    if (point !== undefined) bucket.add(point);
  });
}
