/**
 * The files of an open database: whether they are still the ones that were opened, and a copy of them where they are not.
 * SQLite goes on writing to a file that was removed or replaced, and does not notice; but the file lives on as long as
 * somebody has it open, so all of it can still be copied.
 */
import Database from 'better-sqlite3';
import { closeSync, constants, existsSync, fdatasync, fstatSync, lstatSync, mkdirSync, openSync, readlinkSync, readSync, realpathSync, rmSync, statSync, writeSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, messageOf } from '../../../shared/result';
import { renameFile } from '../rename-file';
import { isCorruption } from './database-errors';
import { APPLICATION_ID } from './schema';

/** Length of a database's header, bytes. */
const HEADER_BYTES = 100;
/** Bytes copied at once. */
const BLOCK = 1024 * 1024;

/** A database, and what SQLite keeps beside it (https://sqlite.org/tempfiles.html): write-ahead log, its index, rollback journal. */
export const DATABASE_SUFFIXES = ['', '-wal', '-shm', '-journal'] as const;

/** What happened to the files: the database was removed, replaced or written over, or its log or the log's index is not the same. */
export type FileLoss = 'removed' | 'replaced' | 'overwritten' | 'log';

/** A file on its file system, whatever its name. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** True for the same file. */
export function isSameFile(a: FileIdentity | null, b: FileIdentity | null): boolean {
  return a !== null && b !== null && a.dev === b.dev && a.ino === b.ino;
}

/** What is at a path, links not followed; null for nothing. Throws where that cannot be told. */
export function entryAt(path: string): BigIntStats | null {
  try {
    return lstatSync(path, { bigint: true });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/** Links followed from one to the next, at most. */
const MAX_LINKS = 20;

/**
 * Where the file is, or would be, that a path leads to, links followed as SQLite does; the path itself where it leads to
 * something else, or into a folder that does not exist.
 */
export function resolvePlace(path: string, links = MAX_LINKS): string {
  try {
    const entry = entryAt(path);
    if (entry === null || !entry.isSymbolicLink() || links === 0) return join(realpathSync(dirname(path)), basename(path));
    const end = resolvePlace(resolve(dirname(path), readlinkSync(path)), links - 1);
    return entryAt(end)?.isFile() === false ? path : end;
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return path;
  }
}

/** Opens a file to read, to sync and, where allowed, to write it. */
function openForSync(path: string): number {
  try {
    return openSync(path, constants.O_RDWR);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')) throw error;
    return openSync(path, constants.O_RDONLY);
  }
}

/** Thrown where an open file cannot be read any more: a disk that is gone, a file removed on the server that has it. */
export class UnreadableError extends Error {}

function readBlock(fd: number, block: Buffer, at: number): number {
  try {
    return readSync(fd, block, 0, block.length, at);
  } catch (error) {
    throw new UnreadableError(messageOf(error), { cause: error });
  }
}

/** Copies all bytes of an open file to a new one, readable by its owner only. */
function copyBytes(from: number, to: string): void {
  const target = openSync(to, 'wx', 0o600);
  try {
    const block = Buffer.allocUnsafe(BLOCK);
    let at = 0;
    for (let n = readBlock(from, block, at); n > 0; n = readBlock(from, block, at)) {
      for (let done = 0; done < n; ) done += writeSync(target, block, done, n - done, at + done);
      at += n;
    }
  } finally {
    closeSync(target);
  }
}

/** Moves the write-ahead log of a copy into it, so that it is one file. Nobody else uses it; it is synced later, off the event loop. */
function foldLog(path: string): void {
  const db = new Database(path, { fileMustExist: true });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('synchronous = OFF');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!isCorruption(error)) throw error;
  } finally {
    db.close();
  }
}

const draftOf = (target: string): string => `${target}.part`;

/** Removes what a copy to `target` left that was never finished. */
export function removeDraft(target: string): void {
  for (const suffix of DATABASE_SUFFIXES) rmSync(draftOf(target) + suffix, { force: true });
}

/** What identifies the contents of a database (https://sqlite.org/fileformat2.html, section 1.3). */
interface Header {
  /** The text all of them begin with, and the size of a page. */
  readonly kind: string;
  readonly application: number;
  /** Grows with the changes that are in the file. */
  readonly changes: number;
}

/** Null where there is no whole header. */
function headerOf(fd: number): Header | null {
  const bytes = Buffer.alloc(HEADER_BYTES);
  if (readSync(fd, bytes, 0, HEADER_BYTES, 0) < HEADER_BYTES) return null;
  return { kind: bytes.toString('latin1', 0, 18), application: bytes.readUInt32BE(68), changes: bytes.readUInt32BE(24) };
}

/** First bytes of a write-ahead log, without the lowest bit (https://sqlite.org/fileformat2.html, section 4.1). */
const LOG_MAGIC = 0x377f0682;

/**
 * Whether somebody has cut the log, or written over its start. SQLite would not notice: it finds pages by the log's index, and
 * a checkpoint would move zeros into the database.
 */
function isBrokenLog(fd: number, atLeast: number): boolean {
  const { size } = fstatSync(fd);
  if (size < atLeast) return true;
  const bytes = Buffer.alloc(4);
  return size > 0 && (readSync(fd, bytes, 0, 4, 0) < 4 || (bytes.readUInt32BE(0) & ~1) >>> 0 !== LOG_MAGIC);
}

