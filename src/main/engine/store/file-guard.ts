/**
 * Keeps the database file what it was when it was opened. Where it was removed, moved or replaced, what is still open is
 * copied, what took its place is set aside, and the copy takes that place: nothing that can be read is lost, and nothing of
 * somebody else's is deleted. The copy has a name of its own first, so that a start after a loss of power finds it.
 */
import type { Database as Connection } from 'better-sqlite3';
import { copyFileSync, rmSync } from 'node:fs';
import { codeOf, messageOf } from '../../../shared/result';
import type { Clock } from '../clock';
import { heldCodes } from '../held-file.win32';
import type { Log } from '../log';
import { quarantinePath } from '../quarantine';
import { renameFile } from '../rename-file';
import { attempt, isTransient } from './database-errors';
import { IN_MEMORY } from './database';
import { DATABASE_SUFFIXES, DatabaseFiles, entryAt, isSameFile, removeDraft, resolvePlace, UnreadableError } from './database-files';
import type { FileIdentity, FileLoss } from './database-files';
import { makePrivate } from './private-files';

const HOUR = 3_600_000;
/** Most copies made within an hour: a program that replaces the file again and again must not fill the disk with them. */
const MOST_SAVES = 3;

/** A database file that was removed, moved or replaced while it was in use. */
export interface LostFile {
  /** Where it was, and is again. */
  readonly path: string;
  readonly what: FileLoss;
  /** Where to find what had taken its place; null where nothing had. */
  readonly aside: string | null;
  /** False where the file that was open could not be read any more: what was not in memory is lost with it. */
  readonly isSaved: boolean;
}

/** Dependencies of a guard. */
export interface FileGuardParts {
  readonly path: string;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly log: Log;
  onLost(lost: LostFile): void;
}

const WHAT: Readonly<Record<FileLoss, string>> = {
  removed: 'removed',
  replaced: 'replaced',
  overwritten: 'written over',
  log: 'left without its write-ahead log',
};

/** The copy of a lost file, until it is in its place. */
const savedPath = (place: string): string => `${place}.saved`;

/** The guard of one store, over all its connections. */
export class FileGuard {
  readonly #parts: FileGuardParts;
  #files: DatabaseFiles | null = null;
  #db: Connection | null = null;
  /** What was lost, where what took its place is by now, and which files of ours are still in that place; until what was saved is there. */
  #lost: { readonly what: FileLoss; readonly aside: string | null; readonly left: readonly FileIdentity[] } | null = null;
  /** The store is about to be closed: what is open can be saved now or never. */
  isLast = false;
  /** A copy was put in its place, and nobody has waited for the disk yet. */
  #isUnsynced = false;
  /** Times of the latest saves, monotonic ms. */
  #saves: number[] = [];

  constructor(parts: FileGuardParts) {
    this.#parts = parts;
  }

  /** The files of the open connection; null without one, and for a database in memory. */
  get files(): DatabaseFiles | null {
    return this.#files;
  }

