import Database from 'better-sqlite3';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGE_SIZE } from '../../../../src/main/engine/store/database';
import { StoreOpenError } from '../../../../src/main/engine/store/open-store';
import type { Quarantined } from '../../../../src/main/engine/store/open-store';
import { batchOf, bench, cpuBatch, NOON } from '../../../support/store';
import type { Bench } from '../../../support/store';

const ALL = { series: ['cpu.usage'], from: 0, to: NOON * 2 };
const ASIDE = 'history.corrupt-20261120T120000Z.sqlite';

/** A database with noise of so many seconds, closed. */
function fill({ open }: Bench, seconds = 3000): void {
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

function expectFreshStart(place: Bench, quarantined: Quarantined | null): void {
  expect(quarantined?.path).toBe(join(dirname(place.path), ASIDE));
  expect(quarantined?.reason).not.toBe('');
  expect(place.lines).toContain('error the database was damaged and has been set aside');
}

describe('a damaged database', () => {
  const garbage = Buffer.alloc(PAGE_SIZE, 'garbage');
  it.each<[string, (path: string) => void, number]>([
    ['is no database', (path) => writeFileSync(path, 'this is no database, and longer than a header of one hundred bytes. '.repeat(3)), 0],
    ['has a damaged header', (path) => overwrite(path, 20, Buffer.alloc(60, 0xff)), 0],
    ['has a damaged schema', (path) => overwrite(path, 100, garbage.subarray(0, PAGE_SIZE - 100)), 0],
    ['has a damaged page', (path) => overwrite(path, PAGE_SIZE * 30, garbage), 2500],
    ['was cut', (path) => truncateSync(path, PAGE_SIZE * 40 + 100), 0],
  ])('that %s is set aside, and a new one started with what can be read', (_, damage, readable) => {
    const place = bench();
    fill(place);
    damage(place.path);
    const damaged = readFileSync(place.path);
    const { store, quarantined } = place.open();
    expectFreshStart(place, quarantined);
    expect(readFileSync(quarantined?.path ?? '')).toEqual(damaged);
    expect(store.health()).toEqual({ state: 'ok' });
    store.append(cpuBatch(0, 3));
    expect(store.commit()).toBe(true);
    const count = store.stats(ALL)[0]?.count ?? 0;
    expect(count).toBeGreaterThan(readable);
    expect(count).toBeLessThan(3001);
  });

  it('takes its log with it, and never takes the place of another set aside in the same second', () => {
    const place = bench();
    mkdirSync(dirname(place.path), { recursive: true });
    for (const name of [ASIDE, 'history.sqlite', 'history.sqlite-wal']) writeFileSync(join(dirname(place.path), name), `not a database: ${name}`.padEnd(200));
    const { quarantined } = place.open();
    const second = 'history.corrupt-20261120T120000Z-2.sqlite';
    expect(quarantined?.path).toBe(join(dirname(place.path), second));
    expect(readdirSync(dirname(place.path))).toEqual(expect.arrayContaining([ASIDE, second, `${second}-wal`, 'history.sqlite']));
    expect(readFileSync(join(dirname(place.path), ASIDE), 'utf8')).toContain(ASIDE);
  });

  it('is noticed while running, set aside at the next commit, and reported', () => {
    const place = bench();
    // More than SQLite keeps in its cache, so that it has to read the file again.
    fill(place, 200_000);
    const reports: Quarantined[] = [];
    const { store } = place.open({ onQuarantined: (report) => reports.push(report) });
    overwrite(place.path, 4096, Buffer.alloc(readFileSync(place.path).length - 4096, 0xaa));
    store.append(cpuBatch(4000, 7));
    store.stats(ALL);
    expect(store.health()).toMatchObject({ state: 'failing', message: expect.stringContaining('malformed') as string });
    expect(store.commit()).toBe(true);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(reports.map((report) => report.path)).toEqual([join(dirname(place.path), ASIDE)]);
    expect(store.stats(ALL)[0]).toMatchObject({ count: 1, last: 7 });
  });

  it('gives what can be read when single blocks are wrong', () => {
    const place = bench();
    fill(place);
    const db = new Database(place.path);
    db.prepare('UPDATE head SET data = ? WHERE id = 101').run(Buffer.from([1, 2, 3]));
    db.prepare('UPDATE head SET data = ? WHERE id = 102').run(Buffer.from([9]));
    db.close();
    const { store, quarantined } = place.open();
    expect(quarantined).toBeNull();
    expect(store.stats(ALL)[0]?.count).toBe(2980);
    expect(place.lines.filter((line) => line.includes('stored block'))).toHaveLength(1);
  });
});

describe('a database that is not ours to touch', () => {
  function refusal(place: Bench): StoreOpenError {
    try {
      place.open();
    } catch (error) {
      if (error instanceof StoreOpenError) return error;
      throw error;
    }
    throw new Error('it was opened');
  }

  function folderBytes(place: Bench): [string, Buffer][] {
    return readdirSync(dirname(place.path)).map((name) => [name, readFileSync(join(dirname(place.path), name))]);
  }

  it('is refused and left alone when a newer version wrote it', () => {
    const place = bench();
    fill(place);
    const db = new Database(place.path);
    db.pragma('user_version = 99');
    db.close();
    const before = folderBytes(place);
    const error = refusal(place);
    expect(error.kind).toBe('newer');
    expect(error.message).toMatch(/newer version .*schema 99/);
    expect(folderBytes(place)).toEqual(before);
  });

  it('is refused even if only the log beside it tells of the newer version', () => {
    const place = bench();
    fill(place);
    const other = bench();
    mkdirSync(dirname(other.path), { recursive: true });
    const db = new Database(place.path);
    db.pragma('user_version = 99');
    for (const suffix of ['', '-wal']) copyFileSync(place.path + suffix, other.path + suffix);
    db.close();
    const before = folderBytes(other);
    expect(before.map(([name]) => name)).toEqual(['history.sqlite', 'history.sqlite-wal']);
    expect(refusal(other).kind).toBe('newer');
    expect(folderBytes(other).filter(([name]) => !name.endsWith('-shm'))).toEqual(before);
  });

  it('is refused when it is another program’s', () => {
    const place = bench();
    mkdirSync(dirname(place.path), { recursive: true });
    const db = new Database(place.path);
    db.exec('PRAGMA application_id = 252006; CREATE TABLE theirs (x); PRAGMA user_version = 3');
    db.close();
    const before = folderBytes(place);
    expect(refusal(place).kind).toBe('foreign');
    expect(folderBytes(place)).toEqual(before);
  });
});
