/**
 * Moving the log's pages into the file without ever waiting for the disk on the event loop. SQLite's own checkpoint
 * waits twice, and the first commit after it once more; here it is told not to, and the same waits happen in their
 * order beside the loop (https://sqlite.org/wal.html; sqlite3.c, walCheckpoint and walFrames):
 *
 *   1. the log reaches the disk        before any of its pages is written to the file
 *   2. the pages are written to the file
 *   3. the file reaches the disk       before the log is cut to nothing
 *   4. the empty log reaches the disk  before it is begun anew, lest old pages show up behind new ones
 *   5. a small commit begins the log
 *
 * Nothing else may be written meanwhile: whoever must write calls `settle` first. A process that is killed needs none
 * of this; a power cut at any point finds the log or the file whole.
 */
import type { Database } from 'better-sqlite3';
import { closeSync, fdatasync, fdatasyncSync, openSync, statSync } from 'node:fs';

/** Bytes of new log that are worth a checkpoint: some 370 pages. A larger one writes fewer pages twice, but its pages take longer to write. */
const LOG_BYTES = 768 * 1024;

/** How files reach the disk; a test puts a power cut here. */
export interface Disk {
  /** Calls back once everything written to the file is on the disk. */
  sync(fd: number, done: (error: Error | null) => void): void;
  /** The same, waiting. */
  syncNow(fd: number): void;
  /** Bytes of new log that are worth a checkpoint; LOG_BYTES where nothing is said. */
  readonly logBytes?: number;
}

const SYSTEM_DISK: Disk = { sync: fdatasync, syncNow: fdatasyncSync };

/** What a checkpointer is given. */
export interface CheckpointParts {
  readonly db: Database;
  readonly path: string;
  /** Writes one small row. */
  beginLog(): void;
  /** Told of an error after which the connection must be made anew. */
  onError(error: unknown): void;
  readonly disk?: Disk;
}

/** What reaches the disk just now. */
type Phase = 'idle' | 'log' | 'file' | 'head';

/** What SQLite says of a checkpoint (https://sqlite.org/pragma.html#pragma_wal_checkpoint). */
interface CheckpointResult {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

/** Checkpoints of one open database. */
export class Checkpointer {
  readonly #parts: CheckpointParts;
  readonly #disk: Disk;
  #phase: Phase = 'idle';
  /** Answers of the disk to what was asked before this number no longer matter. */
  #request = 0;
  /** The event loop has not turned since the disk was asked: a caller in a loop of its own would wait for ever. */
  #isSameTurn = false;
  #logFd: number | null = null;
  /** Open as long as the database: closing it gives up SQLite's locks (https://sqlite.org/howtocorrupt.html, 2.2). */
  #fileFd: number | null = null;
  /** Bytes of the log that were tried already and are still there: a reader was in the way. */
  #base = 0;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    this.#disk = parts.disk ?? SYSTEM_DISK;
  }

  /** True while nothing may be written. */
  get isBusy(): boolean {
    return this.#phase !== 'idle';
  }

  /** Begins a checkpoint where one is due; true while the disk is being waited for. */
  advance(): boolean {
    if (this.isBusy) {
      if (!this.#isSameTurn) return true;
      this.#finish();
      return false;
    }
    const size = this.#logSize();
    if (size < this.#base) this.#base = 0;
    if (size - this.#base < (this.#disk.logBytes ?? LOG_BYTES)) return false;
    this.#begin();
    return true;
  }

  /** Makes it safe to write at once, waiting for the disk where there is no other way. Throws what the disk says. */
  settle(): void {
    const isFileBehind = this.#phase === 'file';
    this.#end();
    if (isFileBehind && this.#fileFd !== null) this.#disk.syncNow(this.#fileFd);
  }

  /** Call after `settle`, once the database is closed. */
  close(): void {
    for (const fd of [this.#logFd, this.#fileFd]) if (fd !== null) closeSync(fd);
    this.#logFd = null;
    this.#fileFd = null;
  }

  #logSize(): number {
    return statSync(`${this.#parts.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  #open(): number {
    this.#fileFd ??= openSync(this.#parts.path, 'r+');
    this.#logFd ??= openSync(`${this.#parts.path}-wal`, 'r+');
    return this.#logFd;
  }

  #begin(): void {
    const fd = this.#open();
    this.#parts.db.pragma('synchronous = OFF');
    this.#isSameTurn = true;
    setImmediate(() => {
      this.#isSameTurn = false;
    }).unref();
    this.#wait('log', fd, () => this.#writePages());
  }

  /** Asks the disk and goes on with `next` unless `settle` came first. */
  #wait(phase: Phase, fd: number, next: () => void): void {
    this.#phase = phase;
    this.#request += 1;
    const request = this.#request;
    this.#disk.sync(fd, (error) => {
      if (request !== this.#request || !this.#parts.db.open) return;
      try {
        if (error !== null) throw error;
        next();
      } catch (reason) {
        this.#end();
        this.#parts.onError(reason);
      }
    });
  }

  #writePages(): void {
    const [result] = this.#parts.db.pragma('wal_checkpoint(PASSIVE)') as CheckpointResult[];
    // A reader of an older state keeps the last pages in the log, which goes on then: nothing hangs on the file yet.
    if (result === undefined || result.checkpointed < result.log || this.#fileFd === null) this.#giveUp();
    else this.#wait('file', this.#fileFd, () => this.#cutLog());
  }

  #cutLog(): void {
    if (!this.#truncate() || this.#logFd === null) {
      this.#giveUp();
      return;
    }
    this.#wait('head', this.#logFd, () => {
      this.#parts.beginLog();
      this.#end();
      this.#base = 0;
    });
  }

  /** False where a reader needs the log; it is not waited for, not even a moment. */
  #truncate(): boolean {
    const { db } = this.#parts;
    const timeout = Number(db.pragma('busy_timeout', { simple: true }));
    db.pragma('busy_timeout = 0');
    try {
      const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as CheckpointResult[];
      return result?.busy === 0;
    } finally {
      db.pragma(`busy_timeout = ${timeout}`);
    }
  }

  /** A reader is in the way: another time, when there is more. */
  #giveUp(): void {
    this.#end();
    this.#base = this.#logSize();
  }

  #end(): void {
    if (this.#phase === 'idle') return;
    this.#phase = 'idle';
    this.#request += 1;
    if (this.#parts.db.open) this.#parts.db.pragma('synchronous = NORMAL');
  }

  /** Everything at once, SQLite waiting for the disk itself, for a caller that does not let the event loop turn. */
  #finish(): void {
    this.settle();
    this.#base = this.#truncate() ? 0 : this.#logSize();
  }
}
