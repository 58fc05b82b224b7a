import Database from 'better-sqlite3';
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compactDatabase } from '../../../../src/main/engine/store/jobs/copy';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { bench, cpuBatch, NOON } from '../../../support/store';
import type { Bench } from '../../../support/store';

const DAY = 86_400;
const ALL = { series: ['cpu.usage'], from: 0, to: NOON * 2 };
const countOf = (store: Store): number => store.stats(ALL)[0]?.count ?? 0;

/** Rows that fill the file and that the next retention removes: samples of long ago. */
function fatten(path: string): void {
  const db = new Database(path);
  const put = db.prepare('INSERT INTO chunks (id, data) VALUES (?, ?)');
  db.transaction(() => {
    for (let n = 1; n <= 3000; n += 1) put.run(n + 100, Buffer.alloc(3000, n));
  })();
  db.close();
}

function maintenance({ clock }: Bench, store: Store): void {
  for (let slices = 0; store.maintain(clock.wall); slices += 1) if (slices > 10_000) throw new Error('upkeep does not end');
}

/** A store with two days of samples, whose file is mostly made of what has expired. */
function fat(compact: (path: string) => Promise<void>): { place: Bench; store: Store } {
  const place = bench();
  place.open().store.close();
  fatten(place.path);
  const { store } = place.open({ compact });
  for (let s = 0; s < 2 * DAY; s += 60) {
    place.clock.wall = NOON + s * 1000;
    store.append(cpuBatch(s, s % 89));
    if (s % 6000 === 0) store.commit();
  }
  store.commit();
  place.clock.mono += 3_600_000;
  return { place, store };
}

/** Compacting that begins at once and ends when told to. */
function held(): { compact: (path: string) => Promise<void>; end(error?: Error): Promise<void>; path: string | null } {
  const state = {
    path: null as string | null,
    finish: (_error?: Error): void => undefined,
    compact: (path: string): Promise<void> => {
      state.path = path;
      return new Promise((resolve, reject) => {
        state.finish = (error) => (error === undefined ? resolve() : reject(error));
      });
    },
    async end(error?: Error): Promise<void> {
      state.finish(error);
      // What hangs on the promise comes before what is asked for after it.
      for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
    },
  };
  return state;
}

describe('a file with much free in it', () => {
  it('is written anew in less room, and samples that come meanwhile wait in memory', async () => {
    const beside = held();
    const { place, store } = fat(beside.compact);
    maintenance(place, store);
    expect(beside.path).toBe(place.path);
    const before = statSync(place.path).size;
    expect(before).toBeGreaterThan(9_000_000);
    const count = countOf(store);
    store.append(cpuBatch(2 * DAY, 1));
    expect(store.commit()).toBe(false);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(store.maintain(place.clock.wall)).toBe(false);
    compactDatabase(place.path);
    expect(countOf(store)).toBe(count + 1);
    await beside.end();
    expect(statSync(place.path).size).toBeLessThan(1_000_000);
    expect(place.lines.some((line) => line.includes('written anew'))).toBe(true);
    expect(store.commit()).toBe(true);
    maintenance(place, store);
    store.close();
    expect(countOf(place.open().store)).toBe(count + 1);
    const check = new Database(place.path, { readonly: true });
    expect([check.pragma('integrity_check', { simple: true }), check.pragma('freelist_count', { simple: true })]).toEqual(['ok', 0]);
    check.close();
  });

  it('keeps its size where that fails, and goes on', async () => {
    const beside = held();
    const { place, store } = fat(beside.compact);
    maintenance(place, store);
    store.append(cpuBatch(2 * DAY, 1));
    await beside.end(new Error('database or disk is full'));
    expect(place.lines.some((line) => line.startsWith('warn') && line.includes('keeps its size'))).toBe(true);
    expect(store.commit()).toBe(true);
    expect(store.health()).toEqual({ state: 'ok' });
  });

  it('loses nothing when the store is closed meanwhile', async () => {
    const beside = held();
    const { place, store } = fat(beside.compact);
    maintenance(place, store);
    const count = countOf(store);
    store.append(cpuBatch(2 * DAY, 1));
    store.close();
    await beside.end();
    expect(countOf(place.open().store)).toBe(count + 1);
  });

  it('is given its room back too where it was made with a map of its pages', async () => {
    const place = bench();
    place.open().store.close();
    const old = new Database(place.path);
    old.pragma('auto_vacuum = INCREMENTAL');
    old.pragma('journal_mode = DELETE');
    old.exec('VACUUM');
    expect(old.pragma('auto_vacuum', { simple: true })).toBe(2);
    old.close();
    let asked = 0;
    const { store } = place.open({ compact: (path) => Promise.resolve(compactDatabase(path)).then(() => void (asked += 1)) });
    for (let s = 0; s < 8000; s += 10) {
      place.clock.wall = NOON + s * 1000;
      store.append(cpuBatch(s, s));
    }
    store.commit();
    maintenance(place, store);
    await expect.poll(() => asked).toBe(1);
    const after = new Database(place.path, { readonly: true });
    expect(after.pragma('auto_vacuum', { simple: true })).toBe(0);
    after.close();
    expect(countOf(store)).toBe(800);
  });
});
