/** Executes queries: turns stored data into points and statistics. Knows series and their sampling intervals, but no SQL. */
import { niceStep } from '../../series/bucket';
import { intervalOf } from '../../series/interval';
import { inItemOrder, Items } from '../../series/items';
import { MonitoredTime } from '../../series/monitored-time';
import type { KnownGap } from '../../series/monitored-time';
import { toItemPoints, toRawPoints } from '../../series/points';
import type { GapRules } from '../../series/points';
import { GAP_INTERVALS, inTimeOrder, sampledTime } from '../../series/samples';
import type { Samples } from '../../series/samples';
import { COLLAPSED_ERROR, SKETCH_ERROR } from '../../series/sketch';
import { statsOf, timeAbove, weightedStats } from '../../series/stats';
import { SeriesSummary } from '../../series/summary';
import type { SeriesResponse, SeriesPoints, SeriesQuery, SeriesStats, StatsQuery } from '../../../../shared/series/types';
import type { SeriesKey } from '../../../../shared/metrics/index';
import { finestAt, planChart, planStats } from './query-planner';
import type { Horizons, Segment } from './query-planner';
import { TIERS } from '../tiers';

/** The data of the queried series in the queried range. */
export interface QuerySources {
  /** Samples not in a chunk yet. */
  unsealed(key: SeriesKey): Samples;
  /** Sealed samples of a part of the range. */
  sealed(key: SeriesKey, range: { from: number; to: number }): Generator<void, Samples>;
  /** Adds the rollup points of a segment. */
  points(key: SeriesKey, segment: Segment, to: Items): Generator<void>;
  /** Adds the same points to a summary, for statistics. */
  summarize(key: SeriesKey, segment: Segment, to: SeriesSummary): Generator<void>;
  readonly horizons: Horizons;
  /** Time of the oldest data of all, epoch ms; null where there is none. */
  readonly begins: number | null;
  /** Gaps that overlap the range and whose beginning is known; those of earlier versions are left out. */
  knownGaps(): readonly KnownGap[];
  /** Times of the first samples after known gaps, ascending, epoch ms. */
  readonly markers: readonly number[];
}

/** Sampling interval assumed for a series without a descriptor, ms; such a series has no data anyway. */
const UNKNOWN_INTERVAL = { shortest: 1000, usual: 1000 } as const;

/** Percentiles of ranges up to this are exact, ms: every sample is read. */
const EXACT_RANGE = 3 * 3_600_000;

const NO_SAMPLES: Samples = { time: [], value: [] };

function joined(a: Samples, b: Samples): Samples {
  return inTimeOrder({ time: [...a.time, ...b.time], value: [...a.value, ...b.value] });
}

/**
 * Executes a query. Returns the samples themselves if they are still kept and the range has no more of them than points
 * wanted, at the shortest sampling interval of the series; otherwise buckets of a round width. Yields between steps, so that
 * other work can run.
 */
export function* executeQuery(query: SeriesQuery, sources: QuerySources): Generator<void, SeriesResponse> {
  const intervals = query.series.map((key) => intervalOf(key) ?? UNKNOWN_INTERVAL);
  const shortest = Math.min(...intervals.map((one) => one.shortest));
  const range = query.to - query.from;
  const rules = (i: number): GapRules => ({ interval: intervals[i]?.usual ?? UNKNOWN_INTERVAL.usual, markers: sources.markers });
  if (range <= query.points * shortest && sources.horizons(0) <= query.from) {
    const all = yield* samplesOf(query, sources);
    // Samples can be denser than their interval where a clock was set back; the limit of points still applies.
    if (all.every(({ time }) => time.length <= query.points)) {
      return { step: shortest, begins: sources.begins, series: query.series.map((key, i) => toRawPoints(key, all[i] ?? NO_SAMPLES, rules(i))) };
    }
  }
  const step = niceStep(range, query.points, Math.max(shortest, TIERS[finestAt(query.to, sources.horizons)].width));
  const plan = planChart(query, step, sources.horizons);
  const series: SeriesPoints[] = [];
  const items = new Items();
  for (const [i, key] of query.series.entries()) {
    series.push(toItemPoints(key, yield* itemsFor(key, plan, sources, items), rules(i), step));
    yield;
  }
  return { step, begins: sources.begins, series };
}

