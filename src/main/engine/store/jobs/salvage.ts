/**
 * Salvage: copies everything that can still be read of a damaged database into the new one, in small steps. The progress is
 * stored in the new database, so that it continues after a restart.
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
/** Frames tried where one end of the head is unknown. */
const MAX_FRAMES = 3000;
/** After this many unreadable ranges the rest is abandoned. */
const MAX_UNREADABLE = 200;
/** Row numbers from the chunks of one window to those of the next. */
const WINDOW_ROWS = chunkRow(0, CHUNK_WINDOW, 0);
/** First row number after the chunks of all kinds. */
const END = chunkRow(16, 0, 0);

interface Row {
  readonly id: number;
  readonly data: Buffer;
}

/** Runs a part of the salvage and returns the rows it copied; 0, with a warning in the log, if the damage prevents it. */
function attempt(log: Log, what: string, work: () => number): number {
  try {
    return work();
  } catch (error) {
    log.warn('part of the damaged history cannot be read', { what, reason: messageOf(error) });
    return 0;
  }
}

/** Records that a database in the same folder is to be salvaged; `beginSalvage` does that. */
export function recordSalvage(to: Connection, path: string): void {
  to.prepare('INSERT OR REPLACE INTO salvage (name, next) VALUES (?, -1)').run(basename(path));
}

/** An opened database that is being salvaged. */
interface Source {
  readonly name: string;
  readonly db: Connection;
  readonly next: number;
}

/**
 * Opens the databases in `folder` that are to be salvaged, and copies at once what everything else depends on: the activity
 * log, the series, the state of maintenance, the head and the gaps. Must run before anything is written to the new database.
 * The returned generator copies the chunks; null where there is nothing to salvage.
 */
export function beginSalvage(folder: string, to: OpenDatabase, log: Log): Generator<void> | null {
  const sources: Source[] = [];
  // A damaged database may have been salvaging others itself; copying its basics adds those.
  for (let row = nextOf(to.db, sources); row !== undefined; row = nextOf(to.db, sources)) {
    const db = openSource(join(folder, row.name), log);
    const isUsable = db !== null && (row.next >= 0 || copyBasics(db, to, row.name, log));
    if (isUsable) sources.push({ name: row.name, db, next: Math.max(0, row.next) });
    else {
      db?.close();
      to.db.prepare('DELETE FROM salvage WHERE name = ?').run(row.name);
    }
  }
  if (sources.length === 0) return null;
  const work = copyAll(sources, to, log);
  // Begun at once: one that ends before its first step would leave the files open, and on Windows nobody could move them then.
  work.next();
  return work;
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

/** Copies everything but the chunks; false if not even the series can be read. */
function copyBasics(from: Connection, to: OpenDatabase, name: string, log: Log): boolean {
  attempt(log, 'salvage', () => copyTable(from, to.db, 'salvage', 'name, next'));
  const activity = attempt(log, 'activity log', () => salvageActivity(from, to.db));
  const series = attempt(log, 'series', () => copyTable(from, to.db, 'series', 'id, key, resolution, last'));
  if (series === 0) return false;
  attempt(log, 'gaps', () => copyTable(from, to.db, 'gaps', gapColumns(from)));
  // Without the state it is unknown which frames are sealed: the head is then left out, or samples would count twice.
  const isStateKnown = attempt(log, 'state', () => copyTable(from, to.db, 'state', 'name, value') + 1) > 0;
  const frames = isStateKnown ? attempt(log, 'head', () => copyHead(from, to.db)) : 0;
  to.db.prepare('UPDATE salvage SET next = 0 WHERE name = ?').run(name);
  to.reload();
  log.info('salvaging the damaged history', { series, frames, activity });
  return true;
}

function* copyAll(sources: readonly Source[], to: OpenDatabase, log: Log): Generator<void> {
  try {
    yield;
    for (const source of sources) yield* copyChunks(source, to, log);
  } finally {
    for (const { db } of sources) db.close();
  }
}

/** The columns of the gaps: a file of an earlier version does not say when they began. */
function gapColumns(from: Connection): string {
  const names = from.prepare<[], string>("SELECT name FROM pragma_table_info('gaps')").pluck().all();
  return names.includes('since') ? 'time, reason, since' : 'time, reason';
}

function copyTable(from: Connection, to: Connection, table: string, columns: string): number {
  const names = columns.split(', ');
  const insert = to.prepare(`INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${names.map((name) => `@${name}`).join(', ')})`);
  const rows = from.prepare<[], Record<string, unknown>>(`SELECT ${columns} FROM ${table}`).all();
  return to.transaction(() => rows.reduce((count, row) => count + insert.run(row).changes, 0))();
}

/** First or last row number of the head, or null if damage hides it. */
function endOfHead(from: Connection, order: 'ASC' | 'DESC'): number | null {
  try {
    return from.prepare<[], { row: number }>(`SELECT rowid AS row FROM head ORDER BY rowid ${order} LIMIT 1`).get()?.row ?? null;
  } catch (error) {
    if (isCorruption(error)) return null;
    throw error;
  }
}

/** Copies frames one by one, so that each readable one is saved. Before frames had numbers of their own, they had the row's. */
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
  // Rows left to read one by one: after ROWS of them could not be read together, as many singly, to get those before the damage.
  let single = 0;
  while (at < END && unreadable < MAX_UNREADABLE) {
    const rows = readable(select, at, single > 0 ? 1 : ROWS);
    if (rows === null && single === 0) single = ROWS;
    else if (rows === null) {
      // The tree is readable again after the damaged page; how far away that is, is unknown.
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
