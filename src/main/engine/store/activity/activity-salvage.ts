/** Salvage of the activity log: copies the readable events, incidents and process snapshots of a damaged database. */
import type { Database } from 'better-sqlite3';
import { isCorruption } from '../database-errors';
import { RENAME_EVENT_TYPES } from '../schema';

/** The tables and their columns. */
const TABLES = {
  events: 'id, time, type, severity, message, user, details',
  incidents: 'id, opened, cleared, rule, series, data',
  top_processes: 'first, last, incident, packed, data',
} as const;

/** Copies rows from the beginning, and where damage prevents that from the end: all but those on the damaged page. */
function copyRows(from: Database, to: Database, table: keyof typeof TABLES): number {
  const columns = TABLES[table];
  const insert = to.prepare(`INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${columns.replace(/\w+/g, '@$&')})`);
  const seen = new Set<number>();
  for (const order of ['ASC', 'DESC'] as const) {
    try {
      for (const { rowNumber, ...row } of from.prepare<[], { rowNumber: number }>(`SELECT rowid AS rowNumber, ${columns} FROM ${table} ORDER BY rowid ${order}`).iterate()) {
        if (seen.has(rowNumber)) return seen.size;
        insert.run(row);
        seen.add(rowNumber);
      }
      return seen.size;
    } catch (error) {
      if (!isCorruption(error)) throw error;
    }
  }
  return seen.size;
}

/** Copies the activity log, as far as the database has its tables (schema 3 or later). Returns the number of rows copied. */
export function salvageActivity(from: Database, to: Database): number {
  const tableExists = from.prepare<[string]>("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
  const present = (Object.keys(TABLES) as (keyof typeof TABLES)[]).filter((table) => tableExists.get(table) !== undefined);
  return to.transaction(() => {
    const count = present.reduce((rows, table) => rows + copyRows(from, to, table), 0);
    to.exec(RENAME_EVENT_TYPES);
    return count;
  })();
}
