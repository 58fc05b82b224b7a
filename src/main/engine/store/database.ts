/** Opens the database file: refuses files of newer versions and other programs, quarantines damaged ones, creates missing ones. */
import Database from 'better-sqlite3';
import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../../shared/result';
import { quarantinePath } from '../quarantine';
import { renameTogether } from '../rename-file';
import { isCorruption } from './database-errors';
import { DATABASE_SUFFIXES, resolvePlace } from './database-files';
import { BUSY_TIMEOUT, connectTo, isLogRefused, noteRefusal, openJournaled } from './journal';
import type { Connect, Journaled } from './journal';
import { createPrivate, makePrivate } from './private-files';
import { APPLICATION_ID, migrate, SCHEMA_VERSION } from './schema';

/** Thrown for a file of a newer version ('newer') or of another program ('foreign'). Such a file is never changed. */
export class StoreOpenError extends Error {
  readonly kind: 'newer' | 'foreign';
  constructor(kind: 'newer' | 'foreign', message: string) {
    super(message);
    this.name = 'StoreOpenError';
    this.kind = kind;
  }
}

/** A damaged file that was renamed (quarantine.ts). */
export interface Quarantined {
  /** Its new path. */
  readonly path: string;
  readonly reason: string;
}

/** Size up to which every page is checked on opening, bytes: a larger file would delay the start. */
const FULL_CHECK_LIMIT = 32 * 1024 * 1024;

/** The path of a database that is kept in memory only. */
export const IN_MEMORY = ':memory:';

/** Length of the header and offsets in it, bytes (https://sqlite.org/fileformat2.html, section 1.3). */
const HEADER = { length: 100, fractions: 21, userVersion: 60, applicationId: 68 } as const;

/** An error with the code SQLite itself uses for a damaged file. */
function corruptionError(code: 'SQLITE_CORRUPT' | 'SQLITE_NOTADB', message: string): Error {
  return Object.assign(new Error(message), { code });
}

/**
 * Schema version and application id in the file's header; null for a file that is missing or empty. Files that are not
 * databases are detected here, because SQLite would delete the write-ahead log next to such a file on opening it.
 */
function readHeader(path: string): { version: number; application: number } | null {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return null;
  const fd = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER.length);
    const length = readSync(fd, header, 0, HEADER.length, 0);
    // The three payload fractions are the same in every SQLite database: if they differ, the rest of the header is wrong, too.
    const isDatabase = header.toString('latin1', 0, 16) === 'SQLite format 3\0' && header.readUIntBE(HEADER.fractions, 3) === 0x402020;
    if (length < HEADER.length || !isDatabase) throw corruptionError('SQLITE_NOTADB', 'file is not a database, or its header is damaged');
    return { version: header.readUInt32BE(HEADER.userVersion), application: header.readUInt32BE(HEADER.applicationId) };
  } finally {
    closeSync(fd);
  }
}

function refuseForeign(path: string, version: number, application: number): void {
  if (application !== APPLICATION_ID && application !== 0) {
    throw new StoreOpenError('foreign', `${path} is the database of another program; it was left as it is`);
  }
  if (version > SCHEMA_VERSION) {
    throw new StoreOpenError(
      'newer',
      `${path} was written by a newer version of Traywatch (schema ${version}, this version knows ${SCHEMA_VERSION}); it was left as it is`,
    );
  }
}

