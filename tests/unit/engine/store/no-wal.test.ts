/** Folders in which SQLite's write-ahead log does not work: network and shared file systems. */
import Database from 'better-sqlite3';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../src/main/engine/store/database';
import { copyDatabase, validateBackup } from '../../../../src/main/engine/store/jobs/copy';
import type { StoreOptions } from '../../../../src/main/engine/store/open-store';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { cpuBatch, createStoreFixture, NOON, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const ALL = { series: ['cpu.usage'], from: 0, to: NOON * 2 };
const countOf = (store: Store): number => store.stats(ALL)[0]?.count ?? 0;
const DAY = 86_400_000;

/** How a connection fails on such a file system: with this error of SQLite, or with this answer. */
type Refusal = { readonly code: string } | { readonly answer: string };

/** Opens the file over connections that refuse the log, unless they have the file for themselves; counts the attempts. */
function refusing(refusal: Refusal): { openFile: NonNullable<StoreOptions['openFile']>; attempts: () => number } {
  let attempts = 0;
  const connect = (path: string, options?: Database.Options): Database.Database => {
    const db = new Database(path, options);
    const pragma = db.pragma.bind(db);
    db.pragma = (source, simple) => {
      if (!/journal_mode = WAL/i.test(source)) return pragma(source, simple);
      attempts += 1;
      if ('answer' in refusal) return refusal.answer;
      throw new Database.SqliteError('refused by the test', refusal.code);
    };
    return db;
  };
  return { openFile: (path, now, check, how) => openDatabase(path, now, check, { ...how, connect }), attempts: () => attempts };
}

function live({ clock }: StoreFixture, store: Store, from: number, to: number): void {
  for (let s = from; s < to; s += 1) {
    clock.wall = NOON + s * 1000;
    clock.mono = s * 1000;
    store.append(cpuBatch(s, s % 89));
    if (s % 60 === 59) runMaintenance(store, clock.wall);
  }
}

function journalOf(path: string): unknown {
  const db = new Database(path, { readonly: true });
  const mode = db.pragma('journal_mode', { simple: true });
  db.close();
  return mode;
}

/** The errors of file systems without shared memory, without its locks, or that refuse to make the file for it. */
const REFUSALS: readonly Refusal[] = [
  ...['SQLITE_IOERR_SHMMAP', 'SQLITE_IOERR_SHMOPEN', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_IOERR_SHMLOCK', 'SQLITE_PROTOCOL', 'SQLITE_CANTOPEN', 'SQLITE_READONLY_CANTINIT', 'SQLITE_NOLFS'].map((code) => ({ code })),
  { answer: 'delete' },
];

describe('where the write-ahead log does not work', () => {
  it.each(REFUSALS)('%o: the store goes on with a rollback journal, says so once, and takes it for no damage', (refusal) => {
    const fixture = createStoreFixture();
    const { openFile } = refusing(refusal);
    const told: string[] = [];
    const { store, quarantined } = fixture.open({ openFile, onLogRefused: () => told.push('refused') });
    expect(quarantined).toBeNull();
    live(fixture, store, 0, 4000);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(countOf(store)).toBe(4000);
    expect(journalOf(fixture.path)).toBe('delete');
    expect(told).toEqual(['refused']);
    expect(fixture.lines).toEqual([expect.stringMatching(/^warn .*rollback journal/)]);
    store.close();
    const again = fixture.open({ openFile, onLogRefused: () => told.push('refused') });
    expect(again.quarantined).toBeNull();
    expect(countOf(again.store)).toBe(4000);
    live(fixture, again.store, 4000, 4100);
    expect(countOf(again.store)).toBe(4100);
    expect(told).toHaveLength(2);
    expect(readdirSync(dirname(fixture.path))).toEqual(['history.sqlite']);
  });

  it('for real: what is in a log that was left there is kept, and the log is used again once it works', () => {
    const source = createStoreFixture();
    const first = source.open().store;
    live(source, first, 0, 300);
    first.commit();
    const fixture = createStoreFixture();
    mkdirSync(dirname(fixture.path), { recursive: true });
    for (const suffix of ['', '-wal']) copyFileSync(source.path + suffix, fixture.path + suffix);
    // A folder in the place of the shared memory: SQLite can make none.
    mkdirSync(`${fixture.path}-shm`);
    const told: string[] = [];
    const options = { onLogRefused: () => void told.push('refused') };
    const { store, quarantined } = fixture.open(options);
    expect([quarantined, countOf(store), store.health()]).toEqual([null, 300, { state: 'ok' }]);
    live(fixture, store, 300, 600);
    expect([journalOf(fixture.path), told]).toEqual(['delete', ['refused']]);
    store.close();
    rmdirSync(`${fixture.path}-shm`);
    fixture.clock.wall += 2 * DAY;
    const again = fixture.open(options).store;
    expect(countOf(again)).toBe(600);
    expect([journalOf(fixture.path), told]).toEqual(['wal', ['refused']]);
    again.close();
  });

  it('a new history, and one that grew in use, work the same', () => {
    const fixture = createStoreFixture();
    mkdirSync(`${fixture.path}-shm`, { recursive: true });
    const { store } = fixture.open();
    live(fixture, store, 0, 2000);
    expect([countOf(store), store.health(), journalOf(fixture.path)]).toEqual([2000, { state: 'ok' }, 'delete']);
    store.close();
    expect(countOf(fixture.open().store)).toBe(2000);
  });

  it('is not tried again at each start and each failure: some file systems take ten seconds to refuse', () => {
    const fixture = createStoreFixture();
    const { openFile, attempts } = refusing({ code: 'SQLITE_PROTOCOL' });
    const { store } = fixture.open({ openFile });
    live(fixture, store, 0, 60);
    expect(attempts()).toBe(1);
    store.close();
    fixture.open({ openFile }).store.close();
    expect(attempts()).toBe(1);
    fixture.clock.wall += 2 * DAY;
    fixture.open({ openFile }).store.close();
    expect(attempts()).toBe(2);
  });

  it('a file of a newer version or of another program is still refused, and left as it is', () => {
    for (const [sql, message] of [['PRAGMA user_version = 99', /newer version/], ['PRAGMA application_id = 7', /another program/]] as const) {
      const fixture = createStoreFixture();
      mkdirSync(dirname(fixture.path), { recursive: true });
      const db = new Database(fixture.path);
      db.exec(`CREATE TABLE a (b); ${sql}`);
      db.close();
      const bytes = readFileSync(fixture.path);
      mkdirSync(`${fixture.path}-shm`);
      expect(() => fixture.open()).toThrow(message);
      expect(readFileSync(fixture.path)).toEqual(bytes);
    }
  });

  it('a file that is damaged is still quarantined', () => {
    const fixture = createStoreFixture();
    const { openFile } = refusing({ code: 'SQLITE_IOERR_SHMMAP' });
    const { store } = fixture.open({ openFile });
    live(fixture, store, 0, 4000);
    store.close();
    const bytes = readFileSync(fixture.path);
    bytes.fill(0xaa, 4096, 40_000);
    rmSync(fixture.path);
    writeFileSync(fixture.path, bytes);
    const again = fixture.open({ openFile });
    expect(again.quarantined).not.toBeNull();
    live(fixture, again.store, 4000, 4100);
    expect(again.store.health()).toEqual({ state: 'ok' });
  });

  it('a reader that holds the file up for a while delays writing, and is no failure', () => {
    const fixture = createStoreFixture();
    const { openFile } = refusing({ code: 'SQLITE_IOERR_SHMMAP' });
    const { store } = fixture.open({ openFile });
    live(fixture, store, 0, 60);
    const reader = new Database(fixture.path, { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM head').get();
    live(fixture, store, 60, 150);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(countOf(store)).toBe(150);
    live(fixture, store, 150, 400);
    expect(store.health()).toMatchObject({ state: 'failing', message: expect.stringContaining('locked') as string });
    reader.exec('COMMIT');
    reader.close();
    live(fixture, store, 400, 420);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(countOf(store)).toBe(420);
  });

  it('a replaced file is saved there as well', () => {
    const fixture = createStoreFixture();
    const { openFile } = refusing({ code: 'SQLITE_IOERR_SHMMAP' });
    const told: string[] = [];
    const { store } = fixture.open({ openFile, onFileLost: ({ what }) => told.push(what) });
    live(fixture, store, 0, 300);
    copyFileSync(fixture.path, `${fixture.path}.x`);
    rmSync(fixture.path);
    copyFileSync(`${fixture.path}.x`, fixture.path);
    live(fixture, store, 300, 400);
    expect([told, countOf(store), journalOf(fixture.path)]).toEqual([['replaced'], 400, 'delete']);
  });
});

describe('a backup to such a folder', () => {
  it('is written and can be checked there', async () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    live(fixture, store, 0, 300);
    store.commit();
    const to = `${fixture.path}.backup`;
    mkdirSync(`${to}-shm`);
    await copyDatabase(fixture.path, to, () => undefined);
    expect(journalOf(to)).toBe('delete');
    expect(validateBackup(to)).toBeNull();
    for (const suffix of ['', '-wal']) copyFileSync(fixture.path + suffix, `${to}.raw${suffix}`);
    mkdirSync(`${to}.raw-shm`);
    expect(validateBackup(`${to}.raw`)).toBeNull();
    expect(existsSync(to)).toBe(true);
  });
});
