/** A copy of the history while it is in use, and the check a copy must pass before it takes the history's place. */
import Database from 'better-sqlite3';
import { closeSync, openSync, readSync } from 'node:fs';
import { messageOf } from '../../../shared/result';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema';

/** Pages copied before other work may go on: a few milliseconds of it. */
const PAGES = 64;

/** How far a copy has come: 0–1, and bytes. */
export type CopyProgress = (done: number, bytes: number) => void;

/**
 * Copies the database at `from` to the new file `to`, page by page (https://sqlite.org/backup.html), so that neither
 * the event loop nor a writer waits. The copy is one file, with no log beside it. Rejects with SQLite's error, or with
 * the signal's reason when it was cancelled; the caller removes what was written.
 */
export async function copyDatabase(from: string, to: string, signal: AbortSignal, onProgress: CopyProgress): Promise<void> {
  const source = new Database(from, { readonly: true, fileMustExist: true });
  try {
    const pageSize = Number(source.pragma('page_size', { simple: true }));
    await source.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        signal.throwIfAborted();
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
export function whyUnfit(path: string): string | null {
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
