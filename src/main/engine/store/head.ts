/**
 * The head: frames as they were committed, waiting to be sealed. A commit every few seconds is most of what the database
 * writes, so it must touch as few pages as can be: rows of sealed frames are not deleted but written over, and as long as
 * a row keeps its length SQLite does so in place, without the list of free pages and all that hangs on it. Hence a row is
 * longer than its frame, and which rows still count stands in the state.
 *
 * What waits to be sealed is kept in memory as well: 2 kB for each ten seconds of a hundred series. Each chart that ends
 * now reads all of it, and so does sealing.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { MaintenanceState } from './maintenance-state';
import { CHUNK_WINDOW } from './tiers';

/** Where a frame is, without its data. */
export interface HeadFrame {
  /** Grows from frame to frame. */
  readonly id: number;
  /** Epoch ms of its first and last row, or earlier and later. */
  readonly first: number;
  readonly last: number;
  /** Row it is in, and that row's bytes. */
  readonly place: number;
  readonly size: number;
}

/** A head of more frames than this is sealed although its slot is not over: a clock that jumps to and fro. */
const MAX_FRAMES = 2000;
/** Frames stay this long after their slot is over, ms: a viewer that was away for a moment is told of each batch. */
const SEAL_DELAY = 5 * 60_000;
/** At most so many frames are sealed in one job. */
const MAX_JOB = 1000;
/** Rows have a multiple of this many bytes: frames differ a little. */
const ROW_GRANULARITY = 256;
/** Free rows kept for later frames; what a crowded head leaves beyond is removed. */
const SPARE_ROWS = 400;

/** Frames up to this number are sealed; their rows are free. */
const DROPPED = 'head.dropped';

/** Frames in the order they came. */
export class Head {
  #frames: HeadFrame[] = [];
  /** Rows that can be written over: the last is the next. */
  #free: Pick<HeadFrame, 'place' | 'size'>[] = [];
  #lastId: number;
  #added: { readonly frame: HeadFrame; readonly sizeBefore: number | null; readonly data: Buffer }[] = [];
  /** By number; null until they are asked for, after a start. */
  #data: Map<number, Buffer> | null = null;
  readonly #state: MaintenanceState;
  readonly #add: Statement<[number, number, number, Buffer]>;
  readonly #replace: Statement<[number, number, number, Buffer, number]>;
  readonly #all: Statement<[number], { id: number; data: Buffer }>;
  readonly #remove: Statement<[number]>;

  constructor(db: Database, state: MaintenanceState) {
    this.#state = state;
    this.#add = db.prepare('INSERT INTO head (id, first, last, data) VALUES (?, ?, ?, ?)');
    this.#replace = db.prepare('UPDATE head SET id = ?, first = ?, last = ?, data = ? WHERE place = ?');
    this.#all = db.prepare('SELECT id, data FROM head WHERE id > ?');
    this.#remove = db.prepare('DELETE FROM head WHERE place = ?');
    const rows = db.prepare<[], HeadFrame>('SELECT place, id, first, last, length(data) AS size FROM head ORDER BY id').all();
    const dropped = this.#dropped;
    this.#frames = rows.filter(({ id }) => id > dropped);
    this.#free = inOrderOfUse(rows.filter(({ id }) => id <= dropped));
    this.#lastId = Math.max(dropped, this.#frames.at(-1)?.id ?? 0);
  }

  get frames(): readonly HeadFrame[] {
    return this.#frames;
  }

  get #dropped(): number {
    return this.#state.get(DROPPED) ?? 0;
  }

  /** Adds a frame. Call inside a transaction, then `keep` or `undo`. */
  add(first: number, last: number, data: Buffer): void {
    const id = this.#lastId + 1;
    const free = this.#free.pop() ?? null;
    const row = padded(data, free?.size ?? 0);
    let place = free?.place;
    if (place === undefined) place = Number(this.#add.run(id, first, last, row).lastInsertRowid);
    else this.#replace.run(id, first, last, row, place);
    this.#lastId = id;
    this.#added.push({ frame: { id, first, last, place, size: row.length }, sizeBefore: free?.size ?? null, data });
  }

  /** The transaction is done. */
  onCommit(): void {
    for (const { frame, data } of this.#added) {
      this.#frames.push(frame);
      this.#data?.set(frame.id, data);
    }
    this.#added = [];
  }

  /** The transaction failed. */
  onRollback(): void {
    const before = this.#added.flatMap(({ frame: { place }, sizeBefore: size }) => (size === null ? [] : [{ place, size }]));
    this.#free = inOrderOfUse([...this.#free, ...before]);
    this.#lastId = Math.max(this.#dropped, this.#frames.at(-1)?.id ?? 0);
    this.#added = [];
  }

  /** Bytes of a frame, and maybe zeros behind it; null when it is gone. */
  data(frame: HeadFrame): Buffer | null {
    this.#data ??= new Map(this.#all.all(this.#dropped).map(({ id, data }) => [id, data]));
    return this.#data.get(frame.id) ?? null;
  }

  /** Number of the last frame of those that can be sealed: all before the slot that was being filled a moment ago. Null for none. */
  sealable(): number | null {
    const newest = this.#frames[this.#frames.length - 1];
    if (newest === undefined) return null;
    const open = Math.floor((newest.last - SEAL_DELAY) / CHUNK_WINDOW);
    // Frames of a later time than the newest are of a clock that has been set back since.
    let length = this.#frames.findIndex((frame) => Math.floor(frame.last / CHUNK_WINDOW) >= open && frame.last <= newest.last);
    if (this.#frames.length > MAX_FRAMES && length < MAX_JOB) length = MAX_JOB;
    return this.#frames[Math.min(length, MAX_JOB) - 1]?.id ?? null;
  }

  /** Frames up to number `id` are sealed, as `marks` say; their rows are free from now on. */
  drop(id: number, values: Readonly<Record<string, number | null>>): void {
    this.#state.save({ ...values, [DROPPED]: Math.max(id, this.#dropped) });
    this.#free = inOrderOfUse([...this.#free, ...this.#frames.filter((frame) => frame.id <= id)]);
    for (const frame of this.#frames) if (frame.id <= id) this.#data?.delete(frame.id);
    this.#frames = this.#frames.filter((frame) => frame.id > id);
  }

  /** Removes at most `limit` of the free rows that are too many; true when there are no more. Call outside of transactions. */
  trim(db: Database, limit: number): boolean {
    const surplus = this.#free.slice(0, Math.min(limit, Math.max(0, this.#free.length - SPARE_ROWS)));
    db.transaction(() => surplus.forEach(({ place }) => this.#remove.run(place)))();
    this.#free.splice(0, surplus.length);
    return this.#free.length <= SPARE_ROWS;
  }
}

/** Low rows first: what is written one after the other then lies side by side. */
function inOrderOfUse<T extends { readonly place: number }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => b.place - a.place);
}

/** The frame with zeros behind it, which no reader gets to: as long as the row was, or some more. */
function padded(data: Buffer, size: number): Buffer {
  const row = Buffer.alloc(Math.max(size, Math.ceil(data.length / ROW_GRANULARITY) * ROW_GRANULARITY));
  data.copy(row);
  return row;
}
