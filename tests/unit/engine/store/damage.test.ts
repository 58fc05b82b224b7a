import Database from 'better-sqlite3';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGE_SIZE } from '../../../../src/main/engine/store/journal';
import { StoreOpenError } from '../../../../src/main/engine/store/open-store';
import type { Quarantined } from '../../../../src/main/engine/store/open-store';
import { batchOf, createStoreFixture, cpuBatch, NOON } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const ALL = { series: ['cpu.usage'], from: 0, to: NOON * 2 };
const QUARANTINED = 'history.corrupt-20261120T120000Z.sqlite';

/** Writes a database with noise of this many seconds, and closes it. */
function fill({ open }: StoreFixture, seconds = 3000): void {
  const { store } = open();
  for (let s = 0; s < seconds; s += 1) {
    store.append(batchOf(s, { cpu: { usage: (s * 7919) % 1000, user: (s * 104_729) % 1000, load1: (s * 1299) % 977 } }));
    if (s % 10 === 9) store.commit();
  }
  store.close();
}

function overwrite(path: string, offset: number, bytes: Buffer): void {
  const file = readFileSync(path);
  bytes.copy(file, offset);
  writeFileSync(path, file);
}

function expectFreshStart(fixture: StoreFixture, quarantined: Quarantined | null): void {
  expect(quarantined?.path).toBe(join(dirname(fixture.path), QUARANTINED));
  expect(quarantined?.reason).not.toBe('');
  expect(fixture.lines).toContain('error the database was damaged and has been quarantined');
}

describe('a damaged database', () => {
  const garbage = Buffer.alloc(PAGE_SIZE, 'garbage');
  it.each<[string, (path: string) => void, number]>([
    ['is no database', (path) => writeFileSync(path, 'this is no database, and longer than a header of one hundred bytes. '.repeat(3)), 0],
    ['has a damaged header', (path) => overwrite(path, 20, Buffer.alloc(60, 0xff)), 0],
    ['has a damaged schema', (path) => overwrite(path, 100, garbage.subarray(0, PAGE_SIZE - 100)), 0],
    ['has a damaged page', (path) => overwrite(path, PAGE_SIZE * 30, garbage), 2500],
    ['was truncated', (path) => truncateSync(path, PAGE_SIZE * 40 + 100), 0],
  ])('that %s is quarantined, and a new one created with everything that can be read', (_, damage, readable) => {
    const fixture = createStoreFixture();
    fill(fixture);
    damage(fixture.path);
    const damaged = readFileSync(fixture.path);
    const { store, quarantined } = fixture.open();
    expectFreshStart(fixture, quarantined);
    expect(readFileSync(quarantined?.path ?? '')).toEqual(damaged);
    expect(store.health()).toEqual({ state: 'ok' });
    store.append(cpuBatch(0, 3));
    expect(store.commit()).toBe(true);
    const count = store.stats(ALL)[0]?.count ?? 0;
    expect(count).toBeGreaterThan(readable);
    expect(count).toBeLessThan(3001);
  });

  it('is quarantined with its write-ahead log, and never replaces another one of the same second', () => {
    const fixture = createStoreFixture();
    mkdirSync(dirname(fixture.path), { recursive: true });
    for (const name of [QUARANTINED, 'history.sqlite', 'history.sqlite-wal']) writeFileSync(join(dirname(fixture.path), name), `not a database: ${name}`.padEnd(200));
    const { quarantined } = fixture.open();
    const second = 'history.corrupt-20261120T120000Z-2.sqlite';
    expect(quarantined?.path).toBe(join(dirname(fixture.path), second));
    expect(readdirSync(dirname(fixture.path))).toEqual(expect.arrayContaining([QUARANTINED, second, `${second}-wal`, 'history.sqlite']));
    expect(readFileSync(join(dirname(fixture.path), QUARANTINED), 'utf8')).toContain(QUARANTINED);
  });

  it('is detected while running, quarantined at the next commit, and reported', () => {
    const fixture = createStoreFixture();
    // More than the page cache of SQLite, so that it has to read the file again.
    fill(fixture, 200_000);
    const reports: Quarantined[] = [];
    const { store } = fixture.open({ onQuarantined: (report) => reports.push(report) });
    overwrite(fixture.path, 4096, Buffer.alloc(readFileSync(fixture.path).length - 4096, 0xaa));
    store.append(cpuBatch(4000, 7));
    store.stats(ALL);
    expect(store.health()).toMatchObject({ state: 'failing', message: expect.stringContaining('malformed') as string });
    expect(store.commit()).toBe(true);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(reports.map((report) => report.path)).toEqual([join(dirname(fixture.path), QUARANTINED)]);
    expect(store.stats(ALL)[0]).toMatchObject({ count: 1, last: 7 });
  });

  it('still returns everything that can be read if single blocks are damaged', () => {
    const fixture = createStoreFixture();
    fill(fixture);
    const db = new Database(fixture.path);
    db.prepare('UPDATE head SET data = ? WHERE id = 101').run(Buffer.from([1, 2, 3]));
    db.prepare('UPDATE head SET data = ? WHERE id = 102').run(Buffer.from([9]));
    db.close();
    const { store, quarantined } = fixture.open();
    expect(quarantined).toBeNull();
    expect(store.stats(ALL)[0]?.count).toBe(2980);
    expect(fixture.lines.filter((line) => line.includes('stored block'))).toHaveLength(1);
  });
});

describe('a database that must not be changed', () => {
  function refusal(fixture: StoreFixture): StoreOpenError {
    try {
      fixture.open();
    } catch (error) {
      if (error instanceof StoreOpenError) return error;
      throw error;
    }
    throw new Error('it was not refused');
  }

  function folderBytes(fixture: StoreFixture): [string, Buffer][] {
    return readdirSync(dirname(fixture.path)).map((name) => [name, readFileSync(join(dirname(fixture.path), name))]);
  }

  it('is refused and left unchanged if a newer version wrote it', () => {
    const fixture = createStoreFixture();
    fill(fixture);
    const db = new Database(fixture.path);
    db.pragma('user_version = 99');
    db.close();
    const before = folderBytes(fixture);
    const error = refusal(fixture);
    expect(error.kind).toBe('newer');
    expect(error.message).toMatch(/newer version .*schema 99/);
    expect(folderBytes(fixture)).toEqual(before);
  });

  it('is refused even if the newer version is visible only in the write-ahead log', () => {
    const fixture = createStoreFixture();
    fill(fixture);
    const other = createStoreFixture();
    mkdirSync(dirname(other.path), { recursive: true });
    const db = new Database(fixture.path);
    db.pragma('user_version = 99');
    for (const suffix of ['', '-wal']) copyFileSync(fixture.path + suffix, other.path + suffix);
    db.close();
    const before = folderBytes(other);
    expect(before.map(([name]) => name)).toEqual(['history.sqlite', 'history.sqlite-wal']);
    expect(refusal(other).kind).toBe('newer');
    expect(folderBytes(other).filter(([name]) => !name.endsWith('-shm'))).toEqual(before);
  });

  it('is refused if it belongs to another program', () => {
    const fixture = createStoreFixture();
    mkdirSync(dirname(fixture.path), { recursive: true });
    const db = new Database(fixture.path);
    db.exec('PRAGMA application_id = 252006; CREATE TABLE other (x); PRAGMA user_version = 3');
    db.close();
    const before = folderBytes(fixture);
    expect(refusal(fixture).kind).toBe('foreign');
    expect(folderBytes(fixture)).toEqual(before);
  });
});
