/**
 * A copy of the history while it is in use, the check a copy must pass before it takes the history's place, and writing
 * the history anew in less room. All take every page in hand: they belong on a thread of their own.
 */
import Database from 'better-sqlite3';
import { closeSync, openSync, readSync } from 'node:fs';
import { messageOf } from '../../../../shared/result';
import { APPLICATION_ID, SCHEMA_VERSION } from '../schema';

/** Pages copied between two words of progress. */
const PAGES = 512;
/** Milliseconds to wait for another's lock. */
const LOCK_TIMEOUT = 5000;

/** How far a copy has come: 0–1, and bytes. */
export type CopyProgress = (done: number, bytes: number) => void;

/**
 * Copies the database at `from` to the new file `to`, page by page (https://sqlite.org/backup.html), as it was when the
 * copy began; a writer does not wait. The copy is one file, with no log beside it. Rejects with SQLite's error; the caller
 * removes what was written.
 */
export async function copyDatabase(from: string, to: string, onProgress: CopyProgress): Promise<void> {
  const source = new Database(from, { readonly: true, fileMustExist: true });
  try {
    const pageSize = Number(source.pragma('page_size', { simple: true }));
    // Without a state that is held on to, each commit meanwhile would make the copy begin again.
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await source.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        const copied = totalPages - remainingPages;
        onProgress(totalPages === 0 ? 0 : copied / totalPages, copied * pageSize);
        return PAGES;
      },
    });
  } finally {
    source.close();
  }
  const copy = new Database(to, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

/**
 * Writes a database anew with no free pages in it, waiting for nobody's lock for long. Whoever writes to it meanwhile must
 * wait. Throws SQLite's error, and leaves the database as it was.
 */
export function compactDatabase(path: string): void {
  const db = new Database(path, { fileMustExist: true, timeout: LOCK_TIMEOUT });
  try {
    db.pragma('auto_vacuum = NONE');
    // On the disk, not in memory: it is as large as the history.
    db.pragma('temp_store = FILE');
    db.exec('VACUUM');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

function isDatabase(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const magic = Buffer.alloc(16);
    return readSync(fd, magic, 0, 16, 0) === 16 && magic.toString('latin1') === 'SQLite format 3\0';
  } finally {
    closeSync(fd);
  }
}

function problemOf(db: Database.Database): string | null {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) return 'it is the database of another program';
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) return `it was written by a newer version of Traywatch (schema ${version}, this version knows ${SCHEMA_VERSION})`;
  if (version < 1) return 'it holds no history';
  const found = String(db.pragma('quick_check(1)', { simple: true }));
  return found === 'ok' ? null : `it is damaged: ${found}`;
}

/** Why the file cannot take the history's place, for a person; null when it can. Give it a copy: SQLite may write beside it. */
export function validateBackup(path: string): string | null {
  try {
    if (!isDatabase(path)) return 'it is no database';
    const db = new Database(path, { fileMustExist: true });
    try {
      return problemOf(db);
    } finally {
      db.close();
    }
  } catch (error) {
    return `it cannot be read: ${messageOf(error)}`;
  }
}
