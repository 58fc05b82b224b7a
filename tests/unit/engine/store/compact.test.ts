import Database from 'better-sqlite3';
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compactDatabase } from '../../../../src/main/engine/store/jobs/copy';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { createStoreFixture, cpuBatch, NOON, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const DAY = 86_400;
const ALL = { series: ['cpu.usage'], from: 0, to: NOON * 2 };
const countOf = (store: Store): number => store.stats(ALL)[0]?.count ?? 0;

/** Adds large rows that the next retention removes: samples of 1970. */
function addExpiredChunks(path: string): void {
  const db = new Database(path);
  const put = db.prepare('INSERT INTO chunks (id, data) VALUES (?, ?)');
  db.transaction(() => {
    for (let n = 1; n <= 3000; n += 1) put.run(n + 100, Buffer.alloc(3000, n));
  })();
  db.close();
}

/** A store with two days of samples, whose file consists mostly of expired chunks. */
function createLargeFile(compact: (path: string) => Promise<void>): { fixture: StoreFixture; store: Store } {
  const fixture = createStoreFixture();
  fixture.open().store.close();
  addExpiredChunks(fixture.path);
  const { store } = fixture.open({ compact });
  for (let s = 0; s < 2 * DAY; s += 60) {
    fixture.clock.wall = NOON + s * 1000;
    store.append(cpuBatch(s, s % 89));
    if (s % 6000 === 0) store.commit();
  }
  store.commit();
  fixture.clock.mono += 3_600_000;
  return { fixture, store };
}

/** A compaction that ends when the test calls `end`. */
function heldCompaction(): { compact: (path: string) => Promise<void>; end(error?: Error): Promise<void>; path: string | null } {
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
      // The continuations of the promise must run before the test goes on.
      for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
    },
  };
  return state;
}

describe('a file with many free pages', () => {
  it('is compacted, and samples appended meanwhile wait in memory', async () => {
    const compaction = heldCompaction();
    const { fixture, store } = createLargeFile(compaction.compact);
    runMaintenance(store, fixture.clock.wall);
    expect(compaction.path).toBe(fixture.path);
    const before = statSync(fixture.path).size;
    expect(before).toBeGreaterThan(9_000_000);
    const count = countOf(store);
    store.append(cpuBatch(2 * DAY, 1));
    expect(store.commit()).toBe(false);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(store.maintain(fixture.clock.wall)).toBe(false);
    compactDatabase(fixture.path);
    expect(countOf(store)).toBe(count + 1);
    await compaction.end();
    expect(statSync(fixture.path).size).toBeLessThan(1_000_000);
    expect(fixture.lines.some((line) => line.includes('was compacted'))).toBe(true);
    expect(store.commit()).toBe(true);
    runMaintenance(store, fixture.clock.wall);
    store.close();
    expect(countOf(fixture.open().store)).toBe(count + 1);
    const check = new Database(fixture.path, { readonly: true });
    expect([check.pragma('integrity_check', { simple: true }), check.pragma('freelist_count', { simple: true })]).toEqual(['ok', 0]);
    check.close();
  });

  it('stays as it is if the compaction fails, and the store goes on', async () => {
    const compaction = heldCompaction();
    const { fixture, store } = createLargeFile(compaction.compact);
    runMaintenance(store, fixture.clock.wall);
    store.append(cpuBatch(2 * DAY, 1));
    await compaction.end(new Error('database or disk is full'));
    expect(fixture.lines.some((line) => line.startsWith('warn') && line.includes('could not be compacted'))).toBe(true);
    expect(store.commit()).toBe(true);
    expect(store.health()).toEqual({ state: 'ok' });
  });

  it('loses nothing if the store is closed meanwhile', async () => {
    const compaction = heldCompaction();
    const { fixture, store } = createLargeFile(compaction.compact);
    runMaintenance(store, fixture.clock.wall);
    const count = countOf(store);
    store.append(cpuBatch(2 * DAY, 1));
    store.close();
    await compaction.end();
    expect(countOf(fixture.open().store)).toBe(count + 1);
  });

  it('is also compacted if it was created with a pointer map', async () => {
    const fixture = createStoreFixture();
    fixture.open().store.close();
    const old = new Database(fixture.path);
    old.pragma('auto_vacuum = INCREMENTAL');
    old.pragma('journal_mode = DELETE');
    old.exec('VACUUM');
    expect(old.pragma('auto_vacuum', { simple: true })).toBe(2);
    old.close();
    let compactions = 0;
    const { store } = fixture.open({ compact: (path) => Promise.resolve(compactDatabase(path)).then(() => void (compactions += 1)) });
    for (let s = 0; s < 8000; s += 10) {
      fixture.clock.wall = NOON + s * 1000;
      store.append(cpuBatch(s, s));
    }
    store.commit();
    runMaintenance(store, fixture.clock.wall);
    await expect.poll(() => compactions).toBe(1);
    const after = new Database(fixture.path, { readonly: true });
    expect(after.pragma('auto_vacuum', { simple: true })).toBe(0);
    after.close();
    expect(countOf(store)).toBe(800);
  });
});
