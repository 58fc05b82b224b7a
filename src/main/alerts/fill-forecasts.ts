/**
 * When disks will be full at the growth of the last two weeks, for rules with such a condition. The trend of a series is read
 * from the history once an hour, in slices between other work, and only while a rule asks for it: while its level is crossed.
 */
import { parseSeriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import { messageOf } from '../../shared/result';
import { FILL_HOURS, HourlyMeans, hoursToFull } from '../engine/alerts/fill-trend';
import type { TimeToFull } from '../engine/alerts/series-evaluator';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { Store } from '../engine/store/store-types';
import { runInSlices } from '../engine/time-slicing';

const HOUR = 3_600_000;
/** Series remembered; those asked for longest ago are forgotten first. */
const MAX_SERIES = 128;

/** What the forecasts need. */
export interface FillForecastParts {
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly store: Pick<Store, 'queryWork'>;
  readonly log: Pick<Log, 'warn'>;
}

/** Forecasts from the history. */
export interface FillForecasts {
  /** Answers from memory; null until the trend was read. */
  readonly timeToFull: TimeToFull;
  /** Resolves when everything asked for so far was read. */
  settled(): Promise<void>;
  /** Nothing is read any more. */
  close(): void;
}

/** The trend at the end of an hour (a number of hours since the epoch); growth per hour, null while unknown. */
interface Known {
  hour: number;
  trend: number | null;
}

/** The growth of a series per hour before a time at the edge of an hour; null if there is too little history. */
async function readTrend({ store, clock }: FillForecastParts, series: SeriesKey, to: number): Promise<number | null> {
  const from = to - FILL_HOURS * HOUR;
  const response = await runInSlices(() => store.queryWork({ series: [series], from, to, points: FILL_HOURS }), () => clock.mono());
  const means = new HourlyMeans(parseSeriesKey(series)?.descriptor.resolution ?? 0);
  const [points] = response.series;
  points?.time.forEach((time, at) => {
    const mean = points.avg[at] ?? null;
    if (mean !== null && time < to) means.add(time, mean, points.count[at] ?? 1);
  });
  means.advance(to);
  return means.trend;
}

/** Creates the forecasts. */
export function createFillForecasts(parts: FillForecastParts): FillForecasts {
  const { clock, log } = parts;
  const known = new Map<SeriesKey, Known>();
  let last = Promise.resolve();
  let isClosed = false;
  const renew = async (series: SeriesKey, entry: Known): Promise<void> => {
    if (isClosed || known.get(series) !== entry) return;
    try {
      entry.trend = await readTrend(parts, series, entry.hour * HOUR);
    } catch (error) {
      if (!isClosed) log.warn('the growth of a disk could not be read from the history', { series, reason: messageOf(error) });
    }
  };
  return {
    timeToFull(series, value) {
      const hour = Math.floor(clock.now() / HOUR);
      const entry = known.get(series);
      if (entry?.hour === hour) return hoursToFull(value, entry.trend);
      const next = entry ?? { hour, trend: null };
      next.hour = hour;
      known.delete(series);
      known.set(series, next);
      const [oldest] = known.keys();
      if (known.size > MAX_SERIES && oldest !== undefined) known.delete(oldest);
      last = last.then(async () => renew(series, next));
      return hoursToFull(value, next.trend);
    },
    settled: () => last,
    close() {
      isClosed = true;
      known.clear();
    },
  };
}