/** The files of one open connection. */
export class DatabaseFiles {
  readonly #path: string;
  /** Where the database is, links followed; its log and index are beside it. */
  readonly place: string;
  /** The database has a write-ahead log. */
  readonly isLogged: boolean;
  /** Kept open as long as the database: closing it would release SQLite's locks (https://sqlite.org/howtocorrupt.html, 2.2). */
  readonly fd: number;
  #log: number | null = null;
  #logSize = 0;
  /** Never opened here, for the same reason. */
  #index: FileIdentity | null = null;
  #header: Header | null;
  #changed: bigint;
  #isSyncing = false;
  #isClosed = false;

  /** Call once the database is open. `isLogged`: it has a write-ahead log. Throws what the system throws. */
  constructor(path: string, isLogged: boolean) {
    this.#path = path;
    this.place = resolvePlace(path);
    this.isLogged = isLogged;
    this.fd = openForSync(this.place);
    this.#header = headerOf(this.fd);
    this.#changed = fstatSync(this.fd, { bigint: true }).mtimeNs;
    this.#openLog();
  }

  /** The open write-ahead log; null while there is none. */
  get log(): number | null {
    return this.#log ?? this.#openLog();
  }

  #openLog(): number | null {
    if (!this.isLogged || !existsSync(`${this.place}-wal`)) return null;
    this.#log = openForSync(`${this.place}-wal`);
    this.#index = entryAt(`${this.place}-shm`);
    return this.#log;
  }

  /** What happened to the files since they were opened; null for nothing, also where that cannot be told now. */
  loss(): FileLoss | null {
    try {
      const isWritten = fstatSync(this.fd, { bigint: true }).mtimeNs !== this.#changed;
      return this.#databaseLoss() ?? this.#logLoss(isWritten);
    } catch (error) {
      if (codeOf(error) === null) throw error;
      return null;
    }
  }

  /** Both are looked at anew: some network file systems number files anew while they are open. */
  #databaseLoss(): FileLoss | null {
    const own = fstatSync(this.fd, { bigint: true });
    const seen = entryAt(this.place);
    if (seen === null) return 'removed';
    if (!isSameFile(seen, own)) return 'replaced';
    const led = this.place === this.#path ? own : statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    if (led === undefined) return 'removed';
    if (!isSameFile(led, own)) return 'replaced';
    return own.mtimeNs !== this.#changed && this.#isOverwritten(own.mtimeNs) ? 'overwritten' : null;
  }

  /** The file was written to: by SQLite, which counts changes up, or by somebody who copied another over it. */
  #isOverwritten(changed: bigint): boolean {
    const header = headerOf(this.fd);
    const before = this.#header;
    if (before !== null) {
      if (header === null || header.kind !== before.kind || header.changes < before.changes) return true;
      // That of a new database is in the log at first.
      if (header.application !== before.application && header.application !== APPLICATION_ID) return true;
    }
    this.#header = header;
    this.#changed = changed;
    return false;
  }

  /** `isWritten`: the database was written to since the last look, as by another program that has moved the whole log into it. */
  #logLoss(isWritten: boolean): FileLoss | null {
    const { log } = this;
    if (log === null) return null;
    if (isWritten && fstatSync(log).size === 0) this.allowCut();
    if (!isSameFile(entryAt(`${this.place}-wal`), fstatSync(log, { bigint: true })) || isBrokenLog(log, this.#logSize)) return 'log';
    this.noteLog();
    return this.#index === null || isSameFile(entryAt(`${this.place}-shm`), this.#index) ? null : 'log';
  }

  /** Remembers the size of the log: only a checkpoint may make it smaller. Call after a commit. */
  noteLog(): void {
    if (this.#log !== null) this.#logSize = fstatSync(this.#log).size;
  }

  /** Call before this program itself may cut the log. */
  allowCut(): void {
    this.#logSize = 0;
  }

  /** These files, to be recognized under whatever name they are found. */
  identities(): readonly FileIdentity[] {
    const open = [this.fd, ...(this.#log === null ? [] : [this.#log])].map((fd) => fstatSync(fd, { bigint: true }));
    return [...open, ...(this.#index === null ? [] : [this.#index])];
  }

  /**
   * Copies what is open to a new file at `target`, which is there whole or not at all; its folder is made where missing. A log
   * that cannot be moved into it, because of damage, is beside it. Nobody may write meanwhile. Throws an UnreadableError for
   * what cannot be read, and what the system throws for what cannot be written.
   */
  copyTo(target: string): void {
    const draft = draftOf(target);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    removeDraft(target);
    copyBytes(this.fd, draft);
    if (this.#log !== null) {
      copyBytes(this.#log, `${draft}-wal`);
      foldLog(draft);
      if (existsSync(`${draft}-wal`)) renameFile(`${draft}-wal`, `${target}-wal`);
    }
    renameFile(draft, target);
  }

  /** Has the database reach the disk, off the event loop. At most one such wait at a time. */
  syncLater(onError: (error: unknown) => void): void {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    fdatasync(this.fd, (error) => {
      this.#isSyncing = false;
      if (error !== null && !this.#isClosed) onError(error);
    });
  }

  /** Call once the database is closed. */
  close(): void {
    for (const fd of [this.#log, this.fd]) if (fd !== null) closeSync(fd);
    this.#log = null;
    this.#isClosed = true;
  }
}
