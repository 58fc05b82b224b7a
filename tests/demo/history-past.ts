/** Writes the older part of a made-up history as years of sealing and rolling up would have left it: appending it would take as long as maintaining it. */
import { rollUp, rollUpSamples } from '../../src/main/engine/series/rollup';
import type { Rollup } from '../../src/main/engine/series/rollup';
import { openDatabase } from '../../src/main/engine/store/database';
import { Flattener } from '../../src/main/engine/store/flatten';
import { OpenDatabase } from '../../src/main/engine/store/open-database';
import { CHUNK_KINDS, chunkStart, DAY } from '../../src/main/engine/store/tiers';
import type { ChunkKind } from '../../src/main/engine/store/tiers';
import { finish } from '../../src/main/engine/time-slicing';
import type { SampleBatch } from '../../src/shared/metrics/reading';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HALF_DAY = 12 * HOUR;
/** Ages up to which minutes and quarters of an hour are kept, ms (docs/decisions/0004-history-tiers.md). */
const MINUTES_AGE = 7 * DAY;
const QUARTERS_AGE = 30 * DAY;

/** Samples of one series. */
interface Column {
  readonly resolution: number;
  readonly time: number[];
  readonly steps: number[];
}

/** Collects batches, then writes them as chunks into a new database. */
export class PastHistory {
  readonly #flattener = new Flattener();
  readonly #columns = new Map<string, Column>();
  readonly #gaps: (readonly [number, string])[] = [];

  /** Takes a batch; the times must grow. */
  add(batch: SampleBatch): void {
    const { time, gap, series, steps } = this.#flattener.toRow(batch);
    if (gap !== null) this.#gaps.push([time, gap]);
    for (const [index, { key, scale }] of series.entries()) {
      let column = this.#columns.get(key);
      if (column === undefined) this.#columns.set(key, (column = { resolution: scale.resolution, time: [], steps: [] }));
      column.time.push(time);
      column.steps.push(steps[index] ?? 0);
    }
  }

  /** Writes everything; `end` is the UTC midnight at which it ends, epoch ms. `onProgress` gets the part that is done, 0–1. */
  write(path: string, end: number, onProgress: (done: number) => void): void {
    const { db } = openDatabase(path, end, 'none');
    const database = new OpenDatabase(db, (error) => {
      throw error;
    });
    db.pragma('synchronous = OFF');
    const insert = db.prepare('INSERT INTO series (key, resolution, last) VALUES (?, ?, ?)');
    let done = 0;
    for (const [key, column] of this.#columns) {
      const id = Number(insert.run(key, column.resolution, end - DAY).lastInsertRowid);
      db.transaction(() => writeSeries(database, id, column, end))();
      done += 1;
      onProgress(done / this.#columns.size);
    }
    const addGap = db.prepare('INSERT OR IGNORE INTO gaps (time, reason) VALUES (?, ?)');
    db.transaction(() => this.#gaps.forEach((gap) => addGap.run(...gap)))();
    database.state.save({ 'horizon.0': end, 'horizon.1': end - MINUTES_AGE, 'horizon.2': end - QUARTERS_AGE, age: end });
    db.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
  }
}

function writeSeries(database: OpenDatabase, id: number, { time, steps }: Column, end: number): void {
  const put = (kind: ChunkKind, width: number, points: readonly Rollup[]): void => {
    for (const [start, group] of Map.groupBy(points, (point) => chunkStart(kind, point.time))) database.chunks.putPrepared(finish(database.chunks.prepare(kind, start, id, width, group)));
  };
  const since = (age: number): number => time.findIndex((at) => at >= end - age);
  const rolled = (age: number, width: number): Rollup[] => {
    const from = since(age);
    return from < 0 ? [] : rollUpSamples(time.slice(from), steps.slice(from), width);
  };
  const hours = rollUpSamples(time, steps, HOUR);
  const isOld = (point: Rollup): boolean => chunkStart(CHUNK_KINDS.oldHours, point.time) + CHUNK_KINDS.oldHours.span <= end;
  put(CHUNK_KINDS.minutes, MINUTE, rolled(MINUTES_AGE, MINUTE));
  put(CHUNK_KINDS.quarters, 15 * MINUTE, rolled(QUARTERS_AGE, 15 * MINUTE));
  put(CHUNK_KINDS.oldHours, HOUR, hours.filter(isOld));
  put(CHUNK_KINDS.hours, HOUR, hours.filter((point) => !isOld(point)));
  put(CHUNK_KINDS.halfDays, HALF_DAY, rollUp(hours, HALF_DAY));
}
