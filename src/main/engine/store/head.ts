/** The head: frames as they were committed, waiting to be sealed. */
import type { Database, Statement } from 'better-sqlite3';
import { SLOT } from './tiers';

/** Where a frame is, without its data. */
export interface HeadFrame {
  readonly id: number;
  /** Epoch ms of its first and last row, or earlier and later. */
  readonly first: number;
  readonly last: number;
}

/** A head of more frames than this is sealed although its slot is not over: a clock that jumps to and fro. */
const CROWDED = 2000;
/** Frames stay this long after their slot is over, ms: a viewer that was away for a moment is told of each batch. */
const LINGER = 5 * 60_000;
/** At most so many frames are sealed in one job. */
const MAX_JOB = 1000;

/** Frames in the order they came. */
export class Head {
  #frames: HeadFrame[];
  #added: HeadFrame[] = [];
  readonly #add: Statement<[number, number, Buffer]>;
  readonly #get: Statement<[number], { data: Buffer }>;
  readonly #drop: Statement<[number]>;

  constructor(db: Database) {
    this.#add = db.prepare('INSERT INTO head (first, last, data) VALUES (?, ?, ?)');
    this.#get = db.prepare('SELECT data FROM head WHERE id = ?');
    this.#drop = db.prepare('DELETE FROM head WHERE id <= ?');
    this.#frames = db.prepare<[], HeadFrame>('SELECT id, first, last FROM head ORDER BY id').all();
  }

  get frames(): readonly HeadFrame[] {
    return this.#frames;
  }

  /** Adds a frame. Call inside a transaction, then `keep` or `undo`. */
  add(first: number, last: number, data: Buffer): void {
    const id = Number(this.#add.run(first, last, data).lastInsertRowid);
    this.#added.push({ id, first, last });
  }

  /** The transaction is done. */
  keep(): void {
    this.#frames.push(...this.#added);
    this.#added = [];
  }

  /** The transaction failed. */
  undo(): void {
    this.#added = [];
  }

  /** Bytes of a frame, or null when it is gone. */
  data(frame: HeadFrame): Buffer | null {
    return this.#get.get(frame.id)?.data ?? null;
  }

  /** Number of the last frame of those that can be sealed: all before the slot that was being filled a moment ago. Null for none. */
  sealable(): number | null {
    const newest = this.#frames[this.#frames.length - 1];
    if (newest === undefined) return null;
    const open = Math.floor((newest.last - LINGER) / SLOT);
    // Frames of a later time than the newest are of a clock that has been set back since.
    let length = this.#frames.findIndex((frame) => Math.floor(frame.last / SLOT) >= open && frame.last <= newest.last);
    if (this.#frames.length > CROWDED && length < MAX_JOB) length = MAX_JOB;
    return this.#frames[Math.min(length, MAX_JOB) - 1]?.id ?? null;
  }

  /** Removes the first frames up to number `id`; call inside a transaction that tells they are sealed, then `forget`. */
  drop(id: number): void {
    this.#drop.run(id);
  }

  /** The transaction of `drop` is done. */
  forget(id: number): void {
    this.#frames = this.#frames.filter((frame) => frame.id > id);
  }
}
