import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { PAGE_SIZE } from '../../../../src/main/engine/store/database';
import { readRecording } from '../../../bench/store/recording';
import { writeHistory } from '../../../bench/store/two-years';
import { bench, cpuBatch, NOON } from '../../../support/store';
import type { Bench } from '../../../support/store';

const DAY = 86_400_000;
const END = Date.UTC(2026, 10, 20);
const recording = readRecording(resolve('tests/fixtures/recordings/mixed-load.json.gz'));

/** A history of so many days in the shape sealing and rolling leave behind. */
function history({ path, clock }: Bench, days: number, seriesCount = 6): string[] {
  mkdirSync(dirname(path), { recursive: true });
  clock.wall = END;
  return writeHistory({ path, recording, seriesCount, end: END, days });
}

/** Overwrites the page that is this share of the way into the file. */
function spoilPage(bytes: Buffer, share: number): void {
  const page = Math.floor((bytes.length / PAGE_SIZE) * share);
  bytes.fill(0xaa, page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
}

describe('two years of history', () => {
  it('answer any range with about the points asked for, none missing, extremes kept', { timeout: 60_000 }, () => {
    const place = bench();
    const keys = history(place, 730);
    const { store } = place.open();
    for (const days of [1, 7, 30, 365, 730]) {
      const answer = store.query({ series: keys, from: END - days * DAY, to: END, points: 800 });
      expect(answer.series).toHaveLength(keys.length);
      for (const [i, points] of answer.series.entries()) {
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

  it('go on with today, and lose nothing to upkeep', { timeout: 60_000 }, () => {
    const place = bench();
    const [key = ''] = history(place, 400, 1);
    const { store } = place.open();
    const before = store.stats({ series: [key], from: 0, to: END })[0]?.count ?? 0;
    for (let s = 0; s < 2 * 86_400; s += 60) {
      place.clock.wall = END + s * 1000;
      place.clock.mono += 60_000;
      store.append({ ...cpuBatch(0, 5), time: place.clock.wall });
      store.maintain(place.clock.wall);
    }
    store.commit();
    for (let slices = 0; store.maintain(place.clock.wall) && slices < 10_000; slices += 1);
    expect(store.stats({ series: [key], from: 0, to: END })[0]?.count).toBe(before);
    expect(store.stats({ series: ['cpu.usage'], from: END, to: END + 2 * DAY })[0]?.count).toBe(2880);
    expect(store.query({ series: [key], from: END - 400 * DAY, to: END, points: 800 }).series[0]?.count).not.toContain(0);
  });

  it('are salvaged but for the damaged pages', { timeout: 60_000 }, () => {
    const place = bench();
    const keys = history(place, 100);
    const count = (store: ReturnType<Bench['open']>['store']): number => store.stats({ series: keys, from: 0, to: END }).reduce((sum, one) => sum + one.count, 0);
    const whole = place.open().store;
    const before = count(whole);
    whole.close();
    const bytes = readFileSync(place.path);
    for (const share of [0.3, 0.5, 0.7]) spoilPage(bytes, share);
    writeFileSync(place.path, bytes);
    const { store, quarantined } = place.open();
    expect(quarantined).not.toBeNull();
    for (let slices = 0; store.maintain(END) && slices < 10_000; slices += 1);
    // A page may hold a month of several series that change little.
    expect(count(store)).toBeGreaterThan(before * 0.6);
    expect(count(store)).toBeLessThanOrEqual(before);
    const check = new Database(place.path, { readonly: true });
    expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
    check.close();
  });
});

describe('a salvage', () => {
  /** A history of some days with a damaged page in it. */
  function damagedHistory(): { place: Bench; keys: string[] } {
    const place = bench();
    const keys = history(place, 60, 3);
    const bytes = readFileSync(place.path);
    spoilPage(bytes, 0.5);
    writeFileSync(place.path, bytes);
    // Each slice is one step long.
    let at = 0;
    return { place: { ...place, open: (extra) => place.open({ clock: { now: () => END, mono: () => (at += 10) }, ...extra }) }, keys };
  }
  const counts = (store: ReturnType<Bench['open']>['store'], keys: string[]): unknown => store.stats({ series: keys, from: 0, to: END }).map(({ count, min, max }) => [count, min, max]);
  const waiting = (path: string): unknown => {
    const db = new Database(path, { readonly: true });
    const rows = db.prepare('SELECT count(*) FROM salvage').pluck().get();
    db.close();
    return rows;
  };

  it('that ends in the middle goes on when the program starts again', { timeout: 60_000 }, () => {
    const whole = damagedHistory();
    const once = whole.place.open().store;
    for (let slices = 0; once.maintain(END) && slices < 20_000; slices += 1);
    const expected = counts(once, whole.keys);
    expect(waiting(whole.place.path)).toBe(0);

    const { place, keys } = damagedHistory();
    let starts = 1;
    let { store, quarantined } = place.open();
    expect(quarantined).not.toBeNull();
    for (let slices = 1; waiting(place.path) === 1 && slices < 20_000; slices += 1) {
      store.maintain(END);
      if (slices % 5 !== 0) continue;
      store.close();
      ({ store, quarantined } = place.open());
      expect(quarantined).toBeNull();
      starts += 1;
    }
    expect(starts).toBeGreaterThan(3);
    for (let slices = 0; store.maintain(END) && slices < 20_000; slices += 1);
    expect(counts(store, keys)).toEqual(expected);
  });

  it('that is killed before anything was copied begins anew, and one whose source is gone is let be', () => {
    const { place, keys } = damagedHistory();
    const { store, quarantined } = place.open();
    store.close();
    const db = new Database(place.path);
    db.exec('UPDATE salvage SET next = -1; DELETE FROM series; DELETE FROM state; DELETE FROM chunks; DELETE FROM spans');
    db.close();
    const again = place.open().store;
    for (let slices = 0; again.maintain(END) && slices < 20_000; slices += 1);
    expect(waiting(place.path)).toBe(0);
    expect(again.stats({ series: keys, from: 0, to: END })[0]?.count).toBeGreaterThan(1000);
    again.close();
    const other = new Database(place.path);
    other.prepare('INSERT INTO salvage (name, next) VALUES (?, 7)').run('history.corrupt-nowhere.sqlite');
    other.close();
    expect(place.open().store.health()).toEqual({ state: 'ok' });
    expect(waiting(place.path)).toBe(0);
    expect(quarantined?.path).toContain('corrupt');
  });

  it('goes on with what a database was salvaging when it was damaged itself', { timeout: 60_000 }, () => {
    const { place, keys } = damagedHistory();
    const first = place.open().store;
    for (let slices = 0; slices < 5; slices += 1) first.maintain(END);
    const before = first.stats({ series: keys, from: 0, to: END })[0]?.count ?? 0;
    first.close();
    const bytes = readFileSync(place.path);
    bytes.fill(0xaa, bytes.length - PAGE_SIZE);
    writeFileSync(place.path, bytes);
    place.clock.wall += 1000;
    const { store, quarantined } = place.open();
    expect(quarantined).not.toBeNull();
    for (let slices = 0; store.maintain(END) && slices < 20_000; slices += 1);
    expect(waiting(place.path)).toBe(0);
    expect(store.stats({ series: keys, from: 0, to: END })[0]?.count).toBeGreaterThan(before);
  });
});

describe('a renamed series', () => {
  it('keeps what it had under its old name, and begins anew under the new one', () => {
    const place = bench();
    const { store } = place.open();
    const rx = (time: number, name: string): void => {
      store.append({ seq: 1, time, faults: {}, readings: { network: { values: {}, devices: { [name]: { label: '', values: { rx: 1 } } } } } });
    };
    for (let s = 0; s < 3500; s += 1) rx(NOON + s * 1000, s < 2500 ? 'eth0' : 'lan0');
    place.clock.wall = NOON + 3_500_000;
    store.commit();
    for (let slices = 0; store.maintain(place.clock.wall) && slices < 10_000; slices += 1);
    const counts = store.stats({ series: ['network.rx@eth0', 'network.rx@lan0'], from: NOON, to: NOON + 5_000_000 }).map((one) => one.count);
    expect(counts).toEqual([2500, 1000]);
  });
});
