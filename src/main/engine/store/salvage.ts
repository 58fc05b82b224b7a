/** Salvage: what can still be read of a damaged database goes into the new one, in slices. */
import Database from 'better-sqlite3';
import type { Database as Connection } from 'better-sqlite3';
import { messageOf } from '../../../shared/result';
import type { Log } from '../log';
import { isDamage } from './errors';
import { salvageJournal } from './journal-salvage';
import type { Tables } from './tables';
import { chunkRow, SLOT } from './tiers';

/** Rows copied in one step. */
const ROWS = 100;
/** Frames looked for where an end of the head is unknown. */
const MAX_FRAMES = 3000;
/** After so many places that cannot be read the rest is given up. */
const MAX_HOLES = 200;
/** Numbers between the chunks of one slot and the next. */
const SLOT_ROWS = chunkRow(0, SLOT, 0);
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

/**
 * Opens a database that was set aside, and copies at once what everything else hangs on: the series, how far upkeep
 * had come, the head and the gaps. Must run before anything is written to the new database. The generator copies the
 * rest; null where there is nothing to be had.
 */
export function beginSalvage(path: string, to: Tables, log: Log): Generator<void> | null {
  let from: Connection;
  try {
    from = new Database(path, { readonly: true, fileMustExist: true });
  } catch (error) {
    log.warn('the damaged history cannot be opened to salvage it', { reason: messageOf(error) });
    return null;
  }
  const series = attempt(log, 'series', () => copyTable(from, to.db, 'series', 'id, key, resolution, last'));
  if (series === 0) {
    from.close();
    return null;
  }
  attempt(log, 'gaps', () => copyTable(from, to.db, 'gaps', 'time, reason'));
  const journal = attempt(log, 'journal', () => salvageJournal(from, to.db));
  // Without the state it is unknown what of the head is sealed already: then the head is left, lest it count twice.
  const isStateKnown = attempt(log, 'state', () => copyTable(from, to.db, 'state', 'name, value') + 1) > 0;
  const frames = isStateKnown ? attempt(log, 'head', () => copyHead(from, to.db)) : 0;
  to.reload();
  log.info('salvaging the damaged history', { series, frames, journal });
  return copyChunks(from, to, log);
}

function copyTable(from: Connection, to: Connection, table: string, columns: string): number {
  const names = columns.split(', ');
  const insert = to.prepare(`INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${names.map((name) => `@${name}`).join(', ')})`);
  const rows = from.prepare<[], Record<string, unknown>>(`SELECT ${columns} FROM ${table}`).all();
  return to.transaction(() => rows.reduce((count, row) => count + insert.run(row).changes, 0))();
}

/** An end of the head's numbers, or null where the way to it is damaged. */
function endOfHead(from: Connection, order: 'ASC' | 'DESC'): number | null {
  try {
    return from.prepare<[], { id: number }>(`SELECT id FROM head ORDER BY id ${order} LIMIT 1`).get()?.id ?? null;
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}

/** Frames one by one: each that can be read is worth having. */
function copyHead(from: Connection, to: Connection): number {
  const insert = to.prepare('INSERT OR IGNORE INTO head (id, first, last, data) VALUES (@id, @first, @last, @data)');
  const get = from.prepare<[number], Record<string, unknown>>('SELECT id, first, last, data FROM head WHERE id = ?');
  const [first, last] = [endOfHead(from, 'ASC'), endOfHead(from, 'DESC')];
  if (first === null && last === null) return 0;
  const start = first ?? Math.max(1, (last ?? 0) - MAX_FRAMES);
  let copied = 0;
  to.transaction(() => {
    for (let id = start; id <= (last ?? start + MAX_FRAMES); id += 1) {
      try {
        const row = get.get(id);
        if (row !== undefined) copied += insert.run(row).changes;
      } catch (error) {
        if (!isDamage(error)) throw error;
      }
    }
  })();
  return copied;
}

function* copyChunks(from: Connection, to: Tables, log: Log): Generator<void> {
  const select = from.prepare<[number, number], Row>('SELECT id, data FROM chunks WHERE id >= ? ORDER BY id LIMIT ?');
  const insert = to.db.prepare('INSERT OR IGNORE INTO chunks (id, data) VALUES (?, ?)');
  let at = 0;
  let copied = 0;
  let holes = 0;
  let jump = SLOT_ROWS;
  try {
    while (at < END && holes < MAX_HOLES) {
      const rows = readable(select, at, holes % 2 === 1 ? 1 : ROWS);
      if (rows === null) {
        // Past the damaged page the tree can be read again; how far that is nobody knows.
        holes += 1;
        at = Math.floor(at / SLOT_ROWS) * SLOT_ROWS + jump;
        jump *= 2;
      } else {
        if (rows.length === 0) break;
        to.db.transaction(() => rows.forEach((row) => (copied += insert.run(row.id, row.data).changes)))();
        at = (rows[rows.length - 1]?.id ?? END) + 1;
        jump = SLOT_ROWS;
      }
      yield;
    }
    to.chunks.reload();
    log.info('salvaged what could be read of the damaged history', { chunks: copied, unreadable: holes });
  } finally {
    from.close();
  }
}

function readable(select: Database.Statement<[number, number], Row>, at: number, limit: number): Row[] | null {
  try {
    return select.all(at, limit);
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}
