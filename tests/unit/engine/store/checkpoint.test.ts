import Database from 'better-sqlite3';
import { existsSync, fstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Disk } from '../../../../src/main/engine/store/jobs/checkpoint';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { random } from '../../../support/noise';
import { batchOf, createStoreFixture, NOON } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const SECTOR = 512;
const KEYS = ['connections.active', 'memory.usage'];

/** Contents of the database file and of its write-ahead log. */
interface Files {
  readonly file: Buffer;
  readonly log: Buffer;
}

function filesAt(path: string): Files {
  const read = (name: string): Buffer => (existsSync(name) ? readFileSync(name) : Buffer.alloc(0));
  return { file: read(path), log: read(`${path}-wal`) };
}

/** What a power cut may leave of a file being written: each sector is the old or the new one, and so is the length. */
function torn(before: Buffer, after: Buffer, next: () => number): Buffer {
  const newShare = next();
  const image = Buffer.from(next() < newShare ? after : before);
  for (let at = 0; at < image.length; at += SECTOR) {
    const source = next() < newShare ? after : before;
    if (at < source.length) source.copy(image, at, at, Math.min(at + SECTOR, image.length));
  }
  return image;
}

/** A disk whose syncs end when the test says so, and that knows which contents of each file are safe. */
class SlowDisk implements Disk {
  readonly logBytes = 40 * 1024;
  readonly #path: string;
  safe: Files = { file: Buffer.alloc(0), log: Buffer.alloc(0) };
  /** The file being synced. */
  syncing: 'file' | 'log' | null = null;
  calls = 0;
  waits = 0;
  #finish: (() => void) | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  sync(fd: number, done: (error: Error | null) => void): void {
    const now = filesAt(this.#path);
    const file = fstatSync(fd).ino === statSync(this.#path).ino ? 'file' : 'log';
    this.calls += 1;
    this.syncing = file;
    this.#finish = () => {
      this.safe = { ...this.safe, [file]: now[file] };
      done(null);
    };
  }

