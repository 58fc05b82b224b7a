import Database from 'better-sqlite3';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSeriesKeys } from '../../../../src/main/engine/store/query/read-only-connection';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { batchOf, cpuBatch, createStoreFixture, NOON, pointsOf, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ALL = { series: ['cpu.usage'], from: 0, to: NOON * 2 };

const countOf = (store: Store, key = 'cpu.usage'): number => store.stats({ ...ALL, series: [key] })[0]?.count ?? 0;

/** Number of samples in the points of seconds [from, to) after noon. */
const sampled = (store: Store, from: number, to: number): number => pointsOf(store, 'cpu.usage', from, to).count.reduce((sum, n) => sum + n, 0);

/** Runs maintenance to its end, now and every hour for `hours` of the monotonic clock. */
function maintenance({ clock }: StoreFixture, store: Store, hours = 0): void {
  for (let done = 0; done <= hours; done += 1) {
    runMaintenance(store, clock.wall);
    clock.mono += HOUR;
  }
}

/** Appends a sample every ten seconds from `from` on, seconds after noon. */
function fill({ clock }: StoreFixture, store: Store, from: number, samples: number): void {
  for (let i = 0; i < samples; i += 1) {
    const s = from + i * 10;
    clock.wall = NOON + s * 1000;
    store.append(cpuBatch(s, s % 100));
    if (i % 1000 === 999) store.commit();
  }
  store.commit();
}

describe('clocks', () => {
  it('a clock set forward by a hundred years and back again causes no deletion', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open({ keepDays: 2 });
    fill(fixture, store, 0, 3000);
    maintenance(fixture, store);
    fill(fixture, store, 36_500 * 86_400, 20);
    maintenance(fixture, store, 3);
    expect(sampled(store, 0, 1000)).toBe(100);
    fill(fixture, store, 30_000, 200);
    maintenance(fixture, store, 3);
    expect(countOf(store)).toBe(3200);
    expect(sampled(store, 0, 1000)).toBe(100);
  });

  it('a clock set back by hours, into sealed ones, loses and doubles nothing', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    fill(fixture, store, 0, 6000);
    maintenance(fixture, store);
    fill(fixture, store, 7205, 3000);
    maintenance(fixture, store);
    fill(fixture, store, 60_000, 500);
    maintenance(fixture, store, 2);
    expect(countOf(store)).toBe(9500);
    const points = pointsOf(store, 'cpu.usage', 0, 70_000, 1200);
    expect(points.count.reduce((sum, n) => sum + n, 0)).toBe(9500);
    expect(points.time).toEqual([...points.time].sort((a, b) => a - b));
    expect(sampled(store, 7200, 7260)).toBe(12);
  });

  it('a year without samples is one gap, and the samples before it are still there', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    fill(fixture, store, 0, 2000);
    maintenance(fixture, store);
    fill(fixture, store, 365 * 86_400, 2000);
    maintenance(fixture, store, 400);
    const points = pointsOf(store, 'cpu.usage', 0, 366 * 86_400, 800);
    expect(points.count.filter((n) => n === 0)).toHaveLength(1);
    expect(points.count.reduce((sum, n) => sum + n, 0)).toBe(4000);
  });

  it('times before 1970 and after 2400 are accepted', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (const time of [-DAY, 0, NOON * 12]) store.append({ ...cpuBatch(0, 5), time });
    fill(fixture, store, 0, 200);
    maintenance(fixture, store);
    expect(countOf(store)).toBeGreaterThanOrEqual(200);
    expect(store.health()).toEqual({ state: 'ok' });
  });
});

