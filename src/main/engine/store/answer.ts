/** From what is stored to answers. Knows series and their paces, no SQL. */
import { niceStep } from '../../../shared/series/bucket';
import { intervalOf } from '../../../shared/series/interval';
import { emptyItems, inItemOrder, pushItem } from '../../../shared/series/items';
import type { Items } from '../../../shared/series/items';
import { toItemPoints, toRawPoints } from '../../../shared/series/points';
import { inTimeOrder } from '../../../shared/series/samples';
import type { Samples } from '../../../shared/series/samples';
import { COLLAPSED_ERROR, SKETCH_ERROR } from '../../../shared/series/sketch';
import { statsOf, timeAbove, weightedStats } from '../../../shared/series/stats';
import type { SeriesAnswer, SeriesQuery, SeriesStats, StatsQuery } from '../../../shared/series/types';
import type { SeriesKey } from '../../../shared/metrics/index';
import { finestAt, planChart, planStats } from './plan';
import type { Horizons, Segment } from './plan';
import type { WeightSink } from './reader';
import { TIERS } from './tiers';

/** What is known of the asked series in the asked range. */
export interface Material {
  /** Samples that are in no chunk yet. */
  unsealed(key: SeriesKey): Samples;
  /** Sealed samples in a part of the range. */
  sealed(key: SeriesKey, range: { from: number; to: number }): Samples;
  /** Adds the rollup points of a part. */
  points(key: SeriesKey, segment: Segment, to: Items): void;
  /** Adds them, and their values by how many samples they stand for. */
  weights(key: SeriesKey, segment: Segment, to: Items, push: WeightSink): void;
  readonly horizons: Horizons;
  /** Times of the first samples after known holes, ascending. */
  readonly marks: readonly number[];
}

/** Interval assumed for a series no descriptor knows; such a one is empty anyway. */
const UNKNOWN_INTERVAL = { shortest: 1000, usual: 1000 } as const;

/** Percentiles over no more than this are exact, ms: every sample is looked at. */
const EXACT_RANGE = 3 * 3_600_000;

function addSamples(to: Items, { time, value }: Samples): void {
  for (let i = 0; i < time.length; i += 1) pushItem(to, time[i] ?? 0, 0, 1, value[i] ?? 0, value[i] ?? 0, value[i] ?? 0);
}

function joined(a: Samples, b: Samples): Samples {
  return inTimeOrder({ time: [...a.time, ...b.time], value: [...a.value, ...b.value] });
}

/**
 * Answers a query: the samples themselves where the range holds no more than the wanted points at the shortest
 * sampling interval of the asked series, and they are still kept, else buckets of a nice width.
 */
export function answerQuery(query: SeriesQuery, material: Material): SeriesAnswer {
  const series = query.series.map((key) => ({ key, interval: intervalOf(key) ?? UNKNOWN_INTERVAL }));
  const shortest = Math.min(...series.map((one) => one.interval.shortest));
  const range = query.to - query.from;
  if (range <= query.points * shortest && material.horizons(0) <= query.from) {
    const all = series.map(({ key, interval }) => ({ key, interval, samples: joined(material.sealed(key, query), material.unsealed(key)) }));
    // Samples may be denser than their pace where a clock was set back; the caller's number still holds.
    if (all.every(({ samples }) => samples.time.length <= query.points)) {
      return { step: shortest, series: all.map(({ key, interval, samples }) => toRawPoints(key, samples, { interval: interval.usual, marks: material.marks })) };
    }
  }
  const step = niceStep(range, query.points, Math.max(shortest, TIERS[finestAt(query.to, material.horizons)].width));
  const plan = planChart(query, step, material.horizons);
  return {
    step,
    series: series.map(({ key, interval }) => toItemPoints(key, itemsFor(key, plan, material), { interval: interval.usual, marks: material.marks }, step)),
  };
}

function itemsFor(key: SeriesKey, plan: readonly Segment[], material: Material): Items {
  const items = emptyItems();
  for (const segment of plan) {
    if (segment.tier === 0) addSamples(items, material.sealed(key, segment));
    else material.points(key, segment, items);
  }
  addSamples(items, material.unsealed(key));
  return inItemOrder(items);
}

/** Statistics of each series. Count, min, max and avg are exact; percentiles are where every sample is at hand. */
export function answerStats(query: StatsQuery, material: Material): SeriesStats[] {
  const isExact = query.to - query.from <= EXACT_RANGE && material.horizons(0) <= query.from;
  return query.series.map((key) => (isExact ? exactStats(key, query, material) : sketchedStats(key, query, material)));
}

function exactStats(key: SeriesKey, query: StatsQuery, material: Material): SeriesStats {
  const samples = joined(material.sealed(key, query), material.unsealed(key));
  const interval = intervalOf(key)?.usual ?? UNKNOWN_INTERVAL.usual;
  return { ...statsOf(key, samples), error: 0, ...timeAbove(query.threshold, samples.value, null, sampledTime(samples.time, interval)) };
}

/** Milliseconds a series was sampled: from each sample to the next, but no longer than a pause that is no hole. */
function sampledTime(time: readonly number[], interval: number): number {
  return time.reduce((sum, at, i) => sum + Math.min((time[i + 1] ?? at + interval) - at, 2.5 * interval), 0);
}

function sketchedStats(key: SeriesKey, query: StatsQuery, material: Material): SeriesStats {
  const points = emptyItems();
  const samples = emptyItems();
  const values: number[] = [];
  const counts: number[] = [];
  const push: WeightSink = (value, count) => {
    values.push(value);
    counts.push(count);
  };
  let error = 0;
  for (const segment of planStats(query, material.horizons)) {
    if (segment.tier > 0) error = Math.max(error, segment.tier === 3 ? COLLAPSED_ERROR : SKETCH_ERROR);
    if (segment.tier === 0) addSamples(samples, material.sealed(key, segment));
    else material.weights(key, segment, points, push);
  }
  addSamples(samples, material.unsealed(key));
  for (const value of samples.sum) push(value, 1);
  const ordered = inItemOrder(samples);
  const interval = intervalOf(key)?.usual ?? UNKNOWN_INTERVAL.usual;
  const covered = points.width.reduce((sum, width) => sum + width, 0) + sampledTime(ordered.time, interval);
  const last = lastOf(key, points, ordered, query, material);
  const stats = weightedStats(key, [points, ordered], values, counts, last);
  return { ...stats, error: points.time.length === 0 ? 0 : error, ...timeAbove(query.threshold, values, counts, covered) };
}

/** The latest sample; the mean of the latest bucket where its samples are gone. */
function lastOf(key: SeriesKey, points: Items, samples: Items, range: { to: number }, material: Material): number | null {
  let newest = -1;
  points.time.forEach((time, i) => {
    if (newest < 0 || time >= (points.time[newest] ?? 0)) newest = i;
  });
  const lastSample = samples.time[samples.time.length - 1];
  const bucket = points.time[newest];
  if (bucket === undefined || (lastSample !== undefined && lastSample >= bucket)) return samples.sum[samples.sum.length - 1] ?? null;
  if (bucket >= material.horizons(0)) {
    const { value } = inTimeOrder(material.sealed(key, { from: bucket, to: Math.min(range.to, bucket + (points.width[newest] ?? 0)) }));
    const last = value[value.length - 1];
    if (last !== undefined) return last;
  }
  return (points.sum[newest] ?? 0) / (points.count[newest] ?? 1);
}
