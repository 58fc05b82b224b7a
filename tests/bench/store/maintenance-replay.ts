/**
 * Writes a history again in the order in which maintenance of the app would have written it: window by window, day by day,
 * with retention in between. The layout of the file then results from the app's insertions and deletions in their order, and
 * so do the free pages and the bytes a checkpoint writes. Only the frames of the head are left out.
 */
import type { Database, Statement } from 'better-sqlite3';
import { rollUp } from '../../../src/main/engine/series/rollup';
import { finish } from '../../../src/main/engine/time-slicing';
import { openDatabase } from '../../../src/main/engine/store/database';
import { TIMES_SERIES } from '../../../src/main/engine/store/chunks';
import { retain } from '../../../src/main/engine/store/jobs/retention';
import { OpenDatabase } from '../../../src/main/engine/store/open-database';
import { chunkRow, chunkStart, DAY, CHUNK_KINDS, ROLLUPS, CHUNK_WINDOW, startOfRow } from '../../../src/main/engine/store/tiers';
import type { ChunkKind, RollupStep } from '../../../src/main/engine/store/tiers';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/**
 * Days at the end that are replayed window by window: as long as all but the coarsest tiers are kept. Bytes written in a day
 * after that are within 5 % of those after two years of windows, which take minutes to replay; with 5 days, within 8 %.
 */
const WINDOWED_DAYS = 32;
/** Size of the page cache, KiB: about all pages that are written more than once. */
const CACHE = 64 * 1024;

/** What to replay. */
export interface MaintenanceReplay {
  /** A history of the same range, written in any order: every row that exists in the end. */
  readonly content: string;
  /** The file to write. */
  readonly path: string;
  /** Epoch ms, UTC midnights. */
  readonly begin: number;
  readonly end: number;
  /** Days before `end` that are replayed window by window: at least one, the day that has samples. */
  readonly windowedDays?: number;
}

function openFile(path: string, now: number): OpenDatabase {
  const { db } = openDatabase(path, now, 'none');
  return new OpenDatabase(db, (error) => {
    throw error;
  });
}

/** The rows to write: those of the content, and rows of the same length for those that are deleted before the end. */
class ReplayRows {
  readonly series: readonly number[];
  readonly #data: Statement<[number], Buffer>;
  /** Bytes of each row of the content. */
  readonly #lengths = new Map<number, number>();
  /** Starts of the chunks in the content by code, ascending. */
  readonly #starts = new Map<number, number[]>();
  /** Bytes of the rows of temporary kinds, on the last day. */
  readonly #temporary = new Map<number, number>();
  readonly #lastDay: number;
  #zeros = Buffer.alloc(0);

  constructor(content: OpenDatabase, end: number) {
    this.#lastDay = end - DAY;
    this.series = content.db.prepare<[], number>('SELECT id FROM series ORDER BY id').pluck().all();
    this.#data = content.db.prepare<[number], Buffer>('SELECT data FROM chunks WHERE id = ?').pluck();
    for (const { id, bytes } of content.db.prepare<[], { id: number; bytes: number }>('SELECT id, length(data) AS bytes FROM chunks ORDER BY id').iterate()) {
      this.#lengths.set(id, bytes);
      const code = Math.floor(id / chunkRow(1, 0, 0));
      const starts = this.#starts.get(code) ?? [];
      this.#starts.set(code, starts);
      if (starts[starts.length - 1] !== startOfRow(id)) starts.push(startOfRow(id));
    }
    for (const step of ROLLUPS.filter(({ from }) => this.isTemporary(from))) for (const id of this.series) this.#measure(content, step, id);
  }

  /** True if the content has no chunks of this kind: they are deleted as soon as they are rolled up. */
  isTemporary(kind: ChunkKind): boolean {
    return !this.#starts.has(kind.code);
  }

