/**
 * Salvage: what can still be read of a damaged database goes into the new one, in slices. How far it has come stands in
 * the new database, so that a restart goes on with it.
 */
import Database from 'better-sqlite3';
import type { Database as Connection } from 'better-sqlite3';
import { basename, join } from 'node:path';
import { messageOf } from '../../../../shared/result';
import type { Log } from '../../log';
import { isCorruption } from '../database-errors';
import { salvageActivity } from '../activity/activity-salvage';
import type { OpenDatabase } from '../open-database';
import { chunkRow, CHUNK_WINDOW } from '../tiers';

/** Rows copied in one step: of the largest kind, a megabyte. */
const ROWS = 25;
/** Frames looked for where an end of the head is unknown. */
const MAX_FRAMES = 3000;
/** After so many places that cannot be read the rest is given up. */
const MAX_UNREADABLE = 200;
/** Numbers between the chunks of one slot and the next. */
const WINDOW_ROWS = chunkRow(0, CHUNK_WINDOW, 0);
/** Where the last kind's chunks end. */
const END = chunkRow(16, 0, 0);

interface Row {
  readonly id: number;
  readonly data: Buffer;
}

/** Rows a piece of work copied; 0, and a word in the log, where the damage does not allow it. */
function attempt(log: Log, what: string, work: () => number): number {
  try {
    return work();
  } catch (error) {
    log.warn('part of the damaged history cannot be read', { what, reason: messageOf(error) });
    return 0;
  }
}

/** Notes that a database beside this one is to be salvaged; `beginSalvage` does it. */
export function recordSalvage(to: Connection, path: string): void {
  to.prepare('INSERT OR REPLACE INTO salvage (name, next) VALUES (?, -1)').run(basename(path));
}

/** A database to be salvaged, opened. */
interface Source {
  readonly name: string;
  readonly db: Connection;
  readonly next: number;
}

/**
 * Opens the databases in `folder` that are to be salvaged, and copies at once what everything else hangs on: the series,
 * how far upkeep had come, the head and the gaps. Must run before anything is written to the new database. The generator
 * copies the rest; null where there is nothing to be had.
 */
export function beginSalvage(folder: string, to: OpenDatabase, log: Log): Generator<void> | null {
  const sources: Source[] = [];
  // One that is begun may bring others with it, which it was copying from itself.
  for (let row = nextOf(to.db, sources); row !== undefined; row = nextOf(to.db, sources)) {
    const db = openSource(join(folder, row.name), log);
    const isUsable = db !== null && (row.next >= 0 || copyBasics(db, to, row.name, log));
    if (isUsable) sources.push({ name: row.name, db, next: Math.max(0, row.next) });
    else {
      db?.close();
      to.db.prepare('DELETE FROM salvage WHERE name = ?').run(row.name);
    }
  }
  return sources.length === 0 ? null : copyAll(sources, to, log);
}

function nextOf(to: Connection, known: readonly Source[]): { name: string; next: number } | undefined {
  const rows = to.prepare<[], { name: string; next: number }>('SELECT name, next FROM salvage ORDER BY next, name').all();
  return rows.find(({ name }) => known.every((source) => source.name !== name));
}

function openSource(path: string, log: Log): Connection | null {
  try {
    return new Database(path, { readonly: true, fileMustExist: true });
  } catch (error) {
    log.warn('the damaged history cannot be opened to salvage it', { reason: messageOf(error) });
    return null;
  }
}

/** False where not even the series can be read. */
function copyBasics(from: Connection, to: OpenDatabase, name: string, log: Log): boolean {
  attempt(log, 'salvage', () => copyTable(from, to.db, 'salvage', 'name, next'));
  const activity = attempt(log, 'journal', () => salvageActivity(from, to.db));
  const series = attempt(log, 'series', () => copyTable(from, to.db, 'series', 'id, key, resolution, last'));
  if (series === 0) return false;
  attempt(log, 'gaps', () => copyTable(from, to.db, 'gaps', 'time, reason'));
  // Without the state it is unknown what of the head is sealed already: then the head is left, lest it count twice.
  const isStateKnown = attempt(log, 'state', () => copyTable(from, to.db, 'state', 'name, value') + 1) > 0;
  const frames = isStateKnown ? attempt(log, 'head', () => copyHead(from, to.db)) : 0;
  to.db.prepare('UPDATE salvage SET next = 0 WHERE name = ?').run(name);
  to.reload();
  log.info('salvaging the damaged history', { series, frames, activity });
  return true;
}

