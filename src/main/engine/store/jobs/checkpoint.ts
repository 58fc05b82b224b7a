/**
 * Checkpoints: moves the pages of the write-ahead log into the database file without blocking the event loop on the disk.
 * SQLite's own checkpoint waits twice, and the first commit after it once more; here syncing is switched off in SQLite, and
 * the same waits happen in the same order outside the loop (https://sqlite.org/wal.html; sqlite3.c, walCheckpoint and
 * walFrames):
 *
 *   1. the log reaches the disk        before any of its pages is written to the file
 *   2. the pages are written to the file
 *   3. the file reaches the disk       before the log is truncated
 *   4. the empty log reaches the disk  before it is begun again, or old pages could follow new ones after a power cut
 *   5. a small commit begins the log
 *
 * Nothing else may be written meanwhile: a caller that must write calls `settle` first. A killed process needs none of this;
 * after a power cut at any point either the log or the file is complete.
 */
import type { Database } from 'better-sqlite3';
import { fdatasync, fdatasyncSync, fstatSync } from 'node:fs';
import type { DatabaseFiles } from '../database-files';

/** Bytes of new log that make a checkpoint due: about 370 pages. A larger value writes fewer pages twice, but each checkpoint takes longer. */
const LOG_BYTES = 768 * 1024;

/** Syncs files to the disk; tests replace it to simulate power cuts. */
export interface Disk {
  /** Calls back once everything written to the file is on the disk. */
  sync(fd: number, done: (error: Error | null) => void): void;
  /** The same, synchronously. */
  syncNow(fd: number): void;
  /** Bytes of new log that make a checkpoint due; LOG_BYTES by default. */
  readonly logBytes?: number;
}

const SYSTEM_DISK: Disk = { sync: fdatasync, syncNow: fdatasyncSync };

/** Dependencies of a checkpointer. */
export interface CheckpointParts {
  readonly db: Database;
  /** The open files; null for a database in memory, which has no log. */
  readonly files: DatabaseFiles | null;
  /** Commits one small row, which begins the log. */
  beginLog(): void;
  /** Called with an error after which a new connection is needed. */
  onError(error: unknown): void;
  readonly disk?: Disk;
}

/** What is being synced now. */
type Phase = 'idle' | 'log' | 'file' | 'emptyLog';

/** Result of a checkpoint in SQLite (https://sqlite.org/pragma.html#pragma_wal_checkpoint). */
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
  /** Number of the latest sync request; results of earlier ones are ignored. */
  #request = 0;
  /** The event loop has not turned since the sync request: a caller that loops synchronously would wait forever. */
  #isSameTurn = false;
  /** Bytes of the log that a checkpoint could not remove because of a reader. */
  #base = 0;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    this.#disk = parts.disk ?? SYSTEM_DISK;
  }

  /** True while a checkpoint is running and nothing may be written. */
  get isBusy(): boolean {
    return this.#phase !== 'idle';
  }

  /** Begins a checkpoint if one is due; true while one waits for the disk. */
  advance(): boolean {
    if (this.isBusy) {
      if (!this.#isSameTurn) return true;
      this.#finish();
      return false;
    }
    const size = this.#logSize();
    if (size < this.#base) this.#base = 0;
    const log = this.#parts.files?.log ?? null;
    if (log === null || size - this.#base < (this.#disk.logBytes ?? LOG_BYTES)) return false;
    this.#begin(log);
    return true;
  }

  /** Makes it safe to write now, waiting for the disk only where necessary. Throws the error of the sync. */
  settle(): void {
    const { files } = this.#parts;
    const isFileBehind = this.#phase === 'file';
    this.#end();
    if (isFileBehind && files !== null) this.#disk.syncNow(files.fd);
  }

  #logSize(): number {
    const log = this.#parts.files?.log ?? null;
    return log === null ? 0 : fstatSync(log).size;
  }

  #begin(fd: number): void {
    this.#parts.db.pragma('synchronous = OFF');
    this.#isSameTurn = true;
    setImmediate(() => {
      this.#isSameTurn = false;
    }).unref();
    this.#wait('log', fd, () => this.#writePages());
  }

  /** Syncs a file, then calls `next`, unless `settle` was called meanwhile. */
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
    // Pages of a log that is not ours any more must not get into the file: the next commit saves what there is.
    if ((this.#parts.files?.loss() ?? null) !== null) {
      this.#giveUp();
      return;
    }
    const [result] = this.#parts.db.pragma('wal_checkpoint(PASSIVE)') as CheckpointResult[];
    // A reader of an older state keeps the last pages in the log. The log then continues: nothing depends on the file yet.
    const { files } = this.#parts;
    if (result === undefined || result.checkpointed < result.log || files === null) this.#giveUp();
    else this.#wait('file', files.fd, () => this.#cutLog());
  }

  #cutLog(): void {
    const log = this.#parts.files?.log ?? null;
    if (!this.#truncate() || log === null) {
      this.#giveUp();
      return;
    }
    this.#wait('emptyLog', log, () => {
      this.#parts.beginLog();
      this.#end();
      this.#base = 0;
    });
  }

  /** Truncates the log; false if a reader needs it. Does not wait for readers. */
  #truncate(): boolean {
    const { db } = this.#parts;
    const timeout = Number(db.pragma('busy_timeout', { simple: true }));
    db.pragma('busy_timeout = 0');
    this.#parts.files?.allowCut();
    try {
      const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as CheckpointResult[];
      return result?.busy === 0;
    } finally {
      db.pragma(`busy_timeout = ${timeout}`);
    }
  }

  /** A reader prevents the checkpoint: the next one is due when the log has grown again. */
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

  /** The whole checkpoint at once, with SQLite syncing itself, for a caller that does not let the event loop turn. */
  #finish(): void {
    this.settle();
    if ((this.#parts.files?.loss() ?? null) !== null) return;
    this.#base = this.#truncate() ? 0 : this.#logSize();
  }
}
