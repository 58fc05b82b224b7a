/** The statements on an open database: write rows, read samples back, remove the old. */
import type { Database, Statement } from 'better-sqlite3';
import type { SeriesKey } from '../../../shared/metrics/index';
import type { Row, StoredSeries } from './flatten';
import { encodeFrame, MAX_FRAME_SPAN, readFrame, splitIntoFrames } from './frame';
import type { FrameSink } from './frame';
import { scaleOf } from './scale';

/** Room between the positions of two frames that begin a millisecond apart. */
const POSITIONS_PER_MS = 1024;

/** Frames and marks removed, and pages given back, in one slice of pruning. */
const PRUNE_FRAMES = 500;
const PRUNE_PAGES = 500;

/** Takes the samples of one series, in the order of the frames. */
export interface SampleSink {
  push(time: number, value: number): void;
}

/** A range of time, epoch ms; `to` is exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** An open database with its prepared statements. */
export class Tables {
  readonly #db: Database;
  /** Numbers of the series met so far. They are this database's own: another gives others. */
  readonly #ids = new WeakMap<StoredSeries, number>();
  readonly #findSeries: Statement<[string, number], { id: number }>;
  readonly #seriesOfKey: Statement<[string], { id: number; resolution: number }>;
  readonly #addSeries: Statement<[string, number]>;
  readonly #addFrame: Statement<[number, Buffer]>;
  readonly #addGap: Statement<[number, string]>;
  readonly #frames: Statement<[number, number], { data: Buffer }>;
  readonly #gaps: Statement<[number, number], { time: number }>;
  readonly #dropFrames: Statement<[number, number]>;
  readonly #dropGaps: Statement<[number, number]>;

  constructor(db: Database) {
    this.#db = db;
    this.#findSeries = db.prepare('SELECT id FROM series WHERE key = ? AND resolution = ?');
    this.#seriesOfKey = db.prepare('SELECT id, resolution FROM series WHERE key = ?');
    this.#addSeries = db.prepare('INSERT INTO series (key, resolution) VALUES (?, ?)');
    this.#addFrame = db.prepare('INSERT OR IGNORE INTO frames (position, data) VALUES (?, ?)');
    this.#addGap = db.prepare('INSERT OR IGNORE INTO gaps (time, reason) VALUES (?, ?)');
    this.#frames = db.prepare('SELECT data FROM frames WHERE position >= ? AND position < ? ORDER BY position');
    this.#gaps = db.prepare('SELECT time FROM gaps WHERE time > ? AND time < ? ORDER BY time');
    this.#dropFrames = db.prepare('DELETE FROM frames WHERE position IN (SELECT position FROM frames WHERE position < ? ORDER BY position LIMIT ?)');
    this.#dropGaps = db.prepare('DELETE FROM gaps WHERE time IN (SELECT time FROM gaps WHERE time < ? ORDER BY time LIMIT ?)');
  }

  /** Writes rows in one transaction: all of them or, when it throws, none. */
  write(rows: readonly Row[]): void {
    const added: StoredSeries[] = [];
    try {
      this.#db.transaction(() => {
        for (const row of rows) if (row.gap !== null) this.#addGap.run(row.time, row.gap);
        for (const frame of splitIntoFrames(rows)) {
          this.#insertFrame(frame[0]?.time ?? 0, encodeFrame(frame, (series) => this.#ids.get(series) ?? this.#number(series, added)));
        }
      })();
    } catch (error) {
      // Their numbers were rolled back with the rest.
      for (const series of added) this.#ids.delete(series);
      throw error;
    }
  }

  /** Hands the stored samples of the wanted series to their sinks. `onDamage` learns of each frame that cannot be read. */
  read(wanted: ReadonlyMap<SeriesKey, SampleSink>, range: TimeRange, onDamage: (error: unknown) => void): void {
    const sinks = this.#sinksOf(wanted, range);
    if (sinks.size === 0) return;
    const first = (range.from - MAX_FRAME_SPAN) * POSITIONS_PER_MS;
    for (const { data } of this.#frames.iterate(first, range.to * POSITIONS_PER_MS)) {
      try {
        readFrame(data, sinks);
      } catch (error) {
        onDamage(error);
      }
    }
  }

  /** Times of the first samples after known holes in (from, to), ascending. */
  gaps(range: TimeRange): number[] {
    return this.#gaps.all(range.from, range.to).map((row) => row.time);
  }

  /** Removes a slice of what is older than `cutoff`; true when there is more to do. */
  prune(cutoff: number): boolean {
    const frames = this.#dropFrames.run(cutoff * POSITIONS_PER_MS, PRUNE_FRAMES).changes;
    const gaps = this.#dropGaps.run(cutoff, PRUNE_FRAMES).changes;
    this.#db.exec(`PRAGMA incremental_vacuum(${PRUNE_PAGES})`);
    const free = Number(this.#db.pragma('freelist_count', { simple: true }));
    return frames === PRUNE_FRAMES || gaps === PRUNE_FRAMES || free > PRUNE_PAGES;
  }

  close(): void {
    this.#db.close();
  }

  #number(series: StoredSeries, added: StoredSeries[]): number {
    const known = this.#findSeries.get(series.key, series.scale.resolution);
    const id = known?.id ?? Number(this.#addSeries.run(series.key, series.scale.resolution).lastInsertRowid);
    this.#ids.set(series, id);
    added.push(series);
    return id;
  }

  #insertFrame(time: number, data: Buffer): void {
    let position = time * POSITIONS_PER_MS;
    // Taken only where a clock that was set back gave the same millisecond twice.
    while (this.#addFrame.run(position, data).changes === 0) position += 1;
  }

  #sinksOf(wanted: ReadonlyMap<SeriesKey, SampleSink>, range: TimeRange): Map<number, FrameSink> {
    const sinks = new Map<number, FrameSink>();
    for (const [key, sink] of wanted) {
      for (const { id, resolution } of this.#seriesOfKey.all(key)) {
        const scale = scaleOf(resolution);
        sinks.set(id, {
          push: (time, steps) => {
            if (time >= range.from && time < range.to) sink.push(time, scale.toValue(steps));
          },
        });
      }
    }
    return sinks;
  }
}