describe('retention', () => {
  it('removes finer tiers before coarser ones, whose counts stay complete', { timeout: 60_000 }, () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (let day = 0; day < 45; day += 1) {
      for (let m = 0; m < 24 * 6; m += 1) store.append(batchOf(day * 86_400 + m * 600, { cpu: { usage: m } }));
      store.commit();
      fixture.clock.wall = NOON + (day + 1) * DAY;
      fixture.clock.mono += 23 * HOUR;
      maintenance(fixture, store);
    }
    expect(countOf(store)).toBe(45 * 144);
    const widths = [0.5, 3, 20, 40].map((age) => {
      const to = fixture.clock.wall - age * DAY;
      return store.query({ series: ['cpu.usage'], from: to - 2 * HOUR, to, points: 10_000 }).step;
    });
    expect(widths).toEqual([1000, 60_000, 900_000, 3_600_000]);
    const stats = store.stats({ series: ['cpu.usage'], from: NOON + 10 * DAY, to: NOON + 11 * DAY, threshold: 100 })[0];
    expect(stats).toMatchObject({ count: 144, min: 0, max: 143 });
    expect(stats?.above?.share).toBeCloseTo(44 / 144, 1);
    store.setLimits({ keepDays: 5, maxBytes: null });
    maintenance(fixture, store);
    expect(countOf(store)).toBeLessThan(8 * 144);
    expect(countOf(store)).toBeGreaterThanOrEqual(5 * 144);
  });

  it('keeps the database below a size by removing the oldest data first', { timeout: 60_000 }, () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (let day = 0; day < 40; day += 1) {
      for (let m = 0; m < 24 * 30; m += 1) store.append(batchOf(day * 86_400 + m * 120, { cpu: { usage: (m * 7919) % 1000, user: (m * 31) % 977, load1: (m * 101) % 499 } }));
      fixture.clock.wall = NOON + (day + 1) * DAY;
      fixture.clock.mono += 23 * HOUR;
      store.commit();
      maintenance(fixture, store);
    }
    const before = store.stats(ALL)[0]?.count ?? 0;
    store.setLimits({ keepDays: 730, maxBytes: 250_000 });
    maintenance(fixture, store);
    const left = pointsOf(store, 'cpu.usage', 0, 40 * 86_400, 800);
    expect(countOf(store)).toBeLessThan(before);
    expect(left.time.at(-1)).toBeGreaterThan(NOON + 39 * DAY);
    expect(store.health()).toEqual({ state: 'ok' });
  });

  it('removes series without data, and adds them again when they appear again', { timeout: 60_000 }, () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open({ keepDays: 1 });
    const device = (s: number, name: string): void => {
      store.append({ seq: 1, time: NOON + s * 1000, faults: {}, readings: { network: { values: {}, devices: { [name]: { label: '', values: { rx: s } } } } } });
    };
    for (let n = 0; n < 1000; n += 1) device(n, `veth${n}`);
    store.commit();
    maintenance(fixture, store);
    for (let day = 1; day < 40; day += 1) {
      for (let m = 0; m < 24; m += 1) device(day * 86_400 + m * 3600, 'eth0');
      store.commit();
      fixture.clock.wall = NOON + (day + 1) * DAY;
      fixture.clock.mono += 23 * HOUR;
      maintenance(fixture, store);
    }
    const db = new Database(fixture.path, { readonly: true });
    expect(db.prepare('SELECT key FROM series').pluck().all()).toEqual(['network.rx@eth0']);
    db.close();
    device(40 * 86_400, 'veth7');
    store.commit();
    maintenance(fixture, store);
    expect(countOf(store, 'network.rx@veth7')).toBe(1);
  });
});

describe('a device that was removed', () => {
  it('is listed as long as any of its data is stored, and not a day longer', { timeout: 60_000 }, () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open({ keepDays: 10 });
    const listed: string[][] = [];
    const seen: boolean[] = [];
    for (let day = 0; day < 16; day += 1) {
      for (let h = 0; h < 24; h += 1) {
        const time = NOON + day * DAY + h * HOUR;
        const devices = { eth0: { label: '', values: { rx: 1 } }, ...(day < 2 ? { usb0: { label: '', values: { rx: 2 } } } : {}) };
        store.append({ seq: 1, time, faults: {}, readings: { network: { values: {}, devices } } });
        fixture.clock.wall = time;
      }
      store.commit();
      fixture.clock.mono += 23 * HOUR;
      maintenance(fixture, store);
      listed.push([...readSeriesKeys(fixture.path)]);
      seen.push(countOf(store, 'network.rx@usb0') > 0);
    }
    const counts = listed.map((keys) => keys.length);
    // Two days of samples, which are kept for ten days, counted from midnight.
    const last = counts.lastIndexOf(2);
    expect(last).toBeGreaterThanOrEqual(10);
    expect(last).toBeLessThanOrEqual(13);
    expect(counts).toEqual(counts.map((_, day) => (day <= last ? 2 : 1)));
    expect(listed.at(-1)).toEqual(['network.rx@eth0']);
    expect(listed.map((keys) => keys.includes('network.rx@usb0'))).toEqual(seen);
  });
});

