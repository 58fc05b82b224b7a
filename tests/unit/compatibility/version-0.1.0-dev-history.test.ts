import Database from 'better-sqlite3';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { finish } from '../../../src/main/engine/time-slicing';
import { createGapQuery } from '../../../src/main/history/gap-query';
import { createCallbackLog } from '../../support/log';
import { migrate, SCHEMA_VERSION } from '../../../src/main/engine/store/schema';
import { openStore } from '../../../src/main/engine/store/open-store';
import { readGapMarkers, readSeriesKeys } from '../../../src/main/engine/store/query/read-only-connection';
import type { Store } from '../../../src/main/engine/store/store-types';
import { statsPastWarning } from '../../../src/main/history/time-above';
import { DEFAULT_RULES } from '../../../src/shared/alerts/default-rules';
import type { Incident } from '../../../src/shared/alerts/incident';
import { thresholdsOf, warningOf } from '../../../src/shared/alerts/severity';
import type { ActivityEvent } from '../../../src/shared/timeline/event-schemas';
import { copyFolder, expected, OPENED_AT, presentType } from '../../support/former-version';

const EVER = { from: 0, to: OPENED_AT };
/** What damage wrote as well and only the message tells from a restore. */
const DAMAGE_EVENTS = expected.events.byType['database_set_aside'] ?? 0;

type Row = Readonly<Record<string, unknown>>;

/** Every row of every table, under the table's name, and the tables themselves. */
function contentsOf(path: string): { readonly schema: readonly Row[]; readonly version: unknown; readonly check: unknown; readonly tables: Readonly<Record<string, readonly Row[]>> } {
  const db = new Database(path, { readonly: true });
  try {
    const names = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all();
    return {
      schema: db.prepare<[], Row>('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name').all(),
      version: db.pragma('user_version', { simple: true }),
      check: db.pragma('integrity_check', { simple: true }),
      tables: Object.fromEntries(names.map((name) => [name, db.prepare<[], Row>(`SELECT * FROM ${name} ORDER BY 1, 2`).all()])),
    };
  } finally {
    db.close();
  }
}

/** The former version's file, opened by this one. */
function openCopy(path = copyFolder().database): { path: string; store: Store; isQuarantined: boolean; lines: string[] } {
  const lines: string[] = [];
  const { store, quarantined } = openStore({ path, clock: { now: () => OPENED_AT, mono: () => 0 }, log: createCallbackLog(({ level, message }) => lines.push(`${level} ${message}`)), keepDays: 400, maxBytes: 500_000_000 });
  onTestFinished(() => store.close());
  return { path, store, isQuarantined: quarantined !== null, lines };
}

const allEvents = (store: Store): readonly ActivityEvent[] => store.activity.events({ limit: 200 }).events;

/** Events by type, as the former version counted them, under their present types. */
function expectedCounts(): Record<string, number> {
  const counts: Record<string, number> = { history_quarantined: 1, history_restored: DAMAGE_EVENTS - 1 };
  for (const [type, count] of Object.entries(expected.events.byType)) if (type !== 'database_set_aside') counts[presentType(type, '')] = count;
  return counts;
}

function countByType(events: readonly { type: string }[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(events, ({ type }) => type)].map(([type, found]) => [type, found.length]));
}

function stateOf({ clearedAt, acknowledgedAt }: Incident): string {
  if (clearedAt !== null) return 'over';
  return acknowledgedAt === null ? 'open' : 'acknowledged';
}

