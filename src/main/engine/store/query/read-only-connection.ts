/** Queries over a read-only connection of their own, next to the store's: gap markers and keys of series. */
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import type { SeriesKey } from '../../../../shared/metrics/index';
import type { GapReason } from '../../../../shared/metrics/reading';
import type { GapMarker } from '../../../../shared/series/gaps';
import { DAY } from '../tiers';

/** Milliseconds to wait for a lock of another connection. */
const BUSY_TIMEOUT = 25;
/** Most gap markers of one query: more than a chart can show. */
const MAX_MARKERS = 5000;

const REASONS: Readonly<Record<GapReason, true>> = { start: true, sleep: true, pause: true, clock: true, stall: true };

function isReason(text: string): text is GapReason {
  return Object.hasOwn(REASONS, text);
}

/** Opens the database, calls `use` and closes it; null where there is no file. Throws what SQLite throws. */
function read<T>(path: string, use: (db: Database.Database) => T): T | null {
  if (!existsSync(path)) return null;
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT });
  try {
    return use(db);
  } finally {
    db.close();
  }
}

/** Gap markers after `from` and before `to` (epoch ms), then the first one at or after `to`; `first`: time of the first of all. */
export function readGapMarkers(path: string, from: number, to: number): { readonly markers: readonly GapMarker[]; readonly first: number | null } {
  const found = read(path, (db) => {
    const inside = db.prepare<[number, number, number], { time: number; reason: string }>('SELECT time, reason FROM gaps WHERE time > ? AND time < ? ORDER BY time DESC LIMIT ?').all(from, to, MAX_MARKERS);
    const next = db.prepare<[number], { time: number; reason: string }>('SELECT time, reason FROM gaps WHERE time >= ? ORDER BY time LIMIT 1').all(to);
    const first = db.prepare<[], { time: number | null }>('SELECT MIN(time) AS time FROM gaps').get();
    const markers = [...inside.toReversed(), ...next].flatMap(({ time, reason }) => (isReason(reason) ? [{ time, reason }] : []));
    return { markers, first: first?.time ?? null };
  });
  return found ?? { markers: [], first: null };
}

/**
 * Keys of all series that have data, in order. Rows of expired series are removed some weeks later (together with a whole
 * chunk), but are not listed any more. A series that appears again is missing until its first samples are sealed.
 */
export function readSeriesKeys(path: string): readonly SeriesKey[] {
  const keys = read(path, (db) => {
    const horizon = db.prepare<[string], { value: number }>('SELECT value FROM state WHERE name = ?').get('horizon.3')?.value ?? 0;
    return db.prepare<[number, number], { key: string }>('SELECT DISTINCT key FROM series WHERE last = 0 OR last + ? > ? ORDER BY key').all(DAY, horizon);
  });
  return (keys ?? []).map(({ key }) => key);
}
