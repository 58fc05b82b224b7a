import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { batchOf, createStoreFixture, NOON, pointsOf, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const KEYS = ['cpu.usage', 'cpu.load1', 'memory.used', 'temperature.hottest'];

/** Values of a second: noise, a slow wave, a plateau, and a partly negative one that is sampled every five seconds. */
function valuesAt(s: number): Record<string, Record<string, number>> {
  const slow = s % 5 === 0 ? { temperature: { hottest: (20 - ((s * 31) % 173)) / 10 } } : {};
  return { cpu: { usage: ((s * 7919) % 1000) / 10, load1: Math.round((2 + Math.sin(s / 700)) * 100) / 100 }, memory: { used: 4096 * (1_000_000 + Math.floor(s / 5000)) }, ...slow };
}

/** Appends a batch every `every` seconds in [from, to) after noon, with maintenance every minute. */
function live({ clock }: StoreFixture, store: Store, from: number, to: number, every = 1): void {
  for (let s = from; s < to; s += every) {
    clock.wall = NOON + s * 1000;
    clock.mono += every * 1000;
    store.append(batchOf(s, valuesAt(s)));
    if (s % 60 === 0) store.maintain(clock.wall);
  }
  store.commit();
  runMaintenance(store, clock.wall);
}

/** Number of rows of the table of chunks, by kind. */
function kindsIn(path: string): Record<string, number> {
  const db = new Database(path, { readonly: true });
  const rows = db.prepare<[], { kind: number; n: number }>('SELECT id / 562949953421312 AS kind, count(*) AS n FROM chunks GROUP BY kind').all();
  db.close();
  return Object.fromEntries(rows.map(({ kind, n }) => [kind, n]));
}

/** Exact statistics of a series over seconds [from, to). */
function exact(key: string, from: number, to: number, every = 1): { count: number; sum: number; sorted: number[] } {
  const [family = '', metric = ''] = key.split('.');
  const values: number[] = [];
  for (let s = from; s < to; s += every) {
    const value = valuesAt(s)[family]?.[metric];
    if (value !== undefined) values.push(value);
  }
  return { count: values.length, sum: values.reduce((a, b) => a + b, 0), sorted: values.sort((a, b) => a - b) };
}

describe('tiers', () => {
  it('return the statistics of the samples, once sealed and once rolled up', { timeout: 60_000 }, () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    live(fixture, store, 0, 36 * 3600, 5);
    expect(Object.keys(kindsIn(fixture.path))).toEqual(['0', '2', '3', '4', '5', '6', '7', '8', '9', '12', '14', '15']);
    for (const key of KEYS) {
      for (const [from, to] of [[0, 36 * 3600], [1234, 100_003], [40_000, 40_600], [36 * 3600 - 5000, 36 * 3600], [60, 120]] as const) {
        const [stats] = store.stats({ series: [key], from: NOON + from * 1000, to: NOON + to * 1000 });
        const { count, sum, sorted } = exact(key, Math.ceil(from / 5) * 5, to, 5);
        // A range that does not consist of whole minutes is extended to such if it is older than a day.
        const slack = from === 1234 ? 12 : 0;
        expect(Math.abs((stats?.count ?? 0) - count)).toBeLessThanOrEqual(slack);
        expect(Math.abs((stats?.avg ?? NaN) - sum / count)).toBeLessThanOrEqual(Math.abs(sum / count) * (slack === 0 ? 1e-12 : 1e-3));
        expect(stats?.min).toBe(sorted[0]);
        expect(stats?.max).toBe(sorted.at(-1));
        for (const [name, share] of [['p50', 0.5], ['p95', 0.95], ['p99', 0.99]] as const) {
          const right = sorted[Math.ceil(share * count) - 1] ?? NaN;
          expect(Math.abs((stats?.[name] ?? NaN) - right)).toBeLessThanOrEqual(Math.abs(right) * (from === 1234 ? 0.03 : 0.0101));
        }
      }
    }
    const day = pointsOf(store, 'cpu.usage', 0, 36 * 3600, 800);
    expect(day.count.reduce((a, b) => a + b, 0)).toBe(36 * 720);
    expect(day.count.slice(1, -1).every((n) => n === 36)).toBe(true);
    expect(Math.max(...day.max.map((value) => value ?? 0))).toBe(99.5);
  });

  it('have the same contents at any step of maintenance, and after reopening there', { timeout: 180_000 }, () => {
    const fixture = createStoreFixture();
    const first = fixture.open().store;
    for (let s = 0; s < 13 * 3600; s += 10) {
      fixture.clock.mono += 10_000;
      first.append(batchOf(s, valuesAt(s)));
    }
    first.commit();
    const sums = (store: Store): unknown => [
      store.stats({ series: KEYS, from: NOON, to: NOON + DAY }).map(({ count, avg, min, max }) => [count, avg?.toFixed(6), min, max]),
      store.query({ series: KEYS, from: NOON, to: NOON + DAY, points: 100 }).series.map(({ count, max }) => [count, max]),
    ];
    const expected = JSON.stringify(sums(first));
    first.close();
    // The clock advances by 10 ms with each read: each slice is one step long.
    let at = 0;
    const clock = { now: () => NOON + 13 * HOUR, mono: () => (at += 10) };
    let { store } = fixture.open({ clock });
    const wrong: number[] = [];
    let slices = 0;
    for (let more = true; more && slices < 5000; slices += 1) {
      more = store.maintain(NOON + 13 * HOUR);
      if (slices % 400 === 399) {
        store.close();
        store = fixture.open({ clock }).store;
      }
      if ((slices % 7 === 0 || slices % 400 === 399) && JSON.stringify(sums(store)) !== expected) wrong.push(slices);
    }
    expect(wrong).toEqual([]);
    expect(slices).toBeLessThan(5000);
    expect(slices).toBeGreaterThan(50);
  });
});
