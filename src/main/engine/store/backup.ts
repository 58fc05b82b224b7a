/** Copies of the history for safe keeping, and what a file offered as one holds. */
import Database from 'better-sqlite3';
import { copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { messageOf } from '../../../shared/result';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema';
import { KINDS, startOfRow } from './tiers';

/** Pages copied between two looks at the event loop. */
const PAGES = 200;

/** What a backup holds, or why it is none. */
export type BackupCheck =
  | { readonly ok: true; readonly bytes: number; readonly series: number; /** Epoch ms of the oldest and newest hour; null for an empty history. */ readonly from: number | null; readonly to: number | null }
  | { readonly ok: false; readonly reason: string };

/**
 * Copies an open database to a new file while it is written to. The copy gets its name only when it is whole.
 * `onProgress` is told the share done, 0–1. Rejects with SQLite's or Node's error; no part of a copy stays then.
 */
export async function backup(db: Database.Database, path: string, onProgress: (share: number) => void = () => undefined): Promise<void> {
  const part = `${path}.part`;
  try {
    await db.backup(part, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress(totalPages === 0 ? 1 : 1 - remainingPages / totalPages);
        return PAGES;
      },
    });
    const check = checkBackup(part);
    if (!check.ok) throw new Error(check.reason);
    renameSync(part, path);
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(part + suffix, { force: true });
    throw error;
  }
}

/** Looks at every page of a file offered as a backup, without changing it. */
export function checkBackup(path: string): BackupCheck {
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    const number = (name: string): number => Number(db?.pragma(name, { simple: true }));
    if (number('application_id') !== APPLICATION_ID) return { ok: false, reason: 'this file is no history of Traywatch' };
    if (number('user_version') > SCHEMA_VERSION) return { ok: false, reason: 'this history was written by a newer version of Traywatch' };
    const found = String(db.pragma('integrity_check(1)', { simple: true }));
    if (found !== 'ok') return { ok: false, reason: `this history is damaged: ${found}` };
    const series = Number(db.prepare('SELECT count(*) FROM series').pluck().get());
    return { ok: true, bytes: statSync(path).size, series, ...spanOf(db) };
  } catch (error) {
    return { ok: false, reason: messageOf(error) };
  } finally {
    db?.close();
  }
}

/** Files SQLite keeps for one database. */
const SUFFIXES = ['', '-wal', '-shm'] as const;

function moveDatabase(from: string, to: string): void {
  for (const suffix of SUFFIXES) {
    rmSync(to + suffix, { force: true });
    if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
  }
}

/**
 * Puts a copy of `incoming` in the place of a closed database, which is kept as `….before-restore` (the last one
 * only). Returns what takes it back. Throws Node's error, with everything where it was.
 */
export function exchangeFile(own: string, incoming: string): () => void {
  const copy = `${own}.restoring`;
  const kept = `${own}.before-restore`;
  copyFileSync(incoming, copy);
  moveDatabase(own, kept);
  renameSync(copy, own);
  return () => moveDatabase(kept, own);
}

function spanOf(db: Database.Database): { from: number | null; to: number | null } {
  const numbers: number[] = [];
  const hasTiers = Number(db.pragma('user_version', { simple: true })) >= 2;
  if (!hasTiers) return { from: null, to: null };
  const head = db.prepare<[], { first: number | null; last: number | null }>('SELECT min(first) AS first, max(last) AS last FROM head').get();
  for (const time of [head?.first, head?.last]) if (typeof time === 'number') numbers.push(time);
  const ends = db.prepare<[number, number], { first: number | null; last: number | null }>('SELECT min(id) AS first, max(id) AS last FROM chunks WHERE id >= ? AND id < ?');
  for (const kind of Object.values(KINDS)) {
    const { first, last } = ends.get(rowOf(kind.code), rowOf(kind.code + 1)) ?? {};
    if (typeof first === 'number') numbers.push(startOfRow(first));
    if (typeof last === 'number') numbers.push(startOfRow(last));
  }
  return numbers.length === 0 ? { from: null, to: null } : { from: Math.min(...numbers), to: Math.max(...numbers) };
}

function rowOf(code: number): number {
  return code * 2 ** 49;
}
