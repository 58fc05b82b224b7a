/** From samples to the points of an answer: raw or in buckets, holes as holes. */
import type { SeriesKey } from '../../../shared/metrics/index';
import { bucketStart } from './bucket';
import type { Items } from './items';
import type { Samples } from './samples';
import type { SeriesPoints } from '../../../shared/series/types';

/** A pause longer than this many intervals (or buckets) is a hole. Seldom late is not missing. */
const GAP_INTERVALS = 2.5;

/**
 * In buckets wider than this (ms) a marked hole is shown only if it is as long as a bucket: a restart of three
 * seconds each day must not cut the line of a year into dots.
 */
const SHORT_GAP_LIMIT = 5 * 60_000;

/** What decides where a line of points breaks. */
export interface GapRules {
  /** The series' usual sampling interval, ms. */
  readonly interval: number;
  /** Times (epoch ms, ascending) of samples that came after a known hole. */
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

/** Answers for ascending times whether a mark lies in (before, after]. */
function gapMarkerFinder(markers: readonly number[]): (before: number, after: number) => boolean {
  let next = 0;
  return (before, after) => {
    while (next < markers.length && (markers[next] ?? 0) <= before) next += 1;
    return (markers[next] ?? Infinity) <= after;
  };
}

/**
 * Every sample a point of its own; `samples` must be in time order. A hole's point stands one interval after
 * the last sample, or half way where the hole is shorter than that.
 */
export function toRawPoints(series: SeriesKey, samples: Samples, rules: GapRules): SeriesPoints {
  const columns = emptyColumns();
  const isGapMarked = gapMarkerFinder(rules.markers);
  let before: number | null = null;
  for (let i = 0; i < samples.time.length; i += 1) {
    const time = samples.time[i] ?? 0;
    const value = samples.value[i] ?? 0;
    if (before !== null && (isGapMarked(before, time) || time - before > GAP_INTERVALS * rules.interval)) {
      pushGap(columns, before + Math.min(rules.interval, (time - before) / 2));
    }
    pushPoint(columns, time, value, value, value, 1);
    before = time;
  }
  return { series, ...columns };
}

/** A bucket being filled. Kept as plain numbers: a year of points passes through here. */
interface OpenBucket {
  start: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** A hole lies inside, or between it and the next bucket. */
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
 * Items in buckets of `step` ms aligned to UTC, empty ones left out; `items` must be in time order. A point wider than
 * a bucket stands in the bucket it begins in. A hole's point stands at the first empty bucket, or half way into the
 * bucket before it where none is empty.
 */
export function toItemPoints(series: SeriesKey, items: Items, rules: GapRules, step: number): SeriesPoints {
  const columns = emptyColumns();
  const isGapMarked = gapMarkerFinder(rules.markers);
  const shortest = step > SHORT_GAP_LIMIT ? step : 0;
  let bucket: OpenBucket | null = null;
  let bucketStep = step;
  /** End of what is known before an item: a sample's time, a bucket's last one. */
  let before = 0;
  for (let i = 0; i < items.length; i += 1) {
    const time = items.time[i] ?? 0;
    const width = items.width[i] ?? 0;
    const start = bucketStart(time, step);
    const longest = GAP_INTERVALS * Math.max(rules.interval, step, width);
    const pause = time - before;
    if (bucket !== null && (pause > longest || (isGapMarked(before, time + Math.max(0, width - 1)) && pause >= shortest))) bucket.hasGap = true;
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