function* copyAll(sources: readonly Source[], to: OpenDatabase, log: Log): Generator<void> {
  try {
    for (const source of sources) yield* copyChunks(source, to, log);
  } finally {
    for (const { db } of sources) db.close();
  }
}

function copyTable(from: Connection, to: Connection, table: string, columns: string): number {
  const names = columns.split(', ');
  const insert = to.prepare(`INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${names.map((name) => `@${name}`).join(', ')})`);
  const rows = from.prepare<[], Record<string, unknown>>(`SELECT ${columns} FROM ${table}`).all();
  return to.transaction(() => rows.reduce((count, row) => count + insert.run(row).changes, 0))();
}

/** An end of the head's rows, or null where the way to it is damaged. */
function endOfHead(from: Connection, order: 'ASC' | 'DESC'): number | null {
  try {
    return from.prepare<[], { row: number }>(`SELECT rowid AS row FROM head ORDER BY rowid ${order} LIMIT 1`).get()?.row ?? null;
  } catch (error) {
    if (isCorruption(error)) return null;
    throw error;
  }
}

/** Frames one by one: each that can be read is worth having. Before frames had numbers of their own, the row's was theirs. */
function copyHead(from: Connection, to: Connection): number {
  const insert = to.prepare('INSERT OR IGNORE INTO head (place, id, first, last, data) VALUES (@place, @id, @first, @last, @data)');
  const get = from.prepare<[number], Record<string, unknown>>('SELECT rowid AS place, id, first, last, data FROM head WHERE rowid = ?');
  const [first, last] = [endOfHead(from, 'ASC'), endOfHead(from, 'DESC')];
  if (first === null && last === null) return 0;
  const start = first ?? Math.max(1, (last ?? 0) - MAX_FRAMES);
  let copied = 0;
  to.transaction(() => {
    for (let row = start; row <= (last ?? start + MAX_FRAMES); row += 1) {
      try {
        const found = get.get(row);
        if (found !== undefined) copied += insert.run(found).changes;
      } catch (error) {
        if (!isCorruption(error)) throw error;
      }
    }
  })();
  return copied;
}

function* copyChunks({ db: from, name, next }: Source, to: OpenDatabase, log: Log): Generator<void> {
  const select = from.prepare<[number, number], Row>('SELECT id, data FROM chunks WHERE id >= ? ORDER BY id LIMIT ?');
  const saveProgress = to.db.prepare('UPDATE salvage SET next = ? WHERE name = ?');
  let at = next;
  let copied = 0;
  let unreadable = 0;
  let jump = WINDOW_ROWS;
  // Where many cannot be read together, those before the damage are read one by one: as many as without a restart.
  let single = 0;
  while (at < END && unreadable < MAX_UNREADABLE) {
    const rows = readable(select, at, single > 0 ? 1 : ROWS);
    if (rows === null && single === 0) single = ROWS;
    else if (rows === null) {
      // Past the damaged page the tree can be read again; how far that is nobody knows.
      unreadable += 1;
      at = Math.floor(at / WINDOW_ROWS) * WINDOW_ROWS + jump;
      jump *= 2;
      saveProgress.run(at, name);
    } else {
      if (rows.length === 0) break;
      single = Math.max(0, single - 1);
      at = (rows[rows.length - 1]?.id ?? END) + 1;
      to.db.transaction(() => {
        for (const { id, data } of rows) copied += to.chunks.copy(id, data) ? 1 : 0;
        saveProgress.run(at, name);
      })();
      jump = WINDOW_ROWS;
    }
    yield;
  }
  to.db.prepare('DELETE FROM salvage WHERE name = ?').run(name);
  log.info('salvaged what could be read of the damaged history', { chunks: copied, unreadable });
}

function readable(select: Database.Statement<[number, number], Row>, at: number, limit: number): Row[] | null {
  try {
    return select.all(at, limit);
  } catch (error) {
    if (isCorruption(error)) return null;
    throw error;
  }
}
