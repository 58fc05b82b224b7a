import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkRow, DAY, CHUNK_WINDOW } from '../../../../src/main/engine/store/tiers';
import type { Store } from '../../../../src/main/engine/store/store-types';
import type { SampleBatch } from '../../../../src/shared/metrics/reading';
import { batchOf, chunkStartsOf, cpuBatch, createStoreFixture, NOON, pointsOf, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const HOUR = 3600;
const ALL = { series: ['cpu.usage'], from: 0, to: NOON * 2 };

/** Appends a sample a second in [from, to), seconds after noon; commits every ten seconds, maintenance every minute. */
function live({ clock }: StoreFixture, store: Store, from: number, to: number): void {
  for (let s = from; s < to; s += 1) {
    clock.wall = NOON + s * 1000;
    clock.mono += 1000;
    store.append(cpuBatch(s, (s * 7919) % 101));
    if (s % 60 === 59) runMaintenance(store, clock.wall);
  }
  store.commit();
}

const countOf = (store: Store): number => store.stats(ALL)[0]?.count ?? 0;

/** The single value of an SQL query, as a number. */
function valueOf(path: string, sql: string): number {
  const db = new Database(path, { readonly: true });
  try {
    return Number(db.prepare(sql).pluck().get() ?? 0);
  } finally {
    db.close();
  }
}

describe('the head', () => {
  it('overwrites the rows of sealed frames without changing their length', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    live(fixture, store, 0, HOUR);
    const rows = valueOf(fixture.path, 'SELECT count(*) FROM head');
    const bytes = valueOf(fixture.path, 'SELECT sum(length(data)) FROM head');
    live(fixture, store, HOUR, 4 * HOUR);
    expect(valueOf(fixture.path, 'SELECT count(*) FROM head')).toBe(rows);
    expect(valueOf(fixture.path, 'SELECT sum(length(data)) FROM head')).toBe(bytes);
    // A window, the minutes until it is sealed, and the frames until the next maintenance.
    expect(rows).toBeLessThan(135);
    expect(valueOf(fixture.path, 'SELECT max(id) FROM head')).toBe(4 * 360);
    expect(countOf(store)).toBe(4 * HOUR);
    expect(pointsOf(store, 'cpu.usage', 4 * HOUR - 1000, 4 * HOUR).time).toHaveLength(1000);
  });

  it('continues after a restart, with free rows and without', () => {
    const fixture = createStoreFixture();
    const first = fixture.open().store;
    live(fixture, first, 0, HOUR);
    first.close();
    const second = fixture.open().store;
    expect(countOf(second)).toBe(HOUR);
    live(fixture, second, HOUR, 2 * HOUR);
    second.close();
    const third = fixture.open().store;
    expect(countOf(third)).toBe(2 * HOUR);
    expect(valueOf(fixture.path, 'SELECT count(*) - count(DISTINCT id) FROM head')).toBe(0);
    expect(valueOf(fixture.path, 'SELECT count(*) FROM head')).toBeLessThan(135);
  });

  it('stores a longer frame in a row that was shorter', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    live(fixture, store, 0, HOUR);
    const before = valueOf(fixture.path, 'SELECT max(length(data)) FROM head');
    for (let s = HOUR; s < HOUR + 200; s += 1) {
      fixture.clock.wall = NOON + s * 1000;
      store.append({ ...cpuBatch(s, s), readings: { cpu: { values: { usage: s, user: Math.sin(s) * 1e15, system: Math.cos(s) * 1e15, load1: s / 7, load5: s / 3, load15: s / 11 }, devices: {} } } });
      if (s % 100 === 99) store.commit();
    }
    store.commit();
    expect(valueOf(fixture.path, 'SELECT max(length(data)) FROM head')).toBeGreaterThan(before);
    expect(countOf(store)).toBe(HOUR + 200);
    store.close();
    expect(countOf(fixture.open().store)).toBe(HOUR + 200);
  });

  it('removes the surplus rows after the head was large', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    // Frames of almost seven hours without maintenance.
    for (let s = 0; s < 24_000; s += 1) {
      fixture.clock.wall = NOON + s * 1000;
      fixture.clock.mono += 1000;
      store.append(cpuBatch(s, s % 97));
    }
    store.commit();
    expect(valueOf(fixture.path, 'SELECT count(*) FROM head')).toBe(2400);
    live(fixture, store, 24_000, 24_060);
    expect(valueOf(fixture.path, 'SELECT count(*) FROM head')).toBeLessThan(600);
    expect(countOf(store)).toBe(24_060);
  });

  it('merges a window that occurs twice, because the clock was set back, without losing or doubling a sample', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    live(fixture, store, 0, 4 * HOUR);
    live(fixture, store, HOUR, HOUR + 1200);
    live(fixture, store, 4 * HOUR + 100, 8 * HOUR);
    expect(countOf(store)).toBe(8 * HOUR - 100 + 1200);
    const { count } = pointsOf(store, 'cpu.usage', HOUR, HOUR + 1200, 20);
    expect(count.reduce((sum, one) => sum + one, 0)).toBe(2400);
  });
});

