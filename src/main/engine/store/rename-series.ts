/**
 * Continues series under the keys their devices have now. A former version distinguished some devices by a number, which meant
 * something only beside the others; so all of them are renamed together, or none. Nothing is merged: where it is not known
 * which is which, the old series stay as they are, and new ones begin.
 */
import type { Database } from 'better-sqlite3';
import { parseSeriesKey } from '../../../shared/metrics/index';
import type { SeriesKey } from '../../../shared/metrics/index';
import { DAY } from './tiers';

/** Present keys by former ones, of one metric of devices that were distinguished by a number. */
export interface SeriesRename {
  readonly renamed: ReadonlyMap<SeriesKey, SeriesKey>;
  /** The next former key: in use, there was one device more. */
  readonly unless: SeriesKey;
}

/** A series without a sample for so long before the newest one of its kind was not in use any more, ms. */
const UNUSED = 7 * DAY;

/**
 * True if the former keys are exactly those that were in use at the end; `days`: day of the newest sealed sample by key, 0
 * for none yet.
 */
function isUnambiguous({ renamed, unless }: SeriesRename, days: ReadonlyMap<SeriesKey, number>): boolean {
  const former = [...renamed.keys()].map((key) => days.get(key));
  const newest = Math.max(0, ...former.map((day) => day ?? 0));
  const isUsed = (day: number | undefined): boolean => day !== undefined && (day === 0 || day >= newest - UNUSED);
  const taken = [...renamed.values()].some((key) => days.has(key) && !renamed.has(key));
  return !taken && former.every(isUsed) && !isUsed(days.get(unless));
}

/**
 * Renames the series, and the incidents of them, where that is unambiguous. Call inside a transaction. `unused`: nothing is
 * stored under a former key, or not any more.
 */
export function renameSeries(db: Database, rename: SeriesRename): 'renamed' | 'unused' | 'ambiguous' {
  const { renamed, unless } = rename;
  const find = db.prepare<[string], number | null>('SELECT max(last) FROM series WHERE key = ?').pluck();
  const days = new Map<SeriesKey, number>();
  for (const key of [...renamed.keys(), ...renamed.values(), unless]) {
    const day = find.get(key);
    if (day !== null && day !== undefined) days.set(key, day);
  }
  if (![...renamed.keys(), unless].some((key) => days.has(key))) return 'unused';
  if (!isUnambiguous(rename, days)) return 'ambiguous';
  const setKey = db.prepare<[string, string]>('UPDATE series SET key = ? WHERE key = ?');
  const setIncidents = db.prepare<[Record<string, string | null>]>(
    "UPDATE incidents SET series = @to, data = json_set(data, '$.series', @to, '$.device', @device) WHERE series = @from",
  );
  // A present key may be a former one of another device: first out of the way, then to its place.
  for (const from of renamed.keys()) {
    setKey.run(`\0${from}`, from);
    setIncidents.run({ from, to: `\0${from}`, device: null });
  }
  for (const [from, to] of renamed) {
    setKey.run(to, `\0${from}`);
    setIncidents.run({ from: `\0${from}`, to, device: parseSeriesKey(to)?.device ?? null });
  }
  return 'renamed';
}