describe('files', () => {
  it('a copy of the files made at any time opens and has every commit', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    const other = createStoreFixture();
    mkdirSync(dirname(other.path), { recursive: true });
    for (let part = 0; part < 12; part += 1) {
      fill(fixture, store, part * 2000, 200);
      store.maintain(fixture.clock.wall);
      for (const suffix of ['', '-wal']) copyFileSync(fixture.path + suffix, other.path + suffix);
      const copy = other.open();
      expect(copy.quarantined).toBeNull();
      expect(countOf(copy.store)).toBe((part + 1) * 200);
      copy.store.close();
    }
  });

  it('of schema 1 are migrated', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    fill(fixture, store, 0, 400);
    store.close();
    const db = new Database(fixture.path);
    db.exec(`CREATE TABLE frames (position INTEGER PRIMARY KEY, data BLOB NOT NULL);
      INSERT INTO frames SELECT first * 1024, data FROM head; DROP TABLE head; DROP TABLE chunks; DROP TABLE state;
      DROP TABLE events; DROP TABLE incidents; DROP TABLE top_processes; DROP TABLE salvage;
      ALTER TABLE gaps DROP COLUMN since; DROP TABLE spans; ALTER TABLE series DROP COLUMN last; PRAGMA user_version = 1`);
    db.close();
    const again = fixture.open().store;
    expect(countOf(again)).toBe(400);
    maintenance(fixture, again);
    expect(countOf(again)).toBe(400);
    expect(sampled(again, 0, 1000)).toBe(100);
  });
});

describe('other queries', () => {
  it('the batches a client missed are returned, or a flag that there are too many', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (let s = 0; s < 100; s += 1) {
      store.append(cpuBatch(s, s));
      if (s === 60) store.commit();
    }
    const missed = store.since(NOON + 49_000, 1000);
    expect(missed.complete).toBe(true);
    expect(missed.rows.map((row) => row.values['cpu.usage'])).toEqual(Array.from({ length: 50 }, (_, n) => n + 50));
    expect(store.since(NOON, 10)).toMatchObject({ complete: false, rows: { length: 10 } });
    expect(store.since(NOON - 1000, 1000).complete).toBe(false);
  });

  it('the estimated size grows with the limits, up to the size limit', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    fill(fixture, store, 0, 3000);
    maintenance(fixture, store);
    const bytes = (keepDays: number, maxBytes: number | null = null): number => store.estimate({ keepDays, maxBytes })?.bytes ?? NaN;
    expect(bytes(1)).toBeGreaterThan(0);
    expect(bytes(30)).toBeGreaterThan(bytes(7));
    expect(bytes(730)).toBeGreaterThan(bytes(30));
    const capped = store.estimate({ keepDays: 730, maxBytes: bytes(60) });
    expect(capped?.bytes).toBeLessThanOrEqual(bytes(60));
    expect(capped?.days).toBeLessThan(100);
    expect(capped?.series).toBe(1);
  });

  it('the share above a threshold is exact where there are samples', () => {
    const { store } = createStoreFixture().open();
    for (let s = 0; s < 100; s += 1) store.append(cpuBatch(s, s));
    expect(store.stats({ ...ALL, from: NOON, to: NOON + 100_000, threshold: 90 })[0]?.above).toEqual({ threshold: 90, share: 0.1, seconds: 10, direction: 'above' });
  });
});
