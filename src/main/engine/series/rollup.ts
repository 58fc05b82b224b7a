/** Rollup points: what is kept of the samples of a bucket, and the one function that merges them. */
import { bucketStart } from './bucket';
import { SketchBuilder, sketchOf } from './sketch';
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

/** First item after `from` that lies in another bucket; items are in time order. */
function endOfBucket(count: number, from: number, width: number, timeOf: (i: number) => number): number {
  const limit = bucketStart(timeOf(from), width) + width;
  let end = from + 1;
  while (end < count && timeOf(end) < limit) end += 1;
  return end;
}

/** Rollup points of samples (in time order, values in steps), buckets of `width` ms aligned to UTC, empty ones left out. */
export function rollUpSamples(time: readonly number[], steps: ArrayLike<number>, width: number): Rollup[] {
  const points: Rollup[] = [];
  for (let from = 0, end = 0; from < time.length; from = end) {
    end = endOfBucket(time.length, from, width, (i) => time[i] ?? 0);
    let sum = 0;
    let min = Infinity;
    let max = -Infinity;
    for (let i = from; i < end; i += 1) {
      const one = steps[i] ?? 0;
      sum += one;
      if (one < min) min = one;
      if (one > max) max = one;
    }
    points.push({ time: bucketStart(time[from] ?? 0, width), count: end - from, sum, min, max, sketch: sketchOf(steps, from, end) });
  }
  return points;
}

/** One point of points of the same bucket: whatever is made of points is made by this and nothing else. */
function merge(points: readonly Rollup[], time: number): Rollup {
  const sketch = new SketchBuilder();
  let count = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const part of points) {
    count += part.count;
    sum += part.sum;
    if (part.min < min) min = part.min;
    if (part.max > max) max = part.max;
    sketch.merge(part.sketch);
  }
  return { time, count, sum, min, max, sketch: sketch.take() };
}

/** Wider rollup points of narrower ones (in time order); points of the same bucket become one. */
export function rollUp(points: readonly Rollup[], width: number): Rollup[] {
  const wider: Rollup[] = [];
  for (let from = 0, end = 0; from < points.length; from = end) {
    end = endOfBucket(points.length, from, width, (i) => points[i]?.time ?? 0);
    wider.push(merge(points.slice(from, end), bucketStart(points[from]?.time ?? 0, width)));
  }
  return wider;
}
