/** Maintenance of the activity log: packs process snapshots; retention of events, incidents and snapshots. */
import type { TopProcesses } from '../../../../shared/processes/process-schemas';
import type { ActivityTables } from './activity-tables';
import { SNAPSHOT_SPAN } from './activity-tables';
import { DAY } from '../tiers';

/** Snapshot rows read in one step. */
const READ = 20;
/** Rows removed in one step. */
const ROWS = 300;
/** How long the snapshots of ordinary minutes are kept, ms; those of an incident are kept as long as the incident. */
const KEEP_SNAPSHOTS = 30 * DAY;
/** Most incidents kept, whatever their age. */
const MAX_INCIDENTS = 10_000;

/** How many events are kept: reduced to `keep` as soon as there are more than `pruneAt`, so that not every event causes a deletion. */
export interface EventLimits {
  readonly keep: number;
  readonly pruneAt: number;
}

/** The default limits. */
export const EVENT_LIMITS: EventLimits = { keep: 1000, pruneAt: 1100 };

/** One round; `now`: the time of the retention clock, epoch ms. Yields between steps, so that other work can run. */
export function* pruneActivity(tables: ActivityTables, events: EventLimits, keepDays: number, now: number): Generator<void> {
  yield* packHours(tables);
  yield* pruneEvents(tables, events);
  const old = now - keepDays * DAY;
  const gone = yield* drop(tables, 'incidents', 'cleared < ? ORDER BY opened', old);
  const crowded = yield* pruneIncidents(tables);
  // A snapshot may be written a little before its incident; one whose incident is missing after a day is orphaned.
  if (gone + crowded > 0) yield* drop(tables, 'top_processes', 'incident IS NOT NULL AND last < ? AND incident NOT IN (SELECT id FROM incidents)', now - DAY);
  yield* drop(tables, 'top_processes', 'last < ? AND incident IS NULL', Math.max(now - KEEP_SNAPSHOTS, old));
}

/** Removes the rows that match an SQL condition with one parameter, some at a time; returns how many. */
function* drop(tables: ActivityTables, table: 'events' | 'incidents' | 'top_processes', condition: string, bound: number): Generator<void, number> {
  const wanted = `SELECT rowid FROM ${table} WHERE ${condition} LIMIT ?`;
  // Mostly there are none: reading first is cheaper than beginning a write.
  if (tables.statement<[number, number]>(wanted).get(bound, 1) === undefined) return 0;
  const remove = tables.statement<[number, number]>(`DELETE FROM ${table} WHERE rowid IN (${wanted})`);
  let all = 0;
  for (let changes = ROWS; changes === ROWS; ) {
    changes = remove.run(bound, ROWS).changes;
    all += changes;
    yield;
  }
  return all;
}

/** Packs the snapshots of each hour that is over (all but that of the newest snapshot) into one row. */
function* packHours(tables: ActivityTables): Generator<void> {
  const rows = tables.unpacked();
  const hourOf = ({ first }: { first: number }): number => Math.floor(first / SNAPSHOT_SPAN);
  const newest = rows[rows.length - 1];
  if (newest === undefined) return;
  const open = hourOf(newest);
  for (const hour of new Set(rows.map(hourOf))) {
    if (hour === open) continue;
    const own = rows.filter((row) => hourOf(row) === hour);
    const snapshots: TopProcesses[] = [];
    for (let i = 0; i < own.length; i += READ) {
      // Rows that cannot be read are dropped.
      snapshots.push(...own.slice(i, i + READ).flatMap(({ id }) => tables.snapshots({ id, incident: null })));
      yield;
    }
    snapshots.sort((a, b) => a.time - b.time);
    tables.db.transaction(() => tables.replace(own, snapshots))();
    yield;
  }
}

function* pruneEvents(tables: ActivityTables, { keep, pruneAt }: EventLimits): Generator<void> {
  const count = tables.countEvents({});
  if (count <= Math.max(keep, pruneAt)) return;
  const last = tables.db.prepare<[number], { id: number }>('SELECT id FROM events ORDER BY id DESC LIMIT 1 OFFSET ?').get(keep)?.id;
  if (last !== undefined) yield* drop(tables, 'events', 'id <= ? ORDER BY id', last);
}

/** Removes the oldest resolved incidents beyond MAX_INCIDENTS; returns how many. */
function* pruneIncidents(tables: ActivityTables): Generator<void, number> {
  const count = tables.statement<[], { count: number }>('SELECT count(*) AS count FROM incidents').get()?.count ?? 0;
  const excess = count - MAX_INCIDENTS;
  if (excess <= 0) return 0;
  const bound = tables.db.prepare<[number], { opened: number }>('SELECT opened FROM incidents WHERE cleared IS NOT NULL ORDER BY opened LIMIT 1 OFFSET ?').get(excess - 1)?.opened;
  if (bound === undefined) return 0;
  return yield* drop(tables, 'incidents', 'cleared IS NOT NULL AND opened <= ? ORDER BY opened', bound);
}
