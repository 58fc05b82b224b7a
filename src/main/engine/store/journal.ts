/**
 * How changes reach the file: through a write-ahead log, or through a rollback journal where the log does not work. The log's
 * index is memory shared through a file (https://sqlite.org/wal.html#noshm), which network and other shared file systems do
 * not have. A connection that has the file for itself needs none, so that a log left there can still be read.
 */
import Database from 'better-sqlite3';
import { codeOf } from '../../../shared/result';
import { isTransient } from './database-errors';

/** Opens a connection; tests replace it by one that refuses. */
export type Connect = (path: string, options?: Database.Options) => Database.Database;

/** Opens a plain connection. */
export const connectTo: Connect = (path, options) => new Database(path, options);

/**
 * Bytes of a page in a new file. Smaller pages write more: below the system's 4096 it has to read what surrounds a page
 * first, and a row takes more pages. Larger ones write more, too: a commit is a few small blocks.
 */
export const PAGE_SIZE = 2048;

/** Milliseconds to wait for another process's lock: the event loop waits too, and the next commit tries again. */
export const BUSY_TIMEOUT = 25;

/** A refusal is noted in the file, and holds for this long, ms: some file systems take ten seconds to refuse. */
const NOTED = 86_400_000;

/** Errors of a log whose index cannot be made, mapped or locked, and of a journal mode that stays what it was. */
const REFUSED = /^SQLITE_(IOERR_(SHM|LOCK|MMAP)|PROTOCOL|CANTOPEN|READONLY|NOLFS)/;

/** True for errors that may mean that the write-ahead log does not work where the file is. */
export function isLogRefused(error: unknown): boolean {
  return REFUSED.test(codeOf(error) ?? '');
}

/** An open connection, and why it has no write-ahead log; null where it has one. */
export interface Journaled {
  readonly db: Database.Database;
  readonly refusal: string | null;
}

/** What to open, and how. */
export interface JournalParts {
  readonly path: string;
  /** Epoch ms. */
  readonly now: number;
  readonly connect: Connect;
  /** The log was refused in this run already: it is not tried. */
  readonly isRefused: boolean;
  /** Throws for a file that must not be used. Called before anything is changed. */
  check(db: Database.Database): void;
}

/** Possible only while the file has no pages, hence first of all; later it would only change the header. */
function prepareNew(db: Database.Database): void {
  if (db.pragma('page_count', { simple: true }) !== 0) return;
  db.pragma(`page_size = ${PAGE_SIZE}`);
  // Freeing pages one by one needs a pointer map, which every new page changes: half of all bytes written.
  db.pragma('auto_vacuum = NONE');
}

function configure(db: Database.Database): void {
  // Checkpoints are made outside the event loop (checkpoint.ts); SQLite's own is the fallback where maintenance never runs.
  db.pragma('wal_autocheckpoint = 12000');
  db.pragma('cache_size = -512');
  db.pragma('mmap_size = 0');
  db.pragma('cell_size_check = ON');
  db.pragma('temp_store = MEMORY');
}

/** Switches the log on. Throws where it is refused, which may show only when something is read or written. */
function useLog(db: Database.Database): void {
  prepareNew(db);
  const mode = db.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal' && !db.memory) throw new Database.SqliteError(`the journal mode stays ${String(mode)}`, 'SQLITE_NOLFS');
  db.pragma('synchronous = NORMAL');
  try {
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
  } catch (error) {
    // Another process writes, so it works.
    if (!isTransient(error)) throw error;
  }
}

/** A connection with a rollback journal. Throws where that does not work either. */
function openWithoutLog({ path, connect, check }: JournalParts): Database.Database {
  const db = connect(path, { timeout: BUSY_TIMEOUT });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    check(db);
    prepareNew(db);
    const mode = db.pragma('journal_mode = DELETE', { simple: true });
    if (mode !== 'delete') throw new Database.SqliteError(`the journal mode stays ${String(mode)}`, 'SQLITE_IOERR_LOCK');
    // What is read next gives the file free for others.
    db.pragma('locking_mode = NORMAL');
    db.pragma('user_version');
    // Waiting for the disk would block the event loop in each commit; it is waited for afterwards (database-files.ts).
    db.pragma('synchronous = OFF');
    configure(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** True if the file notes that its log was refused lately. */
function isNoted(db: Database.Database, now: number): boolean {
  if (db.pragma('journal_mode', { simple: true }) !== 'delete' || !hasState(db)) return false;
  const at = db.prepare<[], number>("SELECT value FROM state WHERE name = 'wal.refused'").pluck().get();
  return at !== undefined && now >= at && now - at < NOTED;
}

/** False before the first migrations. */
function hasState(db: Database.Database): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'state'").get() !== undefined;
}

/** Notes in the file that its log was refused at `now` (epoch ms), for the next start. */
export function noteRefusal(db: Database.Database, now: number): void {
  if (!isNoted(db, now)) db.prepare("INSERT OR REPLACE INTO state (name, value) VALUES ('wal.refused', ?)").run(now);
}

/** A connection with a log, or why it has none. */
function openWithLog({ path, connect, check, now }: JournalParts): Database.Database | Error {
  const db = connect(path, { timeout: BUSY_TIMEOUT });
  let refusal = new Error('it was refused lately');
  try {
    if (!isNoted(db, now)) {
      useLog(db);
      check(db);
      configure(db);
      return db;
    }
  } catch (error) {
    if (!isLogRefused(error) || !(error instanceof Error)) {
      db.close();
      throw error;
    }
    refusal = error;
  }
  db.close();
  return refusal;
}

/**
 * Opens a connection with a write-ahead log, or, where that does not work, with a rollback journal. A file that cannot be
 * written at all can still be queried. Throws what SQLite throws, and what `check` throws.
 */
export function openJournaled(parts: JournalParts): Journaled {
  const opened = parts.isRefused ? new Error('it was refused in this run') : openWithLog(parts);
  if (!(opened instanceof Error)) return { db: opened, refusal: null };
  try {
    return { db: openWithoutLog(parts), refusal: opened.message };
  } catch (error) {
    if (!isLogRefused(error)) throw error;
    if (!(codeOf(opened) ?? '').startsWith('SQLITE_READONLY')) throw codeOf(opened) === null ? error : opened;
    const db = parts.connect(parts.path, { timeout: BUSY_TIMEOUT });
    configure(db);
    return { db, refusal: null };
  }
}
