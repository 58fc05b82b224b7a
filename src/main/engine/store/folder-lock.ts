/**
 * One process for one user-data folder. The lock is one that the operating system holds for SQLite, on an empty file beside
 * the history: it ends with the process, however that ends, and it is seen by other users and from other containers of the
 * same machine. Process ids in a file would say nothing there, and would have to be believed after a crash.
 */
import Database from 'better-sqlite3';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../shared/result';

/** Whether this process has the folder. */
export type FolderLock =
  /** It has, until it ends or lets go. Keep this object: what is garbage-collected is released. */
  | { readonly state: 'held'; release(): void }
  /** Another process has. `reason` is text for the user. */
  | { readonly state: 'taken'; readonly reason: string }
  /** No lock can be had here (a read-only folder, a file system without locks): that is no reason not to start. */
  | { readonly state: 'unavailable'; readonly reason: string };

/** Name of the file that is locked; empty. */
export const LOCK_FILE = 'traywatch.lock';
/** Longest wait for a process that is about to end, ms. */
const PATIENCE = 2000;

const isBusy = (error: unknown): boolean => error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');

/** Locks the file, which stays empty. Throws SQLite's error. */
function lockFile(path: string, timeout: number): Database.Database {
  const db = new Database(path, { timeout });
  try {
    // Nothing is ever written, so no journal is needed on the disk.
    db.pragma('journal_mode = MEMORY');
    lockExclusively(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A file that belongs to another user may be open for reading only; a lock for reading keeps its writers out as well. */
function lockExclusively(db: Database.Database): void {
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    if (!(error instanceof Database.SqliteError && error.code.startsWith('SQLITE_READONLY'))) throw error;
    db.exec('BEGIN; SELECT count(*) FROM sqlite_master;');
  }
}

/** Whether a file that no other process uses can be locked in this folder: where it cannot, "busy" means nothing. */
function hasLocks(folder: string): boolean {
  const probe = join(folder, `${LOCK_FILE}-${process.pid}`);
  try {
    lockFile(probe, 0).close();
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Takes the folder for this process, creating it where it is missing. Never throws. */
export function lockFolder(folder: string, patience = PATIENCE): FolderLock {
  const path = join(folder, LOCK_FILE);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) return { state: 'unavailable', reason: `${path} is not a file` };
    const db = lockFile(path, patience);
    return { state: 'held', release: () => void db.close() };
  } catch (error) {
    if (isBusy(error) && hasLocks(folder)) return { state: 'taken', reason: `Another Traywatch process uses ${folder}. Quit it first, or start this one with a folder of its own: --user-data-dir=DIR` };
    return { state: 'unavailable', reason: `${path}: ${messageOf(error)}` };
  }
}
