/** What came since a moment, batch by batch: for a viewer whose connection was lost for a while. */
import type { SeriesKey } from '../../../shared/metrics/index';
import type { PendingRows } from './pending';
import { readFrame } from './frame';
import type { FrameSink } from './frame';
import { scaleOf } from './scale';
import { isSealed } from './sealer';
import type { Tables } from './tables';

/** One batch as it was stored. */
export interface RecentRow {
  readonly time: number;
  readonly values: Readonly<Record<SeriesKey, number>>;
}

/** Rows since a moment. */
export interface Recent {
  /** Oldest first. */
  readonly rows: readonly RecentRow[];
  /** False when there are more than asked for, or the moment lies before what is at hand unsealed: ask for history instead. */
  readonly complete: boolean;
}

interface OpenRow {
  readonly time: number;
  readonly values: Record<SeriesKey, number>;
}

/** Rows after `time`, at most `limit`. */
export function recentRows(tables: Tables | null, pending: PendingRows, time: number, limit: number): Recent {
  const rows: OpenRow[] = [];
  let oldest = Infinity;
  if (tables !== null) {
    const frames = tables.head.frames.filter((frame) => !isSealed(tables.state, frame.id, 0));
    oldest = frames[0]?.first ?? Infinity;
    const series = tables.catalog.from(0, Number.MAX_SAFE_INTEGER);
    for (const frame of frames) {
      if (frame.last <= time) continue;
      const byRow = new Map<number, OpenRow>();
      const sinks = new Map<number, FrameSink>();
      for (const { id, key, resolution } of series) {
        const scale = scaleOf(resolution);
        sinks.set(id, {
          push(at, steps, row) {
            const open = byRow.get(row) ?? { time: at, values: {} };
            open.values[key] = scale.toValue(steps);
            byRow.set(row, open);
          },
        });
      }
      const data = tables.head.data(frame);
      if (data !== null) readFrame(data, sinks);
      rows.push(...[...byRow].sort((a, b) => a[0] - b[0]).map(([, row]) => row));
    }
  }
  for (const row of pending.rows) {
    oldest = Math.min(oldest, row.time);
    rows.push({ time: row.time, values: Object.fromEntries(row.series.map((series, i) => [series.key, series.scale.toValue(row.steps[i] ?? 0)])) });
  }
  const wanted = rows.filter((row) => row.time > time);
  return { rows: wanted.slice(0, limit), complete: wanted.length <= limit && oldest <= time };
}
