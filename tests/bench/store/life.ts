/**
 * A history written once more, as life would have written it: slot by slot, night by night, retention in between. Which
 * page of the file holds what then comes of the insertions and deletions of the app, in its order: so do the free pages,
 * and what a checkpoint writes. Only the frames of the head are left out.
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
 * The last days of so many are lived slot by slot, as long as anything but the coarsest tiers is kept. Bytes written in a
 * day after that: within 5 % of those after two years of slots, which take minutes to live; after 5 days, within 8 %.
 */
const SLOTTED_DAYS = 32;
/** Pages kept in memory, KiB: about all that is ever written again. */
const CACHE = 64 * 1024;

/** What is to be lived through. */
export interface Life {
  /** A history of the same span, in any order: every row that is to be there in the end. */
  readonly content: string;
  /** The file to be written. */
  readonly path: string;
  /** Epoch ms, UTC midnights. */
  readonly begin: number;
  readonly end: number;
  /** Days before `end` that are lived slot by slot: one at least, of which the samples are. */
  readonly slottedDays?: number;
}

function openTables(path: string, now: number): OpenDatabase {
  const { db } = openDatabase(path, now, 'none');
  return new OpenDatabase(db, (error) => {
    throw error;
  });
}

/** What is written: rows of the content, and in place of those that nothing is left of, others as long. */
class Rows {
  readonly series: readonly number[];
  readonly #data: Statement<[number], Buffer>;
  /** Bytes of each row of the content. */
  readonly #lengths = new Map<number, number>();
  /** Starts of the chunks in the content by code, ascending. */
  readonly #starts = new Map<number, number[]>();
  /** Bytes of the rows of kinds that pass, on the last day. */
  readonly #passing = new Map<number, number>();
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
    for (const roll of ROLLUPS.filter(({ from }) => this.isPassing(from))) for (const id of this.series) this.#measure(content, roll, id);
  }

  /** True where the content has none of this kind: its chunks are gone as soon as they are rolled. */
  isPassing(kind: ChunkKind): boolean {
    return !this.#starts.has(kind.code);
  }

  /** Data of a row, or of one as long; null where there is none. `share`: how much of it there is by then. */
  data(code: number, start: number, series: number, share: number): Buffer | null {
    const starts = this.#starts.get(code) ?? [];
    const row = chunkRow(code, start, series);
    if (starts.length === 0) return this.#blank(this.#passing.get(chunkRow(code, this.#lastDay + (start % DAY), series)), 1);
    if (starts.includes(start)) return share === 1 ? (this.#data.get(row) ?? null) : this.#blank(this.#lengths.get(row), share);
    // It is deleted by the end: another in its place, of the same time of day.
    const span = starts.length > 1 ? (starts[1] ?? 0) - (starts[0] ?? 0) : DAY;
    const like = starts[Math.floor(start / span) % starts.length] ?? 0;
    return this.#blank(this.#lengths.get(chunkRow(code, like, series)), 1);
  }

  /** How long the chunks of a kind that passes are, on the last day. */
  #measure(content: OpenDatabase, { from, fromWidth }: RollupStep, series: number): void {
    const day = content.chunks.points(CHUNK_KINDS.minutes, this.#lastDay, series, MINUTE);
    const points = rollUp(day, fromWidth);
    for (const start of new Set(points.map(({ time }) => chunkStart(from, time)))) {
      const within = points.filter(({ time }) => chunkStart(from, time) === start);
      const { points: bytes, sketches } = finish(content.chunks.prepare(from, start, series, fromWidth, within));
      this.#passing.set(chunkRow(from.code, start, series), bytes.length);
      if (sketches !== null) this.#passing.set(chunkRow(from.code + 1, start, series), sketches.length);
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
class Writer {
  readonly #tables: OpenDatabase;
  readonly #rows: Rows;
  readonly #life: Life;

  constructor(tables: OpenDatabase, rows: Rows, life: Life) {
    this.#tables = tables;
    this.#rows = rows;
    this.#life = life;
  }

  /** What upkeep does in the quarter of an hour from `time` on: retention on the hour, then the slot that is over, then what is to be rolled. */
  reach(time: number): void {
    const { begin, end, slottedDays = SLOTTED_DAYS } = this.#life;
    if (time % HOUR === 0) finish(retain(this.#tables, { keepDays: Infinity, maxBytes: null }, time));
    if (time === begin) return;
    const isSlotted = time > end - slottedDays * DAY;
    if (isSlotted) this.#seal(time - CHUNK_WINDOW);
    for (const roll of ROLLUPS) if (time % roll.span === 0) this.#roll(roll, time - roll.span, isSlotted);
  }

  #seal(start: number): void {
    this.#put(CHUNK_KINDS.samples, start, TIMES_SERIES, 1);
    for (const series of this.#rows.series) {
      for (const kind of [CHUNK_KINDS.samples, CHUNK_KINDS.freshMinutes]) this.#put(kind, start, series, 1);
    }
  }

  #roll({ from, span, to }: RollupStep, start: number, isSlotted: boolean): void {
    const kinds = to.map(({ kind }) => kind).filter((kind) => isSlotted || !this.#rows.isPassing(kind));
    for (const series of this.#rows.series) {
      for (const kind of kinds) {
        for (let at = chunkStart(kind, start); at < start + span; at += kind.span) this.#put(kind, at, series, this.#share(kind, at, start + span));
      }
    }
    const { chunks } = this.#tables;
    while (!chunks.drop(from, start, start + span));
  }

  /** How much of a chunk is there at `time`: one that spans more than what is rolled grows. */
  #share(kind: ChunkKind, start: number, time: number): number {
    const first = Math.max(start, this.#life.begin);
    const last = Math.min(start + kind.span, this.#life.end);
    return Math.min(1, (time - first) / (last - first));
  }

  #put(kind: ChunkKind, start: number, series: number, share: number): void {
    const points = this.#rows.data(kind.code, start, series, share);
    if (points !== null) this.#tables.chunks.putPrepared({ kind, start, series, points, sketches: this.#rows.data(kind.code + 1, start, series, share) });
  }
}

/** Writes the history to a new file: the rows of the content, none more. */
export function liveThrough(life: Life): void {
  const content = openTables(life.content, life.end);
  const tables = openTables(life.path, life.end);
  const { db } = tables;
  for (const pragma of ['synchronous = OFF', `cache_size = -${CACHE}`]) db.pragma(pragma);
  copyRows(content.db, db, 'series');
  const writer = new Writer(tables, new Rows(content, life.end), life);
  // In one transaction, so that what is written and deleted again stays in memory: the pages are the same.
  db.transaction(() => {
    for (let time = life.begin; time <= life.end; time += CHUNK_WINDOW) writer.reach(time);
  })();
  db.exec('DELETE FROM state');
  copyRows(content.db, db, 'state');
  content.close();
  db.pragma('wal_checkpoint(TRUNCATE)');
  tables.close();
}

function copyRows(from: Database, to: Database, table: 'series' | 'state'): void {
  const rows = from.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
  const [names] = rows.map((row) => Object.keys(row));
  if (names === undefined) return;
  const insert = to.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`);
  to.transaction(() => rows.forEach((row) => insert.run(row)))();
}