/** Converts the database to schema 3: each row of the head is a frame and is never reused. */
function backToVersion3(db: Database.Database): void {
  db.exec(`CREATE TABLE head_3 (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, data BLOB NOT NULL);
    INSERT INTO head_3 SELECT id, first, last, data FROM head WHERE id > coalesce((SELECT value FROM state WHERE name = 'head.dropped'), 0) ORDER BY id;
    ALTER TABLE gaps DROP COLUMN since; DROP TABLE spans; DROP TABLE head; ALTER TABLE head_3 RENAME TO head; DELETE FROM state WHERE name = 'head.dropped'; PRAGMA user_version = 3`);
}

describe('a database of an earlier schema', () => {
  it('is migrated with the frames that were not sealed', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    live(fixture, store, 0, HOUR);
    store.close();
    const db = new Database(fixture.path);
    backToVersion3(db);
    db.close();
    const again = fixture.open().store;
    expect(countOf(again)).toBe(HOUR);
    live(fixture, again, HOUR, 2 * HOUR);
    expect(countOf(again)).toBe(2 * HOUR);
  });

  it('gets the index of its chunks', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    live(fixture, store, 0, 30 * HOUR);
    store.close();
    const before = chunkStartsOf(fixture.path);
    expect(before.indexed.length).toBeGreaterThan(30);
    expect(before.indexed).toEqual(before.stored);
    const db = new Database(fixture.path);
    db.exec('ALTER TABLE gaps DROP COLUMN since; DROP TABLE spans; PRAGMA user_version = 4');
    db.close();
    expect(countOf(fixture.open().store)).toBe(30 * HOUR);
    expect(chunkStartsOf(fixture.path)).toEqual(before);
  });

  it('loses nothing of a day that was being rolled up, and counts nothing twice', () => {
    const fixture = createStoreFixture();
    mkdirSync(dirname(fixture.path), { recursive: true });
    fixture.open().store.close();
    const db = new Database(fixture.path);
    const day = Math.floor(NOON / DAY) * DAY;
    const put = db.prepare('INSERT INTO chunks (id, data) VALUES (?, ?)');
    const rows = [2, 3].flatMap((code) => [day - CHUNK_WINDOW, day, day + 95 * CHUNK_WINDOW, day + DAY].flatMap((start) => [1, 2, 3].map((series) => chunkRow(code, start, series))));
    const others = [0, 4].map((code) => chunkRow(code, day, 1));
    for (const id of [...rows, ...others]) put.run(id, Buffer.of(1));
    backToVersion3(db);
    db.prepare("INSERT INTO state (name, value) VALUES ('roll.2', ?), ('roll.next', 3)").run(day);
    db.close();
    fixture.open().store.close();
    const after = new Database(fixture.path, { readonly: true });
    const left = after.prepare('SELECT id FROM chunks ORDER BY id').pluck().all();
    const states = after.prepare("SELECT name FROM state WHERE name LIKE 'roll%'").pluck().all();
    after.close();
    const rolled = new Set([2, 3].flatMap((code) => [day, day + 95 * CHUNK_WINDOW].flatMap((start) => [1, 2].map((series) => chunkRow(code, start, series)))));
    expect(left).toEqual([...rows, ...others].filter((id) => !rolled.has(id)).sort((a, b) => a - b));
    expect(states).toEqual([]);
  });
});

describe('a rollup interrupted by a restart', () => {
  const METRICS = ['usage', 'user', 'system', 'load1', 'load5', 'load15'];
  const batch = (s: number): SampleBatch => batchOf(s, { cpu: Object.fromEntries(METRICS.map((name, i) => [name, (s * (i + 3)) % 91])) });

  it('is finished before all other maintenance, so that later samples of its day and other rollups do not disturb it', { timeout: 60_000 }, () => {
    const fixture = createStoreFixture();
    const counts = (of: Store): number[] => of.stats({ ...ALL, series: METRICS.map((name) => `cpu.${name}`) }).map(({ count }) => count);
    const fill = (store: Store, from: number, to: number): void => {
      for (let s = from; s < to; s += 10) {
        fixture.clock.wall = NOON + s * 1000;
        store.append(batch(s));
        if (s % 1000 === 0) store.commit();
      }
      store.commit();
    };
    const finish = (of: Store): number => runMaintenance(of, fixture.clock.wall, 100_000);
    const { store } = fixture.open();
    fill(store, 0, 11 * HOUR);
    finish(store);
    fill(store, 11 * HOUR, 13 * HOUR);
    // Each read of the clock is 5 ms later, so that a slice is a single step.
    let ticks = 0;
    Object.defineProperty(fixture.clock, 'mono', { get: () => (ticks += 5) });
    const done = (): number => valueOf(fixture.path, "SELECT value FROM state WHERE name = 'roll.next' AND EXISTS (SELECT 1 FROM state WHERE name = 'roll.14')");
    while (done() === 0) expect(store.maintain(fixture.clock.wall)).toBe(true);
    expect(done()).toBeLessThan(METRICS.length);
    store.close();
    const again = fixture.open().store;
    // After the clock is set back samples go to the day that is being rolled up; the next three hours are ready to be merged.
    fill(again, 10 * HOUR, 11 * HOUR);
    fill(again, 13 * HOUR, 17 * HOUR);
    const before = counts(again);
    finish(again);
    expect(before).toEqual(METRICS.map(() => 18 * 360));
    expect(counts(again)).toEqual(before);
    expect(valueOf(fixture.path, "SELECT count(*) FROM state WHERE name LIKE 'roll%'")).toBe(0);
  });
});