describe('a history of version 0.1.0-development', () => {
  it('is brought to the present schema, and nothing of it changes but the types of events and the room for where gaps begin', () => {
    const path = copyFolder().database;
    const before = contentsOf(path);
    const { store, isQuarantined, lines } = openCopy(path);
    expect([isQuarantined, store.health(), lines]).toEqual([false, { state: 'ok' }, []]);
    store.close();
    const after = contentsOf(path);
    expect([before.version, after.version, after.check]).toEqual([5, SCHEMA_VERSION, 'ok']);
    const withSince = (sql: unknown): string => String(sql).replace('reason TEXT NOT NULL)', 'reason TEXT NOT NULL, since INTEGER)');
    expect(after.schema).toEqual(before.schema.map((one) => (one['name'] === 'gaps' ? { ...one, sql: withSince(one['sql']) } : one)));
    const events = (before.tables['events'] ?? []).map((row) => ({ ...row, type: presentType(String(row['type']), String(row['message'])) }));
    expect(events).toHaveLength(expected.events.total);
    const gaps = (before.tables['gaps'] ?? []).map((row) => ({ ...row, since: null }));
    expect(after.tables).toEqual({ ...before.tables, events, gaps });
  });

  it('has every event under its present type', () => {
    const { store } = openCopy();
    const events = allEvents(store);
    expect(store.activity.events({ limit: 1 })).toMatchObject({ total: expected.events.total, types: Object.keys(expectedCounts()).toSorted() });
    expect(countByType(events)).toEqual(expectedCounts());
    expect([events.at(-1)?.id, events[0]?.id]).toEqual([expected.events.firstId, expected.events.lastId]);
    for (const event of expected.events.newestOfEachType) {
      const type = presentType(event.type, event.message);
      expect(store.activity.events({ types: [type], limit: 1 }).events).toEqual([{ ...event, type }]);
    }
  });

  it('tells damage from a restore', () => {
    const { store } = openCopy();
    const [damage] = store.activity.events({ types: ['history_quarantined'], limit: 2 }).events;
    const [restore] = store.activity.events({ types: ['history_restored'], limit: 2 }).events;
    expect([damage?.severity, damage?.details?.['path']]).toEqual(['critical', expect.stringContaining('.corrupt-')]);
    expect([restore?.severity, restore?.message]).toEqual(['info', expect.stringContaining('.before-restore-') as string]);
  });

  it('has every incident', () => {
    const { store } = openCopy();
    const incidents = store.activity.incidents({ ...EVER, openOnly: false, limit: 1000 });
    expect([incidents.length, store.activity.openIncidents().length]).toEqual([expected.incidents.total, expected.incidents.open]);
    expect(incidents.map((one) => [one.id, one.ruleId, one.severity, one.worst, stateOf(one), one.firedAt, one.clearedAt, one.endedBy, one.acknowledgedAt, one.culprits.length])).toEqual(expected.incidents.list);
    for (const whole of expected.incidents.whole) expect(incidents.find(({ id }) => id === whole.id)).toEqual(whole);
  });

  it('has every process snapshot', () => {
    const { store } = openCopy();
    const snapshots = store.activity.processSnapshots({ from: expected.events.firstId, to: OPENED_AT, limit: 200 });
    expect([snapshots.length, snapshots.filter(({ incident }) => incident !== null).length]).toEqual([expected.topProcesses.nearest200, expected.topProcesses.ofIncidents]);
    for (const one of expected.topProcesses.some) {
      expect(store.activity.processSnapshots({ from: one.time, to: one.time, limit: 200 })).toContainEqual(one);
    }
  });

  it('has every series, and every gap with its reason', () => {
    const { path, store } = openCopy();
    expect(readSeriesKeys(path)).toEqual(expected.series);
    expect(readGapMarkers(path, 0, OPENED_AT).markers).toEqual(expected.gaps);
    const gaps = createGapQuery({ store, path: () => path, pausedNow: () => null });
    // The former version hid a gap whose marker lies within a point: here a sleep, among points of 15 minutes.
    const hidden = [{ from: 1_792_058_400_000, to: 1_792_060_062_000, reason: 'sleep' }];
    const [first, ...others] = expected.spans;
    expect(first?.answer).toEqual([]);
    expect(gaps.gaps(first?.query.from ?? 0, first?.query.to ?? 0)).toEqual(hidden);
    for (const { query, answer } of others) expect(gaps.gaps(query.from, query.to)).toEqual(answer);
  });

  it.each(expected.points)('gives $what', ({ query, step, series }) => {
    const response = openCopy().store.query(query);
    expect(response.step).toBe(step);
    const rows = response.series.map(({ series: key, time, count, min, avg, max }) => ({
      series: key,
      // Where the three are the same the former version wrote one.
      rows: time.map((at, i) => [at, count[i], ...(min[i] === max[i] && min[i] === avg[i] ? [avg[i]] : [min[i], avg[i], max[i]])]),
    }));
    expect(rows).toEqual(series);
  });

  it.each(expected.stats)('gives statistics of $what', ({ query, answer }) => {
    const warning = (series: string) => warningOf(thresholdsOf(DEFAULT_RULES, series, undefined));
    const now = finish(statsPastWarning(openCopy().store, query, warning));
    // The former version knew one direction. The share of the samples is the same. The seconds are that share of the sampled time, of which the former version
    // counted whole points.
    expect(now).toMatchObject(answer.map(({ above, ...rest }) => (above === undefined ? rest : { ...rest, above: { threshold: above.threshold, share: above.share, direction: 'above' } })));
    now.forEach(({ above, sampledSeconds }, i) => {
      if (above === undefined) return;
      expect(above.seconds).toBeCloseTo(above.share * sampledSeconds, 6);
      expect(above.seconds).toBeLessThanOrEqual(answer[i]?.above?.seconds ?? 0);
    });
  });
});

