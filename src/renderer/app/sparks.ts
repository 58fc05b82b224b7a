/** The last five minutes of the series drawn on cards: asked for once, then grown from batches. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/api/client';
import { FAMILY_IDS, familyOf, seriesKey } from '../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../shared/metrics/index';
import type { SampleBatch } from '../../shared/metrics/reading';
import { querySeries } from '../data/history-queries';
import { append, breakOff, EMPTY, toColumns, trim } from '../data/columns';
import type { Columns } from '../data/columns';

/** Length of a sparkline, ms. */
export const SPARK_SPAN = 300_000;
/** Width of its points, ms: about three pixels of a card, and a quarter of the painting of one a second. */
export const SPARK_STEP = 4000;

/** Series by key, and the time at the right edge of all sparklines. */
interface SparkState {
  readonly columns: Readonly<Record<SeriesKey, Columns>>;
  readonly end: number;
}

/** Keeps the sparklines. */
export interface Sparks {
  readonly store: StoreApi<SparkState>;
  /** Asks for the past up to `now`; batches that come meanwhile are kept. */
  fill(now: number): Promise<void>;
  onBatch(batch: SampleBatch): void;
}

/** Every series that is drawn on a card. */
export const SPARK_KEYS: readonly SeriesKey[] = FAMILY_IDS.flatMap((id) => familyOf(id).spark.map((metric) => seriesKey(id, metric)));

/** Samples this far apart do not connect: two readings of the family missed at its slowest regular pace. */
function gapAfter(family: FamilyId): number {
  const { background, viewed } = familyOf(family).samplingInterval;
  return 2.5 * Math.max(SPARK_STEP, background ?? viewed, viewed);
}

function addBatch(columns: Readonly<Record<SeriesKey, Columns>>, batch: SampleBatch): Readonly<Record<SeriesKey, Columns>> {
  const next: Record<SeriesKey, Columns> = { ...columns };
  for (const id of FAMILY_IDS) {
    const reading = batch.readings[id];
    for (const metric of familyOf(id).spark) {
      const key = seriesKey(id, metric);
      let series = next[key] ?? EMPTY;
      if (batch.gap !== undefined) series = breakOff(series);
      if (reading !== undefined) {
        series = append(series, batch.time, reading.values[metric] ?? null, { step: SPARK_STEP, gapAfter: gapAfter(id) });
      }
      next[key] = trim(series, batch.time - SPARK_SPAN);
    }
  }
  return next;
}

/** Makes an empty keeper. */
export function createSparks(client: Client): Sparks {
  const store = createStore<SparkState>(() => ({ columns: {}, end: 0 }));
  // Grows with each batch; the store follows when a point is complete, so that cards paint once per point.
  let current: SparkState = store.getState();
  let waiting: SampleBatch[] | null = null;
  const add = (batch: SampleBatch): void => {
    const end = Math.floor(batch.time / SPARK_STEP) * SPARK_STEP;
    current = { columns: addBatch(current.columns, batch), end };
    if (end !== store.getState().end) store.setState(current);
  };
  return {
    store,
    onBatch(batch) {
      waiting?.push(batch);
      add(batch);
    },
    async fill(now) {
      // Before the first tick there is no time to ask for.
      if (now <= SPARK_SPAN) return;
      waiting = [];
      const answer = await querySeries(client, SPARK_KEYS, { from: now - SPARK_SPAN + 1, to: now + 1 }, SPARK_SPAN / SPARK_STEP);
      const later = (waiting ?? []).filter((batch) => batch.time > now);
      waiting = null;
      // Without an answer the sparklines simply grow from now on; the feed reports the lost connection.
      if (!answer.ok) return;
      const columns = Object.fromEntries(answer.value.series.map((points) => [points.series, toColumns(points)]));
      current = { columns, end: Math.floor(now / SPARK_STEP) * SPARK_STEP };
      later.forEach(add);
      store.setState(current);
    },
  };
}
