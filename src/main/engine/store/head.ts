/**
 * The head: frames as they were committed, not sealed yet. A commit every few seconds is most of what the database writes,
 * so it must change as few pages as possible: rows of sealed frames are not deleted but overwritten, and as long as a row
 * keeps its length SQLite does so in place, without touching the free list. Hence rows are longer than their frames, and the
 * maintenance state records which rows are in use.
 *
 * Unsealed frames are also kept in memory: 2 kB for each ten seconds of a hundred series. Every chart that ends now reads
 * all of them, and so does sealing.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { MaintenanceState } from './maintenance-state';
import { CHUNK_WINDOW } from './tiers';

/** A stored frame, without its data. */
export interface HeadFrame {
  /** Increases from frame to frame. */
  readonly id: number;
  /** Time range of its samples, epoch ms; may be wider than they are. */
  readonly first: number;
  readonly last: number;
  /** Number of the table row it is in (the column `place`), and bytes of that row. */
  readonly place: number;
  readonly size: number;
}

/** A head of more frames than this is sealed although its window is not over: the clock jumps back and forth. */
const MAX_FRAMES = 2000;
/** Frames are sealed this long after their window is over, ms: a client that reconnects within it gets every batch it missed. */
const SEAL_DELAY = 5 * 60_000;
/** At most this many frames are sealed in one job. */
const MAX_JOB = 1000;
/** The length of a row is a multiple of this, bytes, because the lengths of frames differ a little. */
const ROW_GRANULARITY = 256;
/** Free rows kept for later frames; those beyond it, left by a head that had grown, are removed. */
const SPARE_ROWS = 400;

/** State key: frames up to this number are sealed and their rows are free. */
const DROPPED = 'head.dropped';

/** The frames, in the order they were committed. */
export class Head {
  #frames: HeadFrame[] = [];
  /** Rows that can be overwritten; the last one is used next. */
  #free: Pick<HeadFrame, 'place' | 'size'>[] = [];
  #lastId: number;
  #added: { readonly frame: HeadFrame; readonly sizeBefore: number | null; readonly data: Buffer }[] = [];
  /** Data of the frames by frame number; null until first read after opening. */
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

  /** Adds a frame. Call inside a transaction, then `onCommit` or `onRollback`. */
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

  /** Call after the transaction was committed. */
  onCommit(): void {
    for (const { frame, data } of this.#added) {
      this.#frames.push(frame);
      this.#data?.set(frame.id, data);
    }
    this.#added = [];
  }

  /** Call after the transaction failed. */
  onRollback(): void {
    const before = this.#added.flatMap(({ frame: { place }, sizeBefore: size }) => (size === null ? [] : [{ place, size }]));
    this.#free = inOrderOfUse([...this.#free, ...before]);
    this.#lastId = Math.max(this.#dropped, this.#frames.at(-1)?.id ?? 0);
    this.#added = [];
  }

  /** Bytes of a frame, possibly padded with zeros; null if it is no longer stored. */
  data(frame: HeadFrame): Buffer | null {
    this.#data ??= new Map(this.#all.all(this.#dropped).map(({ id, data }) => [id, data]));
    return this.#data.get(frame.id) ?? null;
  }

  /** Number of the last frame that can be sealed: all before the window that was open SEAL_DELAY ago. Null for none. */
  sealable(): number | null {
    const newest = this.#frames[this.#frames.length - 1];
    if (newest === undefined) return null;
    const open = Math.floor((newest.last - SEAL_DELAY) / CHUNK_WINDOW);
    // Frames with later times than the newest one are from before the clock was set back.
    let length = this.#frames.findIndex((frame) => Math.floor(frame.last / CHUNK_WINDOW) >= open && frame.last <= newest.last);
    if (this.#frames.length > MAX_FRAMES && length < MAX_JOB) length = MAX_JOB;
    return this.#frames[Math.min(length, MAX_JOB) - 1]?.id ?? null;
  }

  /** Frames up to number `id` are sealed: saves that together with the state `values` and frees their rows. */
  drop(id: number, values: Readonly<Record<string, number | null>>): void {
    this.#state.save({ ...values, [DROPPED]: Math.max(id, this.#dropped) });
    this.#free = inOrderOfUse([...this.#free, ...this.#frames.filter((frame) => frame.id <= id)]);
    for (const frame of this.#frames) if (frame.id <= id) this.#data?.delete(frame.id);
    this.#frames = this.#frames.filter((frame) => frame.id > id);
  }

  /** Removes at most `limit` surplus free rows; true when none are left. Call outside transactions. */
  trim(db: Database, limit: number): boolean {
    const surplus = this.#free.slice(0, Math.min(limit, Math.max(0, this.#free.length - SPARE_ROWS)));
    db.transaction(() => surplus.forEach(({ place }) => this.#remove.run(place)))();
    this.#free.splice(0, surplus.length);
    return this.#free.length <= SPARE_ROWS;
  }
}

/** Low row numbers are used first: consecutive writes then go to neighboring rows. */
function inOrderOfUse<T extends { readonly place: number }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => b.place - a.place);
}

/** The frame padded with zeros, which no reader reaches: to the length of the row, or longer where it does not fit. */
function padded(data: Buffer, size: number): Buffer {
  const row = Buffer.alloc(Math.max(size, Math.ceil(data.length / ROW_GRANULARITY) * ROW_GRANULARITY));
  data.copy(row);
  return row;
}
