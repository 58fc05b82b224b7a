/**
 * Copies the database while it is in use, validates a backup before a restore, and compacts the file. All of them read every
 * page: run them on a thread of their own.
 */
import Database from 'better-sqlite3';
import { closeSync, openSync, readSync } from 'node:fs';
import { messageOf } from '../../../../shared/result';
import { COMPACTION_DUE } from './retention';
import { createPrivate } from '../private-files';
import { APPLICATION_ID, SCHEMA_VERSION } from '../schema';

/** Pages copied between two progress reports. */
const PAGES = 512;
/** Milliseconds to wait for a lock of another connection. */
const LOCK_TIMEOUT = 5000;

/** Called with the progress of a copy: fraction done (0–1) and bytes copied. */
export type CopyProgress = (done: number, bytes: number) => void;

/**
 * Copies the database at `from` to the new file `to`, page by page (https://sqlite.org/backup.html), in its state at the
 * beginning of the copy; writers do not wait. The copy is one file without a write-ahead log, readable by its owner only. Rejects with SQLite's error; the
 * caller then removes `to`.
 */
export async function copyDatabase(from: string, to: string, onProgress: CopyProgress): Promise<void> {
  const source = new Database(from, { readonly: true, fileMustExist: true });
  createPrivate(to);
  try {
    const pageSize = Number(source.pragma('page_size', { simple: true }));
    // Without an open read transaction each commit meanwhile would restart the copy.
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
    // Alone with the file, no shared memory is needed: a network share has none.
    copy.pragma('locking_mode = EXCLUSIVE');
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

/**
 * Compacts a database: rewrites it without free pages (VACUUM). Waits for locks up to LOCK_TIMEOUT; writers must wait
 * meanwhile. Throws SQLite's error, and then leaves the database as it was.
 */
export function compactDatabase(path: string): void {
  const db = new Database(path, { fileMustExist: true, timeout: LOCK_TIMEOUT });
  try {
    db.pragma('auto_vacuum = NONE');
    // The temporary copy goes to the disk, not to memory: it is as large as the database.
    db.pragma('temp_store = FILE');
    db.exec('VACUUM');
    db.prepare('DELETE FROM state WHERE name = ?').run(COMPACTION_DUE);
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

/**
 * Why the file cannot be restored, as text for the user; null if it can. Pass a copy of the user's file: SQLite may create
 * files next to it.
 */
export function validateBackup(path: string): string | null {
  try {
    if (!isDatabase(path)) return 'it is no database';
    const db = new Database(path, { fileMustExist: true });
    try {
      db.pragma('locking_mode = EXCLUSIVE');
      return problemOf(db);
    } finally {
      db.close();
    }
  } catch (error) {
    return `it cannot be read: ${messageOf(error)}`;
  }
}
