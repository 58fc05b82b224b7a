/** The last five minutes of the series in sparklines: queried once, then extended by each batch. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/api/client';
import { FAMILY_IDS, familyOf, parseSeriesKey, seriesKey } from '../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../shared/metrics/index';
import type { SampleBatch } from '../../shared/metrics/reading';
import { querySeries } from '../data/history-queries';
import { append, appendGap, EMPTY_COLUMNS, toColumns, trim } from '../data/columns';
import type { Columns } from '../data/columns';
import { SPARK_SPAN } from '../charts/spark-path';
import type { SparkState } from '../charts/spark-path';

/** Time per point, ms: about three pixels of a card, and a quarter of the repaints that one point a second would cost. */
export const SPARK_STEP = 4000;

/** Holds the data of the sparklines and keeps it up to date. */
export interface Sparks {
  readonly store: StoreApi<SparkState>;
  /** Queries the time up to `now`; batches that arrive meanwhile are appended to the result. */
  fill(now: number): Promise<void>;
  onBatch(batch: SampleBatch): void;
}

/** Every series that is drawn on a card. */
export const SPARK_KEYS: readonly SeriesKey[] = FAMILY_IDS.flatMap((id) => familyOf(id).spark.map((metric) => seriesKey(id, metric)));

/** Samples further apart than this are not connected, ms: two readings missed at the family's slowest sampling interval. */
function gapAfter(family: FamilyId): number {
  const { background, viewed } = familyOf(family).samplingInterval;
  return 2.5 * Math.max(SPARK_STEP, background ?? viewed, viewed);
}

/** A series with the parts of its key. */
type SparkSeries = Pick<NonNullable<ReturnType<typeof parseSeriesKey>>, 'family' | 'metric' | 'device'> & { readonly key: SeriesKey };

function appendBatch(columns: Readonly<Record<SeriesKey, Columns>>, all: readonly SparkSeries[], batch: SampleBatch): Readonly<Record<SeriesKey, Columns>> {
  const next: Record<SeriesKey, Columns> = { ...columns };
  for (const { key, family, metric, device } of all) {
    const reading = batch.readings[family];
    const values = device === null ? reading?.values : reading?.devices[device]?.values;
    let series = next[key] ?? EMPTY_COLUMNS;
    if (batch.gap !== undefined) series = appendGap(series);
    if (reading !== undefined) series = append(series, batch.time, values?.[metric] ?? null, { step: SPARK_STEP, gapAfter: gapAfter(family) });
    next[key] = trim(series, batch.time - SPARK_SPAN);
  }
  return next;
}

/** Creates it without data, for these series. */
export function createSparks(client: Client, keys: readonly SeriesKey[] = SPARK_KEYS): Sparks {
  const all = keys.flatMap((key): readonly SparkSeries[] => {
    const parsed = parseSeriesKey(key);
    return parsed === null ? [] : [{ ...parsed, key }];
  });
  const store = createStore<SparkState>(() => ({ columns: {}, end: 0 }));
  // Updated with each batch; the store only when a point is complete, so that cards repaint once per point.
  let current: SparkState = store.getState();
  let buffered: SampleBatch[] | null = null;
  const addBatch = (batch: SampleBatch): void => {
    const end = Math.floor(batch.time / SPARK_STEP) * SPARK_STEP;
    current = { columns: appendBatch(current.columns, all, batch), end };
    if (end !== store.getState().end) store.setState(current);
  };
  return {
    store,
    onBatch(batch) {
      buffered?.push(batch);
      addBatch(batch);
    },
    async fill(now) {
      // Before the first tick the time of the machine is not known.
      if (now <= SPARK_SPAN) return;
      buffered = [];
      const response = await querySeries(client, keys, { from: now - SPARK_SPAN + 1, to: now + 1 }, SPARK_SPAN / SPARK_STEP);
      const later = (buffered ?? []).filter((batch) => batch.time > now);
      buffered = null;
      // Without a response the sparklines start from now; the feed reports the lost connection.
      if (!response.ok) return;
      const columns = Object.fromEntries(response.value.series.map((points) => [points.series, toColumns(points)]));
      current = { columns, end: Math.floor(now / SPARK_STEP) * SPARK_STEP };
      later.forEach(addBatch);
      store.setState(current);
    },
  };
}
