/**
 * Rollup points: count, sum, extremes and percentile sketch of the samples of a bucket. One function merges them, so that
 * rolling up in one step or in several gives the same result.
 *
 * engine/series is the pure arithmetic of time series: buckets, rollups, sketches, points, statistics. It imports
 * src/shared and itself; no store, clock or collector.
 */
import { bucketStart } from './bucket';
import { SketchBuilder, sketchOf } from './sketch';
import type { Sketch } from './sketch';

/** Summary of one bucket. Numbers are integers, in steps of the metric's resolution, so that sums are exact. */
export interface Rollup {
  /** Start of the bucket, epoch ms. */
  readonly time: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly sketch: Sketch;
}

/** Index of the first item after `from` that is in another bucket; items must be in time order. */
function endOfBucket(count: number, from: number, width: number, timeOf: (i: number) => number): number {
  const limit = bucketStart(timeOf(from), width) + width;
  let end = from + 1;
  while (end < count && timeOf(end) < limit) end += 1;
  return end;
}

/** Rollup points of samples (in time order, values in steps), one per non-empty bucket of `width` ms aligned to UTC. */
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

/** Merges points of one bucket. Every rollup of rollups goes through this function. */
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

/** Rolls up points (in time order) to buckets of `width` ms, a multiple of theirs. */
export function rollUp(points: readonly Rollup[], width: number): Rollup[] {
  const wider: Rollup[] = [];
  for (let from = 0, end = 0; from < points.length; from = end) {
    end = endOfBucket(points.length, from, width, (i) => points[i]?.time ?? 0);
    wider.push(merge(points.slice(from, end), bucketStart(points[from]?.time ?? 0, width)));
  }
  return wider;
}
