/** Recent batches: those since a time that are not sealed yet, for a client that reconnects. */
import type { SeriesKey } from '../../../../shared/metrics/index';
import type { PendingRows } from '../pending-rows';
import { FrameCursor } from '../codec/frame';
import { isSealed } from '../jobs/sealer';
import type { OpenDatabase } from '../open-database';
import { seriesById } from './stored-rows';
import type { SeriesById } from './stored-rows';

/** One batch as it was stored: time in epoch ms, values in the metrics' units. */
interface RecentRow {
  readonly time: number;
  readonly values: Readonly<Record<SeriesKey, number>>;
}

/** Rows since a time. */
export interface RecentRows {
  /** In the order they were appended. */
  readonly rows: readonly RecentRow[];
  /** False if there are more than requested, or if the time is before the unsealed rows: query the history instead. */
  readonly complete: boolean;
}

/** A row being filled, column by column. */
interface OpenRow {
  readonly time: number;
  readonly values: Record<SeriesKey, number>;
}

/** Rows after `time` (epoch ms), at most `limit`. */
export function recentRows(database: OpenDatabase | null, pending: PendingRows, time: number, limit: number): RecentRows {
  const rows: RecentRow[] = [];
  const frames = database === null ? [] : database.head.frames.filter((frame) => !isSealed(database.state, frame.id, 0));
  const oldest = Math.min(frames[0]?.first ?? Infinity, pending.rows[0]?.time ?? Infinity);
  let isWhole = oldest <= time;
  const series = seriesById(database);
  for (const frame of frames) {
    if (frame.last <= time) continue;
    if (rows.length > limit) break;
    try {
      rows.push(...rowsOf(database?.head.data(frame) ?? Buffer.alloc(0), series).filter((row) => row.time > time));
    } catch (error) {
      database?.onDamage(error);
      isWhole = false;
    }
  }
  for (const row of pending.rows) {
    if (row.time <= time) continue;
    if (rows.length > limit) break;
    rows.push({ time: row.time, values: Object.fromEntries(row.series.map((one, i) => [one.key, one.scale.toValue(row.steps[i] ?? 0)])) });
  }
  return { rows: rows.slice(0, limit), complete: isWhole && rows.length <= limit };
}

function rowsOf(data: Buffer, series: SeriesById): OpenRow[] {
  const cursor = new FrameCursor(data);
  const rows = cursor.times.map((time): OpenRow => ({ time, values: {} }));
  for (let id = cursor.series; id !== null; id = cursor.series) {
    const one = series.get(id);
    const push = (_time: number, steps: number, row: number): void => {
      const open = rows[row];
      if (one !== undefined && open !== undefined) open.values[one.key] = one.scale.toValue(steps);
    };
    cursor.read(one === undefined ? null : { push });
  }
  return rows;
}
