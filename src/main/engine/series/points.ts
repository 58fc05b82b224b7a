/** Turns stored samples and rollup points into the points of a query result, with gaps as points without values. */
import type { SeriesKey } from '../../../shared/metrics/index';
import { bucketStart } from './bucket';
import type { Items } from './items';
import { GAP_INTERVALS } from './samples';
import type { Samples } from './samples';
import type { SeriesPoints } from '../../../shared/series/types';

/**
 * In buckets wider than this (ms) a recorded gap is shown only if it is as long as a bucket: a restart of three seconds
 * each day must not cut the line of a year into dots.
 */
const SHORT_GAP_LIMIT = 5 * 60_000;

/** Decides where the points of a series have a gap. */
export interface GapRules {
  /** The series' usual sampling interval, ms. */
  readonly interval: number;
  /** Times (epoch ms, ascending) of the first samples after a recorded gap. */
  readonly markers: readonly number[];
}

interface SeriesColumns {
  readonly time: number[];
  readonly min: (number | null)[];
  readonly avg: (number | null)[];
  readonly max: (number | null)[];
  readonly count: number[];
}

function emptyColumns(): SeriesColumns {
  return { time: [], min: [], avg: [], max: [], count: [] };
}

function pushPoint(to: SeriesColumns, time: number, min: number | null, avg: number | null, max: number | null, count: number): void {
  to.time.push(time);
  to.min.push(min);
  to.avg.push(avg);
  to.max.push(max);
  to.count.push(count);
}

function pushGap(to: SeriesColumns, time: number): void {
  pushPoint(to, time, null, null, null, 0);
}

/** Returns a function that says, for ascending times, whether a gap marker is in (before, after]. */
function gapMarkerFinder(markers: readonly number[]): (before: number, after: number) => boolean {
  let next = 0;
  return (before, after) => {
    while (next < markers.length && (markers[next] ?? 0) <= before) next += 1;
    return (markers[next] ?? Infinity) <= after;
  };
}

/**
 * One point per sample; `samples` must be in time order. A gap's point is one interval after the last sample, or half way
 * to the next one if the gap is shorter.
 */
export function toRawPoints(series: SeriesKey, samples: Samples, rules: GapRules): SeriesPoints {
  const columns = emptyColumns();
  const hasMarker = gapMarkerFinder(rules.markers);
  let before: number | null = null;
  for (let i = 0; i < samples.time.length; i += 1) {
    const time = samples.time[i] ?? 0;
    const value = samples.value[i] ?? 0;
    if (before !== null && (hasMarker(before, time) || time - before > GAP_INTERVALS * rules.interval)) {
      pushGap(columns, before + Math.min(rules.interval, (time - before) / 2));
    }
    pushPoint(columns, time, value, value, value, 1);
    before = time;
  }
  return { series, ...columns };
}

/** A bucket being filled. A mutable object, because a year of points passes through here. */
interface OpenBucket {
  start: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** There is a gap in it, or between it and the next bucket. */
  hasGap: boolean;
}

function addToBucket(bucket: OpenBucket, items: Items, i: number): void {
  bucket.count += items.count[i] ?? 0;
  bucket.sum += items.sum[i] ?? 0;
  bucket.min = Math.min(bucket.min, items.min[i] ?? Infinity);
  bucket.max = Math.max(bucket.max, items.max[i] ?? -Infinity);
}

function closeBucket(to: SeriesColumns, bucket: OpenBucket, step: number, next: number | null): void {
  pushPoint(to, bucket.start, bucket.min, bucket.sum / bucket.count, bucket.max, bucket.count);
  if (!bucket.hasGap || next === null) return;
  const end = bucket.start + step;
  pushGap(to, end < next ? end : bucket.start + step / 2);
}

/**
 * One point per bucket of `step` ms aligned to UTC, without empty buckets; `items` must be in time order. An item wider
 * than a bucket counts in the bucket it begins in. A gap's point is at the first empty bucket, or, if none is empty, half
 * way into the bucket before it.
 */
export function toItemPoints(series: SeriesKey, items: Items, rules: GapRules, step: number): SeriesPoints {
  const columns = emptyColumns();
  const hasMarker = gapMarkerFinder(rules.markers);
  const shortest = step > SHORT_GAP_LIMIT ? step : 0;
  let bucket: OpenBucket | null = null;
  let bucketStep = step;
  /** End of the data before an item: a sample's time, or the last sample of a bucket. */
  let before = 0;
  for (let i = 0; i < items.length; i += 1) {
    const time = items.time[i] ?? 0;
    const width = items.width[i] ?? 0;
    const start = bucketStart(time, step);
    const longest = GAP_INTERVALS * Math.max(rules.interval, step, width);
    const pause = time - before;
    if (bucket !== null && (pause > longest || (hasMarker(before, time + Math.max(0, width - 1)) && pause >= shortest))) bucket.hasGap = true;
    if (bucket === null || start !== bucket.start) {
      if (bucket !== null) closeBucket(columns, bucket, bucketStep, start);
      bucket = { start, count: 0, sum: 0, min: Infinity, max: -Infinity, hasGap: false };
    }
    bucketStep = Math.max(step, width);
    addToBucket(bucket, items, i);
    before = time + Math.max(0, width - rules.interval);
  }
  if (bucket !== null) closeBucket(columns, bucket, step, null);
  return { series, ...columns };
}
