/** From what is stored to answers. Knows series and their paces, no SQL. */
import { niceStep } from '../../series/bucket';
import { intervalOf } from '../../series/interval';
import { inItemOrder, Items } from '../../series/items';
import { toItemPoints, toRawPoints } from '../../series/points';
import type { GapRules } from '../../series/points';
import { inTimeOrder } from '../../series/samples';
import type { Samples } from '../../series/samples';
import { COLLAPSED_ERROR, SKETCH_ERROR } from '../../series/sketch';
import { statsOf, timeAbove, weightedStats } from '../../series/stats';
import { SeriesSummary } from '../../series/summary';
import type { SeriesResponse, SeriesPoints, SeriesQuery, SeriesStats, StatsQuery } from '../../../../shared/series/types';
import type { SeriesKey } from '../../../../shared/metrics/index';
import { finestAt, planChart, planStats } from './query-planner';
import type { Horizons, Segment } from './query-planner';
import { TIERS } from '../tiers';

/** What is known of the asked series in the asked range. */
export interface QuerySources {
  /** Samples that are in no chunk yet. */
  unsealed(key: SeriesKey): Samples;
  /** Sealed samples in a part of the range. */
  sealed(key: SeriesKey, range: { from: number; to: number }): Generator<void, Samples>;
  /** Adds the rollup points of a part. */
  points(key: SeriesKey, segment: Segment, to: Items): Generator<void>;
  /** Adds them as statistics see them. */
  summarize(key: SeriesKey, segment: Segment, to: SeriesSummary): Generator<void>;
  readonly horizons: Horizons;
  /** Times of the first samples after known holes, ascending. */
  readonly markers: readonly number[];
}

/** Interval assumed for a series no descriptor knows; such a one is empty anyway. */
const UNKNOWN_INTERVAL = { shortest: 1000, usual: 1000 } as const;

/** Percentiles over no more than this are exact, ms: every sample is looked at. */
const EXACT_RANGE = 3 * 3_600_000;

const NO_SAMPLES: Samples = { time: [], value: [] };

function joined(a: Samples, b: Samples): Samples {
  return inTimeOrder({ time: [...a.time, ...b.time], value: [...a.value, ...b.value] });
}

/**
 * Answers a query: the samples themselves where the range holds no more than the wanted points at the shortest
 * sampling interval of the asked series, and they are still kept, else buckets of a nice width. Pauses are where other
 * work may go on.
 */
export function* executeQuery(query: SeriesQuery, material: QuerySources): Generator<void, SeriesResponse> {
  const intervals = query.series.map((key) => intervalOf(key) ?? UNKNOWN_INTERVAL);
  const shortest = Math.min(...intervals.map((one) => one.shortest));
  const range = query.to - query.from;
  const rules = (i: number): GapRules => ({ interval: intervals[i]?.usual ?? UNKNOWN_INTERVAL.usual, markers: material.markers });
  if (range <= query.points * shortest && material.horizons(0) <= query.from) {
    const all = yield* samplesOf(query, material);
    // Samples may be denser than their pace where a clock was set back; the caller's number still holds.
    if (all.every(({ time }) => time.length <= query.points)) {
      return { step: shortest, series: query.series.map((key, i) => toRawPoints(key, all[i] ?? NO_SAMPLES, rules(i))) };
    }
  }
  const step = niceStep(range, query.points, Math.max(shortest, TIERS[finestAt(query.to, material.horizons)].width));
  const plan = planChart(query, step, material.horizons);
  const series: SeriesPoints[] = [];
  const items = new Items();
  for (const [i, key] of query.series.entries()) {
    series.push(toItemPoints(key, yield* itemsFor(key, plan, material, items), rules(i), step));
    yield;
  }
  return { step, series };
}

function* samplesOf(query: SeriesQuery, material: QuerySources): Generator<void, Samples[]> {
  const all: Samples[] = [];
  for (const key of query.series) {
    all.push(joined(yield* material.sealed(key, query), material.unsealed(key)));
    yield;
  }
  return all;
}

/** `items` are used again for each series: fresh memory for years of points costs more than reading them. */
function* itemsFor(key: SeriesKey, plan: readonly Segment[], material: QuerySources, items: Items): Generator<void, Items> {
  items.length = 0;
  for (const segment of plan) {
    if (segment.tier === 0) items.addSamples(yield* material.sealed(key, segment));
    else yield* material.points(key, segment, items);
  }
  items.addSamples(material.unsealed(key));
  return inItemOrder(items);
}

/** Statistics of each series. Count, min, max and avg are exact; percentiles are where every sample is at hand. */
export function* executeStats(query: StatsQuery, material: QuerySources): Generator<void, SeriesStats[]> {
  const isExact = query.to - query.from <= EXACT_RANGE && material.horizons(0) <= query.from;
  const answers: SeriesStats[] = [];
  for (const key of query.series) {
    answers.push(yield* isExact ? exactStats(key, query, material) : sketchedStats(key, query, material));
    yield;
  }
  return answers;
}

function* exactStats(key: SeriesKey, query: StatsQuery, material: QuerySources): Generator<void, SeriesStats> {
  const samples = joined(yield* material.sealed(key, query), material.unsealed(key));
  const interval = intervalOf(key)?.usual ?? UNKNOWN_INTERVAL.usual;
  return { ...statsOf(key, samples), error: 0, ...timeAbove(query.threshold, samples.value, null, sampledTime(samples.time, interval)) };
}

/** Milliseconds a series was sampled: from each sample to the next, but no longer than a pause that is no hole. */
function sampledTime(time: readonly number[], interval: number): number {
  return time.reduce((sum, at, i) => sum + Math.min((time[i + 1] ?? at + interval) - at, 2.5 * interval), 0);
}

function* sketchedStats(key: SeriesKey, query: StatsQuery, material: QuerySources): Generator<void, SeriesStats> {
  const summary = new SeriesSummary();
  let samples = material.unsealed(key);
  let error = 0;
  for (const segment of planStats(query, material.horizons)) {
    if (segment.tier === 0) {
      samples = joined(samples, yield* material.sealed(key, segment));
    } else {
      const before = summary.count;
      yield* material.summarize(key, segment, summary);
      if (summary.count > before) error = Math.max(error, segment.tier === 3 ? COLLAPSED_ERROR : SKETCH_ERROR);
    }
  }
  const bucket = summary.newest();
  const { time, value } = inTimeOrder(samples);
  for (const one of value) {
    summary.add(1, one, one, one, 0);
    summary.addValue(one, 1);
  }
  summary.covered += sampledTime(time, intervalOf(key)?.usual ?? UNKNOWN_INTERVAL.usual);
  const lastSample = time[time.length - 1];
  const isSample = bucket === null || (lastSample !== undefined && lastSample >= bucket.time);
  const last = isSample ? (value[value.length - 1] ?? null) : yield* lastIn(key, bucket, query, material);
  return { ...weightedStats(key, summary, last), error, ...timeAbove(query.threshold, summary.values, summary.counts, summary.covered) };
}

/** The latest sample of a bucket; its mean where its samples are gone. */
function* lastIn(key: SeriesKey, { time, width, mean }: { time: number; width: number; mean: number }, range: { to: number }, material: QuerySources): Generator<void, number> {
  if (time < material.horizons(0)) return mean;
  const { value } = inTimeOrder(yield* material.sealed(key, { from: time, to: Math.min(range.to, time + width) }));
  return value[value.length - 1] ?? mean;
}