/** Checks the file without changing it; throws a StoreOpenError if it must not be used. */
function refuseUnknown(path: string): void {
  const header = readHeader(path);
  if (header === null) return;
  refuseForeign(path, header.version, header.application);
  if ((statSync(`${resolvePlace(path)}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  // The write-ahead log may hold a newer first page. A read-only connection sees it and does not checkpoint it.
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT });
  try {
    refuseOpened(path, db);
  } catch (error) {
    // The connection that is opened next asks the same, in a way that needs no shared memory.
    if (!isLogRefused(error)) throw error;
  } finally {
    db.close();
  }
}

function refuseOpened(path: string, db: Database.Database): void {
  refuseForeign(path, Number(db.pragma('user_version', { simple: true })), Number(db.pragma('application_id', { simple: true })));
}

/** Which pages are checked on opening: none; all pages of small files only; or all, because some are known to be damaged. */
export type PageCheck = 'none' | 'small' | 'all';

/** Bytes of a database on disk, write-ahead log included; 0 where there is none. */
export function sizeOnDisk(path: string): number {
  return [path, `${path}-wal`].reduce((sum, name) => sum + (statSync(name, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** The same; 0 where it cannot be told, which is reported. */
export function sizeOrZero(path: string, onError: (error: unknown) => void): number {
  try {
    return sizeOnDisk(path);
  } catch (error) {
    onError(error);
    return 0;
  }
}

function checkPages(db: Database.Database, path: string, check: PageCheck): void {
  const pages = Number(db.pragma('page_count', { simple: true }));
  const bytes = pages * Number(db.pragma('page_size', { simple: true }));
  const onDisk = sizeOnDisk(path);
  if (check === 'small' && bytes > FULL_CHECK_LIMIT && bytes <= onDisk) return;
  const found = String(db.pragma('quick_check(1)', { simple: true }));
  if (found !== 'ok') throw corruptionError('SQLITE_CORRUPT', `database disk image is malformed: ${found}`);
}

/** Before SQLite opens the database: it gives log, index and journal the rights of the file. */
function closeToOthers(path: string): void {
  const place = resolvePlace(path);
  for (const suffix of DATABASE_SUFFIXES) makePrivate(place + suffix);
}

/** How a file is opened; tests replace how connections are. */
export interface OpenOptions {
  readonly connect?: Connect;
  /** The write-ahead log was refused in this run already: it is not tried. */
  readonly isLogRefused?: boolean;
}

function openFile(path: string, now: number, check: PageCheck, { connect = connectTo, isLogRefused: isRefused = false }: OpenOptions): Journaled {
  if (path !== IN_MEMORY) {
    createPrivate(resolvePlace(path));
    closeToOthers(path);
  }
  const opened = openJournaled({ path, now, connect, isRefused, check: (db) => refuseOpened(path, db) });
  const { db, refusal } = opened;
  try {
    if (check !== 'none') checkPages(db, path, check);
    // A read-only file can still be queried: write nothing that is there already.
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) db.pragma(`application_id = ${APPLICATION_ID}`);
    migrate(db);
    if (refusal !== null) noteRefusal(db, now);
    return opened;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Renames the file and its companions, all or none; returns the new path. */
function quarantine(path: string, now: number): string {
  const target = quarantinePath(path, now);
  const companions = ['-wal', '-shm'].filter((suffix) => existsSync(path + suffix));
  renameTogether(['', ...companions].map((suffix) => [path + suffix, target + suffix] as const));
  return target;
}

/** A database that was opened. */
export interface OpenedDatabase {
  readonly db: Database.Database;
  readonly quarantined: Quarantined | null;
  /** Why it has a rollback journal instead of a write-ahead log; null or absent where it has the log. */
  readonly refusal?: string | null;
}

/**
 * Opens the database, creating it and its folder where missing and migrating its schema. A damaged file is renamed
 * (quarantined) and a new one created. `now` in epoch ms, for the new name. Throws StoreOpenError for a file that must not be
 * used, and SQLite's or Node's error when the file cannot be opened now (locked, full disk, read-only folder).
 */
export function openDatabase(path: string, now: number, check: PageCheck, options: OpenOptions = {}): OpenedDatabase {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    refuseUnknown(path);
    return { ...openFile(path, now, check, options), quarantined: null };
  } catch (error) {
    if (!isCorruption(error)) throw error;
    closeToOthers(path);
    const target = quarantine(path, now);
    return { ...openFile(path, now, 'all', options), quarantined: { path: target, reason: messageOf(error) } };
  }
}
