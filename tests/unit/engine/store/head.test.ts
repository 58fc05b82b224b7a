import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkRow, DAY, CHUNK_WINDOW } from '../../../../src/main/engine/store/tiers';
import type { Store } from '../../../../src/main/engine/store/store-types';
import type { SampleBatch } from '../../../../src/shared/metrics/reading';
import { batchOf, bench, cpuBatch, NOON, pointsOf, chunkSpansOf } from '../../../support/store';
import type { Bench } from '../../../support/store';

const HOUR = 3600;
const ALL = { series: ['cpu.usage'], from: 0, to: NOON * 2 };

/** A sample a second in [from, to), seconds after noon, a commit each ten and upkeep each minute. */
function live({ clock }: Bench, store: Store, from: number, to: number): void {
  for (let s = from; s < to; s += 1) {
    clock.wall = NOON + s * 1000;
    clock.mono += 1000;
    store.append(cpuBatch(s, (s * 7919) % 101));
    if (s % 60 === 59) for (let slices = 0; store.maintain(clock.wall); slices += 1) if (slices > 10_000) throw new Error('upkeep does not end');
  }
  store.commit();
}

const countOf = (store: Store): number => store.stats(ALL)[0]?.count ?? 0;

/** What a query of one value says, as a number. */
function ask(path: string, sql: string): number {
  const db = new Database(path, { readonly: true });
  try {
    return Number(db.prepare(sql).pluck().get() ?? 0);
  } finally {
    db.close();
  }
}

describe('the head', () => {
  it('writes over the rows of sealed frames, as long as they were', () => {
    const place = bench();
    const { store } = place.open();
    live(place, store, 0, HOUR);
    const rows = ask(place.path, 'SELECT count(*) FROM head');
    const bytes = ask(place.path, 'SELECT sum(length(data)) FROM head');
    live(place, store, HOUR, 4 * HOUR);
    expect(ask(place.path, 'SELECT count(*) FROM head')).toBe(rows);
    expect(ask(place.path, 'SELECT sum(length(data)) FROM head')).toBe(bytes);
    // A slot, the minutes it lingers, and what comes before the next upkeep.
    expect(rows).toBeLessThan(135);
    expect(ask(place.path, 'SELECT max(id) FROM head')).toBe(4 * 360);
    expect(countOf(store)).toBe(4 * HOUR);
    expect(pointsOf(store, 'cpu.usage', 4 * HOUR - 1000, 4 * HOUR).time).toHaveLength(1000);
  });

  it('goes on after a restart where it was, with free rows and without', () => {
    const place = bench();
    const first = place.open().store;
    live(place, first, 0, HOUR);
    first.close();
    const second = place.open().store;
    expect(countOf(second)).toBe(HOUR);
    live(place, second, HOUR, 2 * HOUR);
    second.close();
    const third = place.open().store;
    expect(countOf(third)).toBe(2 * HOUR);
    expect(ask(place.path, 'SELECT count(*) - count(DISTINCT id) FROM head')).toBe(0);
    expect(ask(place.path, 'SELECT count(*) FROM head')).toBeLessThan(135);
  });

  it('takes a longer frame into a row that was shorter', () => {
    const place = bench();
    const { store } = place.open();
    live(place, store, 0, HOUR);
    const before = ask(place.path, 'SELECT max(length(data)) FROM head');
    for (let s = HOUR; s < HOUR + 200; s += 1) {
      place.clock.wall = NOON + s * 1000;
      store.append({ ...cpuBatch(s, s), readings: { cpu: { values: { usage: s, user: Math.sin(s) * 1e15, system: Math.cos(s) * 1e15, load1: s / 7, load5: s / 3, load15: s / 11 }, devices: {} } } });
      if (s % 100 === 99) store.commit();
    }
    store.commit();
    expect(ask(place.path, 'SELECT max(length(data)) FROM head')).toBeGreaterThan(before);
    expect(countOf(store)).toBe(HOUR + 200);
    store.close();
    expect(countOf(place.open().store)).toBe(HOUR + 200);
  });

  it('removes the rows a crowd left', () => {
    const place = bench();
    const { store } = place.open();
    // A night's worth of frames without upkeep.
    for (let s = 0; s < 24_000; s += 1) {
      place.clock.wall = NOON + s * 1000;
      place.clock.mono += 1000;
      store.append(cpuBatch(s, s % 97));
    }
    store.commit();
    expect(ask(place.path, 'SELECT count(*) FROM head')).toBe(2400);
    live(place, store, 24_000, 24_060);
    expect(ask(place.path, 'SELECT count(*) FROM head')).toBeLessThan(600);
    expect(countOf(store)).toBe(24_060);
  });

  it('gathers a slot that comes twice, where the clock was set back, without losing or doubling any', () => {
    const place = bench();
    const { store } = place.open();
    live(place, store, 0, 4 * HOUR);
    live(place, store, HOUR, HOUR + 1200);
    live(place, store, 4 * HOUR + 100, 8 * HOUR);
    expect(countOf(store)).toBe(8 * HOUR - 100 + 1200);
    const { count } = pointsOf(store, 'cpu.usage', HOUR, HOUR + 1200, 20);
    expect(count.reduce((sum, one) => sum + one, 0)).toBe(2400);
  });
});

