/** Generates a history of any age, with the chunks that years of sealing and rollup would have left. */
import { rollUp } from '../../../src/main/engine/series/rollup';
import type { Rollup } from '../../../src/main/engine/series/rollup';
import { finish } from '../../../src/main/engine/time-slicing';
import { openDatabase } from '../../../src/main/engine/store/database';
import { OpenDatabase } from '../../../src/main/engine/store/open-database';
import { packSection, packTimes } from '../../../src/main/engine/store/codec/sample-chunk';
import { chunkStart, DAY, CHUNK_KINDS, CHUNK_WINDOW } from '../../../src/main/engine/store/tiers';
import type { ChunkKind } from '../../../src/main/engine/store/tiers';
import { random } from '../../support/noise';
import { continueSeries } from './continuation';
import { freshHours, pooledHours } from './hours';
import type { Hour } from './hours';
import { plannedSeries } from './planned';
import type { Recording } from './recording';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HALF_DAY = 12 * HOUR;
/** Number of different hours of a series in a long history. */
const POOL = 24;

/** The history to generate. */
export interface HistoryPlan {
  readonly path: string;
  readonly recording: Recording;
  readonly seriesCount: number;
  /** End of the history, epoch ms, at a UTC midnight. */
  readonly end: number;
  readonly days: number;
  /** No hour is used twice: exact sizes, in a hundred times the time. */
  readonly isFresh?: boolean;
}

/** Sorts points of a series into chunks. */
class PointSorter {
  readonly #chunks = new Map<ChunkKind, Map<number, Rollup[]>>();

  add(kind: ChunkKind, points: readonly Rollup[], from: number): void {
    let chunks = this.#chunks.get(kind);
    if (chunks === undefined) this.#chunks.set(kind, (chunks = new Map()));
    for (const point of points) {
      const moved = { ...point, time: point.time + from };
      const start = chunkStart(kind, moved.time);
      const chunk = chunks.get(start);
      if (chunk === undefined) chunks.set(start, [moved]);
      else chunk.push(moved);
    }
  }

  each(kind: ChunkKind, use: (start: number, points: readonly Rollup[]) => void): void {
    for (const [start, points] of this.#chunks.get(kind) ?? []) use(start, points);
  }
}

/** Writes the history; returns the keys of its series. */
export function writeHistory(plan: HistoryPlan): string[] {
  const { db } = openDatabase(plan.path, plan.end, 'none');
  const database = new OpenDatabase(db, (error) => {
    throw error;
  });
  db.pragma('synchronous = OFF');
  const insert = db.prepare('INSERT INTO series (key, resolution, last) VALUES (?, ?, ?)');
  const series = plannedSeries(plan.recording, plan.seriesCount);
  for (const [i, { key, model }] of series.entries()) {
    const id = Number(insert.run(key, model.resolution, plan.end - DAY).lastInsertRowid);
    const nextRandom = random(i + 1);
    const stream = continueSeries(plan.recording, model, nextRandom);
    const next = plan.isFresh === true ? freshHours(stream) : pooledHours(stream, POOL, nextRandom);
    db.transaction(() => writeSeries(database, plan, id, next))();
  }
  database.state.save({ 'horizon.0': plan.end - DAY, 'horizon.1': plan.end - 7 * DAY, 'horizon.2': plan.end - 30 * DAY, age: plan.end });
  db.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  return series.map(({ key }) => key);
}

function writeSeries(database: OpenDatabase, { end, days }: HistoryPlan, id: number, next: () => Hour): void {
  const sorter = new PointSorter();
  for (let at = end - days * DAY; at < end; at += HOUR) {
    const hour = next();
    if (at >= end - 7 * DAY) sorter.add(CHUNK_KINDS.minutes, hour.minutes(), at);
    if (at >= end - 30 * DAY) sorter.add(CHUNK_KINDS.quarters, hour.quarters(), at);
    const isOld = chunkStart(CHUNK_KINDS.oldHours, at) + CHUNK_KINDS.oldHours.span <= end;
    sorter.add(isOld ? CHUNK_KINDS.oldHours : CHUNK_KINDS.hours, hour.hours(), at);
    sorter.add(CHUNK_KINDS.halfDays, hour.hours(), at);
    if (at >= end - DAY) writeSamples(database, hour, at, id);
  }
  const put = (kind: ChunkKind, start: number, width: number, points: readonly Rollup[]): void => database.chunks.putPrepared(finish(database.chunks.prepare(kind, start, id, width, points)));
  for (const [kind, width] of [[CHUNK_KINDS.minutes, MINUTE], [CHUNK_KINDS.quarters, 15 * MINUTE], [CHUNK_KINDS.hours, HOUR], [CHUNK_KINDS.oldHours, HOUR]] as const) {
    sorter.each(kind, (start, points) => put(kind, start, width, points));
  }
  sorter.each(CHUNK_KINDS.halfDays, (start, points) => put(CHUNK_KINDS.halfDays, start, HALF_DAY, rollUp(points, HALF_DAY)));
}

function writeSamples(database: OpenDatabase, { time, steps }: Hour, from: number, id: number): void {
  const all = steps();
  for (let window = from; window < from + HOUR; window += CHUNK_WINDOW) {
    const times = Array.from({ length: CHUNK_WINDOW / 1000 }, (_, n) => window + n * 1000);
    if (database.chunks.data(CHUNK_KINDS.samples, window, 0) === null) database.chunks.put(CHUNK_KINDS.samples, window, 0, packTimes(times));
    const within = time.flatMap((at, i) => (from + at >= window && from + at < window + CHUNK_WINDOW ? [i] : []));
    if (within.length === 0) continue;
    const ticks = within.map((i) => (from + (time[i] ?? 0) - window) / 1000);
    database.chunks.put(CHUNK_KINDS.samples, window, id, packSection({ ticks, steps: within.map((i) => all[i] ?? 0) }, times, true));
  }
}