  /** Call once a connection is open. */
  attach(db: Connection): void {
    const { path, log } = this.#parts;
    if (path === IN_MEMORY) return;
    this.#files = new DatabaseFiles(path, db.pragma('journal_mode', { simple: true }) === 'wal');
    this.#db = db;
    if (this.#isUnsynced) this.#files.syncLater((error) => log.warn('a saved database has not reached the disk', { reason: messageOf(error) }));
    this.#isUnsynced = false;
  }

  /** Call after a commit. One to a file without a log has not waited for the disk: that is done off the event loop. */
  syncLater(onError: (error: unknown) => void): void {
    this.#files?.noteLog();
    if (this.#files?.isLogged === false) this.#files.syncLater(onError);
  }

  /** Call once it is closed. */
  detach(): void {
    this.#files?.close();
    this.#files = null;
    this.#db = null;
  }

  /**
   * Looks at the files, and where they are lost copies what is open: close the connection then, and open it again. Null
   * where all is as it was. Throws where it cannot be copied now; the connection must stay open then.
   */
  save(): FileLoss | null {
    const { clock } = this.#parts;
    const files = this.#files;
    const what = files?.loss() ?? null;
    if (files === null || what === null) return null;
    this.#saves = this.#saves.filter((time) => clock.mono() - time < HOUR);
    if (this.#saves.length >= MOST_SAVES && !this.isLast) throw new Error('the file is removed or replaced again and again by another program');
    const place = resolvePlace(this.#parts.path);
    // Before the connection is closed: SQLite then removes a log by its name, whoever it belongs to.
    const cleared = this.#copy(files, what, place) ? this.#clearNow(place, files, what) : { aside: null, left: [] };
    this.#saves.push(clock.mono());
    this.#lost = { what, ...cleared };
    return what;
  }

  /** False where what is open cannot be read any more. */
  #copy(files: DatabaseFiles, what: FileLoss, place: string): boolean {
    try {
      this.#lock();
      files.copyTo(savedPath(place));
      return true;
    } catch (error) {
      if (error instanceof UnreadableError) return false;
      throw new Error(`the file was ${WHAT[what]} while in use, and what was in it cannot be written now: ${messageOf(error)}`, { cause: error });
    } finally {
      if (this.#db?.inTransaction === true) this.#db.exec('ROLLBACK');
    }
  }

  /** Keeps others from writing while the files are copied: a compaction may still be running. What cannot be locked is copied as it is. */
  #lock(): void {
    try {
      this.#db?.exec('BEGIN IMMEDIATE');
    } catch (error) {
      if (isTransient(error)) throw error;
      this.#parts.log.warn('the database cannot be locked to save it', { reason: messageOf(error) });
    }
  }

  /**
   * Call before opening: puts a copy in its place, one just made or one that an earlier run left. Returns what was lost; null
   * for nothing. Throws what the system throws.
   */
  restore(): FileLoss | null {
    const { path, log } = this.#parts;
    if (path === IN_MEMORY) return null;
    const place = resolvePlace(path);
    const saved = savedPath(place);
    // One that a run left unfinished. Where it cannot be removed, it is in nobody's way yet.
    attempt(() => removeDraft(saved));
    const isSaved = entryAt(saved) !== null;
    if (!isSaved && this.#lost === null) return null;
    const { what, aside, left } = this.#lost ?? { what: 'replaced', aside: null, left: [] };
    if (isSaved) this.#removeOwn(place, left);
    const found = isSaved ? (this.#clear(place, null, what) ?? aside) : aside;
    if (isSaved) for (const suffix of ['-wal', '']) if (entryAt(saved + suffix) !== null) renameFile(saved + suffix, place + suffix);
    this.#lost = null;
    this.#isUnsynced = isSaved;
    log.warn(`the database was ${WHAT[what]} while in use; ${isSaved ? 'what was in it is saved' : 'what was in it is lost'}`, { path, ...(found === null ? {} : { aside: found }) });
    this.#parts.onLost({ path, what, aside: found, isSaved });
    return what;
  }

  /**
   * Makes room at `place`: `own` files, which are copied, are removed; what is somebody else's, and what was written over
   * ours, is renamed. Returns its new name, or null for nothing.
   */
  #clear(place: string, own: DatabaseFiles | null, what: FileLoss): string | null {
    const target = quarantinePath(place, this.#parts.clock.now(), 'replaced');
    let found: string | null = null;
    if (what === 'overwritten' && own !== null) renameFile(own.place, (found = target));
    // Where the database was moved elsewhere and linked to, its log and index stayed behind.
    if (own !== null) for (const folder of new Set([own.place, place])) this.#removeOwn(folder, own.identities());
    for (const suffix of DATABASE_SUFFIXES) {
      if (entryAt(place + suffix) === null) continue;
      renameFile(place + suffix, target + suffix);
      makePrivate(target + suffix);
      found ??= target + suffix;
    }
    return found;
  }

  /**
   * Makes room while the database is open. On Windows nothing of it can be moved then, and nobody else can have put anything in
   * its place: what was written over it is copied, and our own files are left to `restore`.
   */
  #clearNow(place: string, own: DatabaseFiles, what: FileLoss): { aside: string | null; left: readonly FileIdentity[] } {
    try {
      return { aside: this.#clear(place, own, what), left: [] };
    } catch (error) {
      if (!heldCodes().has(codeOf(error) ?? '')) throw error;
      return { aside: what === 'overwritten' ? this.#copyAside(own.place) : null, left: own.identities() };
    }
  }

  #copyAside(place: string): string {
    const target = quarantinePath(place, this.#parts.clock.now(), 'replaced');
    copyFileSync(place, target);
    makePrivate(target);
    return target;
  }

  #removeOwn(place: string, own: readonly FileIdentity[]): void {
    for (const suffix of DATABASE_SUFFIXES) {
      const entry = entryAt(place + suffix);
      if (own.some((one) => isSameFile(one, entry))) rmSync(place + suffix);
    }
  }
}