  /** Data of a row, or zeros of the same length; null where there is none. `share`: the fraction of it that exists by then. */
  data(code: number, start: number, series: number, share: number): Buffer | null {
    const starts = this.#starts.get(code) ?? [];
    const row = chunkRow(code, start, series);
    if (starts.length === 0) return this.#blank(this.#temporary.get(chunkRow(code, this.#lastDay + (start % DAY), series)), 1);
    if (starts.includes(start)) return share === 1 ? (this.#data.get(row) ?? null) : this.#blank(this.#lengths.get(row), share);
    // The row is deleted before the end: use the length of another one of the same time of day.
    const span = starts.length > 1 ? (starts[1] ?? 0) - (starts[0] ?? 0) : DAY;
    const like = starts[Math.floor(start / span) % starts.length] ?? 0;
    return this.#blank(this.#lengths.get(chunkRow(code, like, series)), 1);
  }

  /** Measures the chunks of a temporary kind on the last day. */
  #measure(content: OpenDatabase, { from, fromWidth }: RollupStep, series: number): void {
    const day = content.chunks.points(CHUNK_KINDS.minutes, this.#lastDay, series, MINUTE);
    const points = rollUp(day, fromWidth);
    for (const start of new Set(points.map(({ time }) => chunkStart(from, time)))) {
      const within = points.filter(({ time }) => chunkStart(from, time) === start);
      const { points: bytes, sketches } = finish(content.chunks.prepare(from, start, series, fromWidth, within));
      this.#temporary.set(chunkRow(from.code, start, series), bytes.length);
      if (sketches !== null) this.#temporary.set(chunkRow(from.code + 1, start, series), sketches.length);
    }
  }

  #blank(length: number | undefined, share: number): Buffer | null {
    if (length === undefined) return null;
    const wanted = Math.ceil(length * share);
    if (wanted > this.#zeros.length) this.#zeros = Buffer.alloc(2 * wanted);
    return this.#zeros.subarray(0, wanted);
  }
}

/** Writes and deletes chunks in the order of time. */
class ReplayWriter {
  readonly #database: OpenDatabase;
  readonly #rows: ReplayRows;
  readonly #replay: MaintenanceReplay;

  constructor(database: OpenDatabase, rows: ReplayRows, replay: MaintenanceReplay) {
    this.#database = database;
    this.#rows = rows;
    this.#replay = replay;
  }

  /** Maintenance of the window that begins at `time`: retention on the hour, then sealing of the last window, then rollups. */
  advanceTo(time: number): void {
    const { begin, end, windowedDays = WINDOWED_DAYS } = this.#replay;
    if (time % HOUR === 0) finish(retain(this.#database, { keepDays: Infinity, maxBytes: null }, { now: time, since: time, latest: time }));
    if (time === begin) return;
    const isWindowed = time > end - windowedDays * DAY;
    if (isWindowed) this.#seal(time - CHUNK_WINDOW);
    for (const step of ROLLUPS) if (time % step.span === 0) this.#rollUp(step, time - step.span, isWindowed);
  }

  #seal(start: number): void {
    this.#put(CHUNK_KINDS.samples, start, TIMES_SERIES, 1);
    for (const series of this.#rows.series) {
      for (const kind of [CHUNK_KINDS.samples, CHUNK_KINDS.freshMinutes]) this.#put(kind, start, series, 1);
    }
  }

  #rollUp({ from, span, to }: RollupStep, start: number, isWindowed: boolean): void {
    const kinds = to.map(({ kind }) => kind).filter((kind) => isWindowed || !this.#rows.isTemporary(kind));
    for (const series of this.#rows.series) {
      for (const kind of kinds) {
        for (let at = chunkStart(kind, start); at < start + span; at += kind.span) this.#put(kind, at, series, this.#share(kind, at, start + span));
      }
    }
    const { chunks } = this.#database;
    while (!chunks.drop(from, start, start + span));
  }

  /** Fraction of a chunk that exists at `time`: a chunk longer than the rollup's span grows. */
  #share(kind: ChunkKind, start: number, time: number): number {
    const first = Math.max(start, this.#replay.begin);
    const last = Math.min(start + kind.span, this.#replay.end);
    return Math.min(1, (time - first) / (last - first));
  }

  #put(kind: ChunkKind, start: number, series: number, share: number): void {
    const points = this.#rows.data(kind.code, start, series, share);
    if (points !== null) this.#database.chunks.putPrepared({ kind, start, series, points, sketches: this.#rows.data(kind.code + 1, start, series, share) });
  }
}

/** Writes the history to a new file, which in the end has the rows of the content and no others. */
export function replayMaintenance(replay: MaintenanceReplay): void {
  const content = openFile(replay.content, replay.end);
  const database = openFile(replay.path, replay.end);
  const { db } = database;
  for (const pragma of ['synchronous = OFF', `cache_size = -${CACHE}`]) db.pragma(pragma);
  copyRows(content.db, db, 'series');
  const writer = new ReplayWriter(database, new ReplayRows(content, replay.end), replay);
  // In one transaction, so that rows that are written and deleted again stay in memory; the pages are the same.
  db.transaction(() => {
    for (let time = replay.begin; time <= replay.end; time += CHUNK_WINDOW) writer.advanceTo(time);
  })();
  db.exec('DELETE FROM state');
  copyRows(content.db, db, 'state');
  content.close();
  db.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

function copyRows(from: Database, to: Database, table: 'series' | 'state'): void {
  const rows = from.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
  const [names] = rows.map((row) => Object.keys(row));
  if (names === undefined) return;
  const insert = to.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`);
  to.transaction(() => rows.forEach((row) => insert.run(row)))();
}