/** Turns the database into what the version before wrote: rows of the head that are frames, for ever. */
function backToVersion3(db: Database.Database): void {
  db.exec(`CREATE TABLE head_3 (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, data BLOB NOT NULL);
    INSERT INTO head_3 SELECT id, first, last, data FROM head WHERE id > coalesce((SELECT value FROM state WHERE name = 'head.dropped'), 0) ORDER BY id;
    DROP TABLE spans; DROP TABLE head; ALTER TABLE head_3 RENAME TO head; DELETE FROM state WHERE name = 'head.dropped'; PRAGMA user_version = 3`);
}

describe('a database of the version before', () => {
  it('comes along with what was not sealed', () => {
    const place = bench();
    const { store } = place.open();
    live(place, store, 0, HOUR);
    store.close();
    const db = new Database(place.path);
    backToVersion3(db);
    db.close();
    const again = place.open().store;
    expect(countOf(again)).toBe(HOUR);
    live(place, again, HOUR, 2 * HOUR);
    expect(countOf(again)).toBe(2 * HOUR);
  });

  it('comes along with the spans of its chunks', () => {
    const place = bench();
    const { store } = place.open();
    live(place, store, 0, 30 * HOUR);
    store.close();
    const before = chunkSpansOf(place.path);
    expect(before.told.length).toBeGreaterThan(30);
    expect(before.told).toEqual(before.found);
    const db = new Database(place.path);
    db.exec('DROP TABLE spans; PRAGMA user_version = 4');
    db.close();
    expect(countOf(place.open().store)).toBe(30 * HOUR);
    expect(chunkSpansOf(place.path)).toEqual(before);
  });

  it('loses nothing of a day that was being rolled, and counts nothing twice', () => {
    const place = bench();
    mkdirSync(dirname(place.path), { recursive: true });
    place.open().store.close();
    const db = new Database(place.path);
    const day = Math.floor(NOON / DAY) * DAY;
    const put = db.prepare('INSERT INTO chunks (id, data) VALUES (?, ?)');
    const rows = [2, 3].flatMap((code) => [day - CHUNK_WINDOW, day, day + 95 * CHUNK_WINDOW, day + DAY].flatMap((start) => [1, 2, 3].map((series) => chunkRow(code, start, series))));
    const others = [0, 4].map((code) => chunkRow(code, day, 1));
    for (const id of [...rows, ...others]) put.run(id, Buffer.of(1));
    backToVersion3(db);
    db.prepare("INSERT INTO state (name, value) VALUES ('roll.2', ?), ('roll.next', 3)").run(day);
    db.close();
    place.open().store.close();
    const after = new Database(place.path, { readonly: true });
    const left = after.prepare('SELECT id FROM chunks ORDER BY id').pluck().all();
    const states = after.prepare("SELECT name FROM state WHERE name LIKE 'roll%'").pluck().all();
    after.close();
    const rolled = new Set([2, 3].flatMap((code) => [day, day + 95 * CHUNK_WINDOW].flatMap((start) => [1, 2].map((series) => chunkRow(code, start, series)))));
    expect(left).toEqual([...rows, ...others].filter((id) => !rolled.has(id)).sort((a, b) => a - b));
    expect(states).toEqual([]);
  });
});

describe('a roll that a restart cut short', () => {
  const METRICS = ['usage', 'user', 'system', 'load1', 'load5', 'load15'];
  const batch = (s: number): SampleBatch => batchOf(s, { cpu: Object.fromEntries(METRICS.map((name, i) => [name, (s * (i + 3)) % 91])) });

  it('ends before anything else is done, so that later samples of its day and other rolls do it no harm', { timeout: 60_000 }, () => {
    const place = bench();
    const counts = (of: Store): number[] => of.stats({ ...ALL, series: METRICS.map((name) => `cpu.${name}`) }).map(({ count }) => count);
    const fill = (store: Store, from: number, to: number): void => {
      for (let s = from; s < to; s += 10) {
        place.clock.wall = NOON + s * 1000;
        store.append(batch(s));
        if (s % 1000 === 0) store.commit();
      }
      store.commit();
    };
    const finish = (of: Store): void => {
      for (let slices = 0; of.maintain(place.clock.wall); slices += 1) if (slices > 100_000) throw new Error('upkeep does not end');
    };
    const { store } = place.open();
    fill(store, 0, 11 * HOUR);
    finish(store);
    fill(store, 11 * HOUR, 13 * HOUR);
    // Each look at the clock finds a slice's time gone, so that a slice is a step.
    let ticks = 0;
    Object.defineProperty(place.clock, 'mono', { get: () => (ticks += 5) });
    const done = (): number => ask(place.path, "SELECT value FROM state WHERE name = 'roll.next' AND EXISTS (SELECT 1 FROM state WHERE name = 'roll.14')");
    while (done() === 0) expect(store.maintain(place.clock.wall)).toBe(true);
    expect(done()).toBeLessThan(METRICS.length);
    store.close();
    const again = place.open().store;
    // A clock that was set back writes into the day that is being rolled; the next three hours are ready to be gathered.
    fill(again, 10 * HOUR, 11 * HOUR);
    fill(again, 13 * HOUR, 17 * HOUR);
    const before = counts(again);
    finish(again);
    expect(before).toEqual(METRICS.map(() => 18 * 360));
    expect(counts(again)).toEqual(before);
    expect(ask(place.path, "SELECT count(*) FROM state WHERE name LIKE 'roll%'")).toBe(0);
  });
});