describe('the migration of a history of version 0.1.0-development', () => {
  /** A connection to the file on a disk that is full: of this size and not a page larger. */
  function onFullDisk(path: string): Database.Database {
    const db = new Database(path);
    onTestFinished(() => void db.close());
    db.pragma('journal_mode = WAL');
    // Names that grow, more of them than there is room within the file.
    const add = db.prepare("INSERT INTO events (id, time, type, severity, message) VALUES (?, ?, 'alert_eased', 'info', 'one of many')");
    db.transaction(() => Array.from({ length: 2000 }, (_, n) => add.run(OPENED_AT + n, OPENED_AT)))();
    db.exec('VACUUM');
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`);
    return db;
  }

  it('leaves the file as it was where the disk is full, and is done once there is room', () => {
    const path = copyFolder().database;
    const db = onFullDisk(path);
    const before = contentsOf(path);
    expect(() => migrate(db)).toThrow(/full/);
    db.close();
    expect(contentsOf(path)).toEqual(before);
    openCopy(path).store.close();
    const after = contentsOf(path);
    expect([after.version, after.check, after.tables['events']?.length]).toEqual([SCHEMA_VERSION, 'ok', expected.events.total + 2000]);
    expect((after.tables['events'] ?? []).filter(({ type }) => type === 'alert_eased')).toEqual([]);
  });
});

describe('a damaged history of version 0.1.0-development', () => {
  /** Overwrites the page that holds the newest samples, which nothing but samples are in. */
  function damage(path: string): void {
    const db = new Database(path);
    const page = db.prepare<[], number>("SELECT pageno FROM dbstat WHERE name = 'chunks' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 20").pluck().get() ?? 0;
    const size = Number(db.pragma('page_size', { simple: true }));
    db.close();
    const file = readFileSync(path);
    Buffer.alloc(size, 'garbage').copy(file, (page - 1) * size);
    writeFileSync(path, file);
  }

  it('is salvaged with its events under their present types', () => {
    const paths = copyFolder();
    damage(paths.database);
    const { store, isQuarantined, path } = openCopy(paths.database);
    expect(isQuarantined).toBe(true);
    expect(countByType(allEvents(store))).toEqual(expectedCounts());
    expect(store.activity.incidents({ ...EVER, openOnly: false, limit: 1000 })).toHaveLength(expected.incidents.total);
    expect(store.activity.processSnapshots({ ...EVER, limit: 200 })).toHaveLength(expected.topProcesses.nearest200);
    expect(readGapMarkers(path, 0, OPENED_AT).markers).toEqual(expected.gaps);
    while (store.maintain(OPENED_AT));
    store.close();
    // A second start finds nothing left to do and nothing changed.
    copyFileSync(path, join(paths.folder, 'second.sqlite'));
    expect(countByType(allEvents(openCopy(join(paths.folder, 'second.sqlite')).store))).toEqual(expectedCounts());
  });
});
