/** From stored samples to answers. Knows series and their paces, no SQL. */
import { niceStep } from '../../../shared/series/bucket';
import { intervalOf } from '../../../shared/series/interval';
import { toBucketPoints, toRawPoints } from '../../../shared/series/points';
import { inTimeOrder } from '../../../shared/series/samples';
import type { Samples } from '../../../shared/series/samples';
import { statsOf } from '../../../shared/series/stats';
import type { SeriesAnswer, SeriesQuery, SeriesStats } from '../../../shared/series/types';
import type { SeriesKey } from '../../../shared/metrics/index';

/** What is known of the asked series in the asked range. */
export interface Material {
  samplesOf(key: SeriesKey): Samples;
  /** Times of the first samples after known holes, ascending. */
  readonly marks: readonly number[];
}

/** Interval assumed for a series no descriptor knows; such a one is empty anyway. */
const UNKNOWN_INTERVAL = { shortest: 1000, usual: 1000 } as const;

/**
 * Answers a query: the samples themselves where the range holds no more than the wanted points at the shortest
 * sampling interval of the asked series, else buckets of a nice width.
 */
export function answerQuery(query: SeriesQuery, material: Material): SeriesAnswer {
  const series = query.series.map((key) => ({
    key,
    interval: intervalOf(key) ?? UNKNOWN_INTERVAL,
    samples: inTimeOrder(material.samplesOf(key)),
  }));
  const shortest = Math.min(...series.map((one) => one.interval.shortest));
  const range = query.to - query.from;
  // Samples may be denser than their pace where a clock was set back; the caller's number still holds.
  const isRaw = range <= query.points * shortest && series.every((one) => one.samples.time.length <= query.points);
  const step = isRaw ? shortest : niceStep(range, query.points, shortest);
  return {
    step,
    series: series.map(({ key, interval, samples }) => {
      const rules = { interval: interval.usual, marks: material.marks };
      return isRaw ? toRawPoints(key, samples, rules) : toBucketPoints(key, samples, rules, step);
    }),
  };
}

/** Statistics of each series, exact over its samples. */
export function answerStats(series: readonly SeriesKey[], material: Material): SeriesStats[] {
  return series.map((key) => statsOf(key, inTimeOrder(material.samplesOf(key))));
}
