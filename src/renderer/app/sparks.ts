/** The last five minutes of the series in the cards' sparklines: queried once, then extended by each batch. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/api/client';
import { FAMILY_IDS, familyOf, seriesKey } from '../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../shared/metrics/index';
import type { SampleBatch } from '../../shared/metrics/reading';
import { querySeries } from '../data/history-queries';
import { append, appendGap, EMPTY_COLUMNS, toColumns, trim } from '../data/columns';
import type { Columns } from '../data/columns';

/** Time a sparkline shows, ms. */
export const SPARK_SPAN = 300_000;
/** Time per point, ms: about three pixels of a card, and a quarter of the repaints that one point a second would cost. */
export const SPARK_STEP = 4000;

/** Series by key, and the time at the right edge of all sparklines. */
interface SparkState {
  readonly columns: Readonly<Record<SeriesKey, Columns>>;
  readonly end: number;
}

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

function appendBatch(columns: Readonly<Record<SeriesKey, Columns>>, batch: SampleBatch): Readonly<Record<SeriesKey, Columns>> {
  const next: Record<SeriesKey, Columns> = { ...columns };
  for (const id of FAMILY_IDS) {
    const reading = batch.readings[id];
    for (const metric of familyOf(id).spark) {
      const key = seriesKey(id, metric);
      let series = next[key] ?? EMPTY_COLUMNS;
      if (batch.gap !== undefined) series = appendGap(series);
      if (reading !== undefined) {
        series = append(series, batch.time, reading.values[metric] ?? null, { step: SPARK_STEP, gapAfter: gapAfter(id) });
      }
      next[key] = trim(series, batch.time - SPARK_SPAN);
    }
  }
  return next;
}

/** Creates it without data. */
export function createSparks(client: Client): Sparks {
  const store = createStore<SparkState>(() => ({ columns: {}, end: 0 }));
  // Updated with each batch; the store only when a point is complete, so that cards repaint once per point.
  let current: SparkState = store.getState();
  let buffered: SampleBatch[] | null = null;
  const addBatch = (batch: SampleBatch): void => {
    const end = Math.floor(batch.time / SPARK_STEP) * SPARK_STEP;
    current = { columns: appendBatch(current.columns, batch), end };
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
      const response = await querySeries(client, SPARK_KEYS, { from: now - SPARK_SPAN + 1, to: now + 1 }, SPARK_SPAN / SPARK_STEP);
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