  syncNow(fd: number): void {
    const file = fstatSync(fd).ino === statSync(this.#path).ino ? 'file' : 'log';
    this.waits += 1;
    this.safe = { ...this.safe, [file]: filesAt(this.#path)[file] };
  }

  finish(): void {
    const finish = this.#finish;
    this.#finish = null;
    this.syncing = null;
    finish?.();
  }
}

function append(store: Store, fixture: StoreFixture, n: number): void {
  fixture.clock.wall = NOON + n * 5000;
  store.append({ ...batchOf(0, { connections: { active: n }, cpu: { user: (n * 7919) % 997, load1: (n * 31) % 89 }, memory: { usage: n % 100 } }), seq: n + 1, time: fixture.clock.wall });
}

/** Number of batches in a store; they must be the first ones, each once. */
function prefixOf(store: Store, upTo: number): number {
  const [usage, memory] = store.query({ series: KEYS, from: NOON, to: NOON + upTo * 5000, points: 10_000 }).series;
  const count = usage?.time.length ?? 0;
  expect(usage?.avg).toEqual(Array.from({ length: count }, (_, n) => n));
  expect(memory?.count.filter((n) => n === 1)).toHaveLength(count);
  return count;
}

describe('checkpoints', () => {
  it('survive a power cut at any time, whatever the disk had written by then', { timeout: 60_000 }, async () => {
    const fixture = createStoreFixture();
    const other = createStoreFixture();
    mkdirSync(dirname(other.path), { recursive: true });
    const next = random(7);
    const disk = new SlowDisk(fixture.path);
    const { store } = fixture.open({ disk });
    disk.safe = filesAt(fixture.path);
    let committed = 0;
    let safe = 0;
    let cuts = 0;
    const cutPower = (): void => {
      const now = filesAt(fixture.path);
      for (const suffix of ['', '-wal', '-shm']) rmSync(other.path + suffix, { force: true });
      writeFileSync(other.path, torn(disk.safe.file, now.file, next));
      writeFileSync(`${other.path}-wal`, torn(disk.safe.log, now.log, next));
      const { store: found, quarantined } = other.open();
      expect(quarantined).toBeNull();
      const count = prefixOf(found, committed + 1);
      expect(count).toBeGreaterThanOrEqual(safe);
      expect(count).toBeLessThanOrEqual(committed);
      found.close();
      const db = new Database(other.path, { readonly: true });
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      db.close();
      cuts += 1;
    };
    for (let n = 0; n < 1500; n += 1) {
      append(store, fixture, n);
      if (n % 10 === 9 && disk.syncing === null) {
        expect(store.commit()).toBe(true);
        committed = n + 1;
      }
      store.maintain(fixture.clock.wall);
      await turn();
      if (disk.syncing !== null) {
        if (n % 3 === 0) cutPower();
        if (disk.syncing === 'log') safe = committed;
        disk.finish();
        cutPower();
      } else if (n % 25 === 0) cutPower();
    }
    expect(disk.calls).toBeGreaterThan(20);
    expect(disk.waits).toBe(0);
    expect(cuts).toBeGreaterThan(60);
    expect(prefixOf(store, 1500)).toBe(1500);
  });

  it('delay timed commits while the disk is slow, but not a commit that is called explicitly', async () => {
    const fixture = createStoreFixture();
    const disk = new SlowDisk(fixture.path);
    const { store } = fixture.open({ disk, commitEveryMs: 1000 });
    const rows = (): unknown => {
      const db = new Database(fixture.path, { readonly: true });
      const count = db.prepare('SELECT count(*) FROM head').pluck().get();
      db.close();
      return count;
    };
    let n = 0;
    const until = async (file: 'file' | 'log'): Promise<void> => {
      while (disk.syncing !== file) {
        if (disk.syncing !== null) disk.finish();
        fixture.clock.mono += 1000;
        append(store, fixture, (n += 1));
        store.maintain(fixture.clock.wall);
        await turn();
      }
    };
    await until('file');
    const before = rows();
    fixture.clock.mono += 5000;
    append(store, fixture, (n += 1));
    expect(rows()).toEqual(before);
    expect(store.maintain(fixture.clock.wall)).toBe(true);
    expect(store.commit()).toBe(true);
    expect(disk.waits).toBe(1);
    expect(rows()).not.toEqual(before);
    // The late result of the sync is ignored.
    disk.finish();
    expect(disk.syncing).toBeNull();
    await until('log');
    store.close();
    expect(disk.waits).toBe(1);
    expect(fixture.open().store.stats({ series: KEYS, from: NOON, to: NOON * 2 })[0]?.count).toBe(n);
  });

  it('run synchronously for a caller that does not let the event loop turn', () => {
    const fixture = createStoreFixture();
    const disk = new SlowDisk(fixture.path);
    const { store } = fixture.open({ disk });
    for (let n = 0; n < 1000; n += 1) {
      append(store, fixture, n);
      if (n % 10 === 9) store.commit();
      store.maintain(fixture.clock.wall);
    }
    expect(disk.calls).toBeGreaterThan(3);
    expect(statSync(fixture.path).size).toBeGreaterThan(10_000);
    expect(prefixOf(store, 1000)).toBe(1000);
  });

  it('wait for a reader of an older state, and succeed once it has ended', async () => {
    const fixture = createStoreFixture();
    const disk = new SlowDisk(fixture.path);
    const { store } = fixture.open({ disk });
    const fill = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n += 1) {
        append(store, fixture, n);
        if (n % 10 === 9 && disk.syncing === null) store.commit();
        store.maintain(fixture.clock.wall);
        await turn();
        disk.finish();
      }
      store.commit();
    };
    await fill(0, 20);
    const reader = new Database(fixture.path, { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM head').get();
    await fill(20, 800);
    const grown = statSync(`${fixture.path}-wal`).size;
    expect(grown).toBeGreaterThan(3 * disk.logBytes);
    reader.exec('COMMIT');
    reader.close();
    await fill(800, 1200);
    expect(statSync(`${fixture.path}-wal`).size).toBeLessThan(grown);
    expect(prefixOf(store, 1000)).toBe(1000);
  });

  it('that the disk refuses make the store fail, and it recovers', async () => {
    const fixture = createStoreFixture();
    const disk: Disk = { logBytes: 20_000, sync: (_fd, done) => done(Object.assign(new Error('input/output error'), { code: 'EIO' })), syncNow: () => undefined };
    const { store } = fixture.open({ disk });
    for (let n = 0; n < 200; n += 1) {
      append(store, fixture, n);
      if (n % 10 === 9 && store.health().state === 'ok') store.commit();
      store.maintain(fixture.clock.wall);
      await turn();
    }
    expect(store.health()).toMatchObject({ state: 'failing', message: 'input/output error' });
    expect(store.commit()).toBe(true);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(prefixOf(store, 200)).toBe(200);
  });
});
