/** Rows of what is sealed: samples by their windows, and minutes beyond the samples. */
import type { SeriesKey } from '../../../../shared/metrics/index';
import { TIMES_SERIES } from '../chunks';
import { isCorruption } from '../database-errors';
import { FrameCursor } from '../codec/frame';
import { unpackPoints } from '../codec/rollup-chunk';
import { readSections, unpackTimes } from '../codec/sample-chunk';
import { horizonOf } from '../jobs/retention';
import { isRolledUp } from '../jobs/rollup-job';
import type { OpenDatabase } from '../open-database';
import { CHUNK_KINDS, chunkStart, DAY, TIERS } from '../tiers';
import type { RowsDraft, SeriesById } from './stored-rows';

const MINUTE = 60_000;
/** Series read between two yields. */
const SERIES = 16;

/** Samples of one series: times and values, in any order. */
interface Column {
  readonly key: SeriesKey;
  readonly times: number[];
  readonly values: number[];
}

/** Reports and skips a block that cannot be read. Throws if the file itself is damaged. */
function guarded(database: OpenDatabase, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (isCorruption(error)) throw error;
    database.onDamage(error);
  }
}

/** Adds the rows of some columns, in the order of time, as far as there is room; `times` are those of rows without a value. */
function addRows(draft: RowsDraft, columns: readonly Column[], times: Iterable<number>): void {
  const all = [...new Set([...times, ...columns.flatMap((column) => column.times)])].sort((a, b) => a - b);
  const kept = all.slice(0, draft.room);
  draft.hasMore = kept.length < all.length;
  const base = draft.times.length;
  const rows = new Map(kept.map((time, i) => [time, base + i]));
  draft.times.push(...kept);
  // In order, so that a column only grows.
  for (const { key, times: own, values } of columns) {
    const order = own.map((_, i) => i).sort((a, b) => (own[a] ?? 0) - (own[b] ?? 0));
    for (const i of order) {
      const row = rows.get(own[i] ?? 0);
      if (row !== undefined) draft.put(row, key, values[i] ?? 0);
    }
  }
}

function timesOf(database: OpenDatabase, start: number): ArrayLike<number> {
  const data = database.chunks.data(CHUNK_KINDS.samples, start, TIMES_SERIES);
  return data === null ? [] : unpackTimes(data);
}

/** Whether a sealed row has this time. */
export function holdsRow(database: OpenDatabase, time: number): boolean {
  const { chunks } = database;
  const start = chunkStart(CHUNK_KINDS.samples, time);
  let isFound = false;
  guarded(database, () => {
    const times = timesOf(database, start);
    isFound = Array.prototype.includes.call(times, time);
    if (isFound) return;
    // Those that a window got later, where a clock was set back, are with each series.
    for (const id of chunks.seriesAt(CHUNK_KINDS.samples, start)) {
      const data = id === TIMES_SERIES ? null : chunks.data(CHUNK_KINDS.samples, start, id);
      if (data !== null) readSections(data, () => times, (one) => (isFound ||= one === time));
    }
  });
  return isFound;
}

/** Times of frames that are being sealed: their rows are partly in chunks already, and are read from the frames. */
function timesBeingSealed({ head, state, onDamage }: OpenDatabase): ReadonlySet<number> {
  const times = new Set<number>();
  const until = state.get('seal.until') ?? -1;
  for (const frame of head.frames) {
    if (frame.id > until) break;
    try {
      for (const time of new FrameCursor(head.data(frame) ?? Buffer.alloc(0)).times) times.add(time);
    } catch (error) {
      onDamage(error);
    }
  }
  return times;
}

/** Adds sealed samples after a time, all for null. */
export function* readSealed(database: OpenDatabase, series: SeriesById, after: number | null, draft: RowsDraft): Generator<void> {
  const { chunks } = database;
  const elsewhere = timesBeingSealed(database);
  const isWanted = (time: number): boolean => (after === null || time > after) && !elsewhere.has(time);
  for (const start of chunks.starts(CHUNK_KINDS.samples, after ?? 0)) {
    const times: ArrayLike<number> = timesOf(database, start);
    const columns: Column[] = [];
    for (const [i, id] of chunks.seriesAt(CHUNK_KINDS.samples, start).entries()) {
      const one = series.get(id);
      const data = one === undefined ? null : chunks.data(CHUNK_KINDS.samples, start, id);
      if (one !== undefined && data !== null) {
        const column: Column = { key: one.key, times: [], values: [] };
        guarded(database, () => readSections(data, () => times, (time, steps) => {
          if (!isWanted(time)) return;
          column.times.push(time);
          column.values.push(one.scale.toValue(steps));
        }));
        columns.push(column);
      }
      if (i % SERIES === SERIES - 1) yield;
    }
    addRows(draft, columns, Array.from(times).filter(isWanted));
    if (draft.hasMore) return;
    yield;
  }
}

/** Adds minutes after a time that are older than all samples, with the mean of each; none for null. */
export function* readMinutes(database: OpenDatabase, series: SeriesById, after: number | null, draft: RowsDraft): Generator<void> {
  const end = Math.min(horizonOf(database, 0), database.chunks.oldest(CHUNK_KINDS.samples) ?? Infinity);
  if (after === null || after >= end) return;
  // Day by day: the minutes of one may be in several kinds of chunks.
  for (let day = Math.floor(after / DAY) * DAY; day < end && !draft.hasMore; day += DAY) {
    const [from, to] = [Math.max(day, after + 1), Math.min(day + DAY, end)];
    const columns = yield* minutesIn(database, series, from, to);
    addRows(draft, columns, []);
  }
}

function* minutesIn(database: OpenDatabase, series: SeriesById, from: number, to: number): Generator<void, Column[]> {
  const { chunks, state } = database;
  const columns: Column[] = [];
  for (const kind of TIERS[1].kinds) {
    for (const start of chunks.starts(kind, from, to)) {
      for (const [i, id] of chunks.seriesAt(kind, start).entries()) {
        const one = series.get(id);
        if (one === undefined || isRolledUp(state, kind, start, id)) continue;
        const column: Column = { key: one.key, times: [], values: [] };
        for (const { data } of chunks.packed(kind, start, id)) {
          guarded(database, () => {
            const { time, sum, count } = unpackPoints(data, MINUTE);
            time.forEach((at, point) => {
              if (at < from || at >= to) return;
              column.times.push(at);
              column.values.push(one.scale.toValue((sum[point] ?? 0) / (count[point] ?? 1)));
            });
          });
        }
        columns.push(column);
        if (i % SERIES === SERIES - 1) yield;
      }
    }
  }
  return columns;
}
