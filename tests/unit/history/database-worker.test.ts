import Database from 'better-sqlite3';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabaseWorker } from '../../../src/main/history/database-worker-client';
import type { DatabaseWorker } from '../../../src/main/history/database-worker-client';
import { openStore } from '../../../src/main/engine/store/open-store';
import { createCallbackLog } from '../../support/log';
import { batchOf, NOON } from '../../support/store';

const never = new AbortController().signal;

describe('the database worker', () => {
  // Below node_modules, where the built thread finds better-sqlite3.
  const cache = resolve('node_modules/.cache');
  let folder = '';
  let path = '';
  let databaseWorker: DatabaseWorker;

  beforeAll(async () => {
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'database-worker-'));
    path = join(folder, 'history.sqlite');
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: resolve('src/main/history/database-worker.ts'), outDir: join(folder, 'out'), rollupOptions: { external: ['better-sqlite3'], output: { entryFileNames: 'database-worker.mjs' } } },
    });
    databaseWorker = createDatabaseWorker(join(folder, 'out', 'database-worker.mjs'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('copies a consistent state, although samples are committed meanwhile', async () => {
    const { store } = openStore({ path, clock: { now: () => NOON, mono: () => 0 }, log: createCallbackLog(() => undefined), keepDays: 730 });
    let n = 0;
    const commit = (): void => {
      for (let i = 0; i < 10; i += 1) store.append(batchOf((n += 1), { cpu: { usage: (n * 7919) % 1000, user: (n * 31) % 997, load1: (n * 101) % 499 } }));
      store.commit();
    };
    for (let i = 0; i < 100; i += 1) commit();
    const db = new Database(path);
    // Something to copy: sketches without points, which nothing reads.
    db.exec('WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO chunks SELECT 15 * 562949953421312 + i, randomblob(4000) FROM n');
    db.close();
    const before = n;
    const to = join(folder, 'copy.sqlite');
    const steps: number[] = [];
    await databaseWorker.copy(path, to, never, (done) => {
      steps.push(done);
      commit();
    });
    expect(steps.length).toBeGreaterThan(1);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(n).toBeGreaterThan(before);
    expect(await databaseWorker.validateBackup(to, never)).toBeNull();
    expect(existsSync(`${to}-wal`)).toBe(false);
    const copy = openStore({ path: to, clock: { now: () => NOON, mono: () => 0 }, log: createCallbackLog(() => undefined), keepDays: 730 }).store;
    const { count } = copy.stats({ series: ['cpu.usage'], from: 0, to: NOON * 2 })[0] ?? { count: 0 };
    expect(count).toBeGreaterThanOrEqual(before);
    expect(count % 10).toBe(0);
    copy.close();
    store.close();
  });

  it('compacts a database while its store goes on', async () => {
    const file = join(folder, 'roomy.sqlite');
    const log = createCallbackLog(() => undefined);
    openStore({ path: file, clock: { now: () => NOON, mono: () => 0 }, log, keepDays: 730 }).store.close();
    const db = new Database(file);
    db.exec('WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO chunks SELECT 100 + i, randomblob(3000) FROM n; INSERT INTO spans VALUES (0, 0)');
    db.close();
    const ends: Promise<void>[] = [];
    const compact = (at: string): Promise<void> => {
      const end = databaseWorker.compact(at);
      ends.push(end);
      return end;
    };
    const { store } = openStore({ path: file, clock: { now: () => NOON + 3 * 86_400_000, mono: () => 0 }, log, keepDays: 730, compact });
    store.append(batchOf(3 * 86_400, { cpu: { usage: 1 } }));
    store.commit();
    while (store.maintain(NOON + 3 * 86_400_000));
    expect(ends).toHaveLength(1);
    for (let n = 1; n < 100; n += 1) store.append(batchOf(3 * 86_400 + n, { cpu: { usage: n } }));
    await Promise.all(ends);
    await expect.poll(() => store.commit()).toBe(true);
    expect(statSync(file).size).toBeLessThan(1_000_000);
    store.close();
    const again = openStore({ path: file, clock: { now: () => NOON, mono: () => 0 }, log, keepDays: 730 }).store;
    expect(again.stats({ series: ['cpu.usage'], from: 0, to: NOON * 2 })[0]?.count).toBe(100);
    again.close();
  });

  it('rejects when it is cancelled, and with the error otherwise', async () => {
    const abort = new AbortController();
    const to = join(folder, 'cancelled.sqlite');
    await expect(databaseWorker.copy(path, to, abort.signal, () => abort.abort(new Error('enough')))).rejects.toThrow('enough');
    await expect(databaseWorker.copy(path, to, abort.signal, () => undefined)).rejects.toThrow('enough');
    await expect(databaseWorker.copy(join(folder, 'nowhere.sqlite'), to, never, () => undefined)).rejects.toMatchObject({ code: 'SQLITE_CANTOPEN' });
    await expect(createDatabaseWorker(join(folder, 'no-such-thread.mjs')).copy(path, to, never, () => undefined)).rejects.toThrow(/no-such-thread/);
  });

  it('validates a file', async () => {
    const bad = join(folder, 'bad.sqlite');
    writeFileSync(bad, 'no database');
    expect(await databaseWorker.validateBackup(bad, never)).toBe('it is no database');
    const db = new Database(path);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    expect(statSync(path).size).toBeGreaterThan(100_000);
    expect(await databaseWorker.validateBackup(path, never)).toBeNull();
  });

  it('measures a deletion, does it with progress, and refuses one that cannot be done', async () => {
    const file = join(folder, 'deleted.sqlite');
    const { store } = openStore({ path: file, clock: { now: () => NOON, mono: () => 0 }, log: createCallbackLog(() => undefined), keepDays: 730 });
    for (let n = 1; n <= 50; n += 1) store.append(batchOf(n, { cpu: { usage: n } }));
    store.commit();
    const { size } = await databaseWorker.previewDeletion(file, { kind: 'all' });
    expect(size).toMatchObject({ from: NOON + 1000, to: NOON + 50_000 });
    const steps: number[] = [];
    const deleted = await store.rewrite((path) => databaseWorker.deleteHistory(path, { kind: 'all' }, NOON, never, (done) => steps.push(done)));
    expect(deleted).toEqual({ size, isCompacted: true });
    expect(steps.length).toBeGreaterThan(3);
    expect(store.stats({ series: ['cpu.usage'], from: 0, to: NOON * 2 })[0]?.count).toBe(0);
    const aborted = AbortSignal.abort(new Error('quit'));
    await expect(store.rewrite((path) => databaseWorker.deleteHistory(path, { kind: 'all' }, NOON, aborted, () => undefined))).rejects.toThrow('quit');
    store.close();
  });
});
