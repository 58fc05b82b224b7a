import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { PAGE_SIZE } from '../../../../src/main/engine/store/journal';
import { readRecording } from '../../../bench/store/recording';
import { writeHistory } from '../../../bench/store/two-years';
import { cpuBatch, createStoreFixture, NOON, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const DAY = 86_400_000;
const END = Date.UTC(2026, 10, 20);
const recording = readRecording(resolve('tests/fixtures/recordings/mixed-load.json.gz'));

/** Writes a history of this many days as sealing and rollup would have left it; returns the keys of its series. */
function history({ path, clock }: StoreFixture, days: number, seriesCount = 6): string[] {
  mkdirSync(dirname(path), { recursive: true });
  clock.wall = END;
  return writeHistory({ path, recording, seriesCount, end: END, days });
}

/** Damages the page at this fraction of the file. */
function damagePage(bytes: Buffer, share: number): void {
  const page = Math.floor((bytes.length / PAGE_SIZE) * share);
  bytes.fill(0xaa, page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
}

describe('two years of history', () => {
  it('return about as many points as wanted for any range, none missing, with the extremes', { timeout: 60_000 }, () => {
    const fixture = createStoreFixture();
    const keys = history(fixture, 730);
    const { store } = fixture.open();
    for (const days of [1, 7, 30, 365, 730]) {
      const response = store.query({ series: keys, from: END - days * DAY, to: END, points: 800 });
      expect(response.series).toHaveLength(keys.length);
      for (const [i, points] of response.series.entries()) {
        expect(points.time.length).toBeLessThanOrEqual(800);
        expect(points.time.length).toBeGreaterThan(300);
        expect(points.count).not.toContain(0);
        expect(points.time[0]).toBe(END - days * DAY);
        const [stats] = store.stats({ series: [keys[i] ?? ''], from: END - days * DAY, to: END });
        expect(stats?.count).toBe(points.count.reduce((sum, n) => sum + n, 0));
        expect(stats?.min).toBe(Math.min(...points.min.map((value) => value ?? Infinity)));
        expect(stats?.max).toBe(Math.max(...points.max.map((value) => value ?? -Infinity)));
        expect(stats?.error).toBeLessThan(days <= 30 ? 0.0201 : 0.021);
      }
    }
  });

  it('can be continued, and lose nothing in maintenance', { timeout: 60_000 }, () => {
    const fixture = createStoreFixture();
    const [key = ''] = history(fixture, 400, 1);
    const { store } = fixture.open();
    const before = store.stats({ series: [key], from: 0, to: END })[0]?.count ?? 0;
    for (let s = 0; s < 2 * 86_400; s += 60) {
      fixture.clock.wall = END + s * 1000;
      fixture.clock.mono += 60_000;
      store.append({ ...cpuBatch(0, 5), time: fixture.clock.wall });
      store.maintain(fixture.clock.wall);
    }
    store.commit();
    runMaintenance(store, fixture.clock.wall);
    expect(store.stats({ series: [key], from: 0, to: END })[0]?.count).toBe(before);
    expect(store.stats({ series: ['cpu.usage'], from: END, to: END + 2 * DAY })[0]?.count).toBe(2880);
    expect(store.query({ series: [key], from: END - 400 * DAY, to: END, points: 800 }).series[0]?.count).not.toContain(0);
  });

  it('are salvaged except for the damaged pages', { timeout: 60_000 }, () => {
    const fixture = createStoreFixture();
    const keys = history(fixture, 100);
    const count = (store: ReturnType<StoreFixture['open']>['store']): number => store.stats({ series: keys, from: 0, to: END }).reduce((sum, one) => sum + one.count, 0);
    const whole = fixture.open().store;
    const before = count(whole);
    whole.close();
    const bytes = readFileSync(fixture.path);
    for (const share of [0.3, 0.5, 0.7]) damagePage(bytes, share);
    writeFileSync(fixture.path, bytes);
    const { store, quarantined } = fixture.open();
    expect(quarantined).not.toBeNull();
    runMaintenance(store, END);
    // A page may contain a month of several series that change little.
    expect(count(store)).toBeGreaterThan(before * 0.6);
    expect(count(store)).toBeLessThanOrEqual(before);
    const check = new Database(fixture.path, { readonly: true });
    expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
    check.close();
  });
});

describe('a salvage', () => {
  /** A history of some days with a damaged page. */
  function damagedHistory(): { fixture: StoreFixture; keys: string[] } {
    const fixture = createStoreFixture();
    const keys = history(fixture, 60, 3);
    const bytes = readFileSync(fixture.path);
    damagePage(bytes, 0.5);
    writeFileSync(fixture.path, bytes);
    // The clock advances by 10 ms with each read: each slice is one step long.
    let at = 0;
    return { fixture: { ...fixture, open: (extra) => fixture.open({ clock: { now: () => END, mono: () => (at += 10) }, ...extra }) }, keys };
  }
  const counts = (store: ReturnType<StoreFixture['open']>['store'], keys: string[]): unknown => store.stats({ series: keys, from: 0, to: END }).map(({ count, min, max }) => [count, min, max]);
  const waiting = (path: string): unknown => {
    const db = new Database(path, { readonly: true });
    const rows = db.prepare('SELECT count(*) FROM salvage').pluck().get();
    db.close();
    return rows;
  };

  it('that is interrupted continues after a restart', { timeout: 60_000 }, () => {
    const whole = damagedHistory();
    const once = whole.fixture.open().store;
    runMaintenance(once, END);
    const expected = counts(once, whole.keys);
    expect(waiting(whole.fixture.path)).toBe(0);

    const { fixture, keys } = damagedHistory();
    let starts = 1;
    let { store, quarantined } = fixture.open();
    expect(quarantined).not.toBeNull();
    for (let slices = 1; waiting(fixture.path) === 1 && slices < 20_000; slices += 1) {
      store.maintain(END);
      if (slices % 5 !== 0) continue;
      store.close();
      ({ store, quarantined } = fixture.open());
      expect(quarantined).toBeNull();
      starts += 1;
    }
    expect(starts).toBeGreaterThan(3);
    runMaintenance(store, END);
    expect(counts(store, keys)).toEqual(expected);
  });

  it('that is killed before anything was copied starts over, and one whose source is missing is dropped', () => {
    const { fixture, keys } = damagedHistory();
    const { store, quarantined } = fixture.open();
    store.close();
    const db = new Database(fixture.path);
    db.exec('UPDATE salvage SET next = -1; DELETE FROM series; DELETE FROM state; DELETE FROM chunks; DELETE FROM spans');
    db.close();
    const again = fixture.open().store;
    runMaintenance(again, END);
    expect(waiting(fixture.path)).toBe(0);
    expect(again.stats({ series: keys, from: 0, to: END })[0]?.count).toBeGreaterThan(1000);
    again.close();
    const other = new Database(fixture.path);
    other.prepare('INSERT INTO salvage (name, next) VALUES (?, 7)').run('history.corrupt-nowhere.sqlite');
    other.close();
    expect(fixture.open().store.health()).toEqual({ state: 'ok' });
    expect(waiting(fixture.path)).toBe(0);
    expect(quarantined?.path).toContain('corrupt');
  });

  it('continues the salvage that a database had not finished when it was damaged itself', { timeout: 60_000 }, () => {
    const { fixture, keys } = damagedHistory();
    const first = fixture.open().store;
    for (let slices = 0; slices < 5; slices += 1) first.maintain(END);
    const before = first.stats({ series: keys, from: 0, to: END })[0]?.count ?? 0;
    first.close();
    const bytes = readFileSync(fixture.path);
    bytes.fill(0xaa, bytes.length - PAGE_SIZE);
    writeFileSync(fixture.path, bytes);
    fixture.clock.wall += 1000;
    const { store, quarantined } = fixture.open();
    expect(quarantined).not.toBeNull();
    runMaintenance(store, END);
    expect(waiting(fixture.path)).toBe(0);
    expect(store.stats({ series: keys, from: 0, to: END })[0]?.count).toBeGreaterThan(before);
  });
});

describe('a renamed series', () => {
  it('keeps its samples under the old key, and begins again under the new one', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    const rx = (time: number, name: string): void => {
      store.append({ seq: 1, time, faults: {}, readings: { network: { values: {}, devices: { [name]: { label: '', values: { rx: 1 } } } } } });
    };
    for (let s = 0; s < 3500; s += 1) rx(NOON + s * 1000, s < 2500 ? 'eth0' : 'lan0');
    fixture.clock.wall = NOON + 3_500_000;
    store.commit();
    runMaintenance(store, fixture.clock.wall);
    const counts = store.stats({ series: ['network.rx@eth0', 'network.rx@lan0'], from: NOON, to: NOON + 5_000_000 }).map((one) => one.count);
    expect(counts).toEqual([2500, 1000]);
  });
});
