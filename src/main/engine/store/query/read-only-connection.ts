/** What is read beside the store, over a connection of its own that cannot write: marks of holes, names of series. */
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import type { SeriesKey } from '../../../../shared/metrics/index';
import type { GapReason } from '../../../../shared/metrics/reading';
import type { GapMarker } from '../../../../shared/series/gaps';
import { DAY } from '../tiers';

/** Milliseconds to wait for another connection's lock. */
const BUSY_TIMEOUT = 25;
/** Marks read at once: more than a chart could show. */
const MAX_MARKERS = 5000;

const REASONS: Readonly<Record<GapReason, true>> = { start: true, sleep: true, pause: true, clock: true, stall: true };

function isReason(text: string): text is GapReason {
  return Object.hasOwn(REASONS, text);
}

/** Reads something; null where there is no file. Throws what SQLite throws. */
function read<T>(path: string, use: (db: Database.Database) => T): T | null {
  if (!existsSync(path)) return null;
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT });
  try {
    return use(db);
  } finally {
    db.close();
  }
}

/** Marks after `from` and before `to`, and the first at or after `to`; and the time of the first of all. */
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
 * Keys of all series there is anything of, in order. Rows of what has aged out are removed some weeks later (whole chunks
 * go at once), but nobody is told of them any more. A series that came back is missing until its first samples are sealed.
 */
export function readSeriesKeys(path: string): readonly SeriesKey[] {
  const keys = read(path, (db) => {
    const horizon = db.prepare<[string], { value: number }>('SELECT value FROM state WHERE name = ?').get('horizon.3')?.value ?? 0;
    return db.prepare<[number, number], { key: string }>('SELECT DISTINCT key FROM series WHERE last = 0 OR last + ? > ? ORDER BY key').all(DAY, horizon);
  });
  return (keys ?? []).map(({ key }) => key);
}