function* samplesOf(query: SeriesQuery, sources: QuerySources): Generator<void, Samples[]> {
  const all: Samples[] = [];
  for (const key of query.series) {
    all.push(joined(yield* sources.sealed(key, query), sources.unsealed(key)));
    yield;
  }
  return all;
}

/** `items` are reused for each series: allocating memory for years of points costs more than reading them. */
function* itemsFor(key: SeriesKey, plan: readonly Segment[], sources: QuerySources, items: Items): Generator<void, Items> {
  items.length = 0;
  for (const segment of plan) {
    if (segment.tier === 0) items.addSamples(yield* sources.sealed(key, segment));
    else yield* sources.points(key, segment, items);
  }
  items.addSamples(sources.unsealed(key));
  return inItemOrder(items);
}

/** Statistics of each series. Count, min, max and avg are exact; percentiles only where every sample is available. */
export function* executeStats(query: StatsQuery, sources: QuerySources): Generator<void, SeriesStats[]> {
  const isExact = query.to - query.from <= EXACT_RANGE && sources.horizons(0) <= query.from;
  const results: SeriesStats[] = [];
  const monitored = new MonitoredTime(isExact ? [] : sources.knownGaps());
  for (const key of query.series) {
    results.push(yield* isExact ? exactStats(key, query, sources) : sketchedStats(key, query, sources, monitored));
    yield;
  }
  return results;
}

function* exactStats(key: SeriesKey, query: StatsQuery, sources: QuerySources): Generator<void, SeriesStats> {
  const samples = joined(yield* sources.sealed(key, query), sources.unsealed(key));
  const covered = sampledTime(samples.time, query.to, usualOf(key), sources.markers);
  return { ...statsOf(key, samples), sampledSeconds: covered / 1000, error: 0, ...timeAbove(query, samples.value, null, covered) };
}

function usualOf(key: SeriesKey): number {
  return intervalOf(key)?.usual ?? UNKNOWN_INTERVAL.usual;
}

function* sketchedStats(key: SeriesKey, query: StatsQuery, sources: QuerySources, monitored: MonitoredTime): Generator<void, SeriesStats> {
  const { from, to } = query;
  const summary = new SeriesSummary({ from, to, monitored, perSample: GAP_INTERVALS * usualOf(key) });
  let samples = sources.unsealed(key);
  let error = 0;
  for (const segment of planStats(query, sources.horizons)) {
    if (segment.tier === 0) {
      samples = joined(samples, yield* sources.sealed(key, segment));
    } else {
      const before = summary.count;
      yield* sources.summarize(key, segment, summary);
      if (summary.count > before) error = Math.max(error, segment.tier === 3 ? COLLAPSED_ERROR : SKETCH_ERROR);
    }
  }
  const bucket = summary.newest();
  const { time, value } = inTimeOrder(samples);
  for (const one of value) {
    summary.add(1, one, one, one);
    summary.addValue(one, 1);
  }
  // What two kinds of data cover may overlap by a sample.
  const covered = Math.min(to - from, summary.covered + sampledTime(time, to, usualOf(key), sources.markers));
  const lastSample = time[time.length - 1];
  const isSample = bucket === null || (lastSample !== undefined && lastSample >= bucket.time);
  const last = isSample ? (value[value.length - 1] ?? null) : yield* lastIn(key, bucket, query, sources);
  return { ...weightedStats(key, summary, last), sampledSeconds: covered / 1000, error, ...timeAbove(query, summary.values, summary.counts, covered) };
}

/** The latest sample of a bucket; the bucket's mean where its samples are no longer stored. */
function* lastIn(key: SeriesKey, { time, width, mean }: { time: number; width: number; mean: number }, range: { to: number }, sources: QuerySources): Generator<void, number> {
  if (time < sources.horizons(0)) return mean;
  const { value } = inTimeOrder(yield* sources.sealed(key, { from: time, to: Math.min(range.to, time + width) }));
  return value[value.length - 1] ?? mean;
}
