import Database from 'better-sqlite3';
import { existsSync, fstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Disk } from '../../../../src/main/engine/store/jobs/checkpoint';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { batchOf, bench, numbers, NOON } from '../../../support/store';
import type { Bench } from '../../../support/store';

const SECTOR = 512;
const KEYS = ['connections.active', 'memory.usage'];

/** What is certainly on the disk of a file, and what it would be in the end. */
interface Files {
  readonly file: Buffer;
  readonly log: Buffer;
}

function filesAt(path: string): Files {
  const read = (name: string): Buffer => (existsSync(name) ? readFileSync(name) : Buffer.alloc(0));
  return { file: read(path), log: read(`${path}-wal`) };
}

/** Each sector is the old one or the new one, and so is the length: what a power cut may leave of a file being written. */
function torn(before: Buffer, after: Buffer, random: () => number): Buffer {
  const newShare = random();
  const image = Buffer.from(random() < newShare ? after : before);
  for (let at = 0; at < image.length; at += SECTOR) {
    const source = random() < newShare ? after : before;
    if (at < source.length) source.copy(image, at, at, Math.min(at + SECTOR, image.length));
  }
  return image;
}

/** A disk that answers late, and knows what of each file is safe. */
class SlowDisk implements Disk {
  readonly logBytes = 40 * 1024;
  readonly #path: string;
  safe: Files = { file: Buffer.alloc(0), log: Buffer.alloc(0) };
  asked: 'file' | 'log' | null = null;
  calls = 0;
  waits = 0;
  #answer: (() => void) | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  sync(fd: number, done: (error: Error | null) => void): void {
    const now = filesAt(this.#path);
    const asked = fstatSync(fd).ino === statSync(this.#path).ino ? 'file' : 'log';
    this.calls += 1;
    this.asked = asked;
    this.#answer = () => {
      this.safe = { ...this.safe, [asked]: now[asked] };
      done(null);
    };
  }

  syncNow(fd: number): void {
    const asked = fstatSync(fd).ino === statSync(this.#path).ino ? 'file' : 'log';
    this.waits += 1;
    this.safe = { ...this.safe, [asked]: filesAt(this.#path)[asked] };
  }

  answer(): void {
    const answer = this.#answer;
    this.#answer = null;
    this.asked = null;
    answer?.();
  }
}

function append(store: Store, place: Bench, n: number): void {
  place.clock.wall = NOON + n * 5000;
  store.append({ ...batchOf(0, { connections: { active: n }, cpu: { user: (n * 7919) % 997, load1: (n * 31) % 89 }, memory: { usage: n % 100 } }), seq: n + 1, time: place.clock.wall });
}

/** How many batches a store has; they must be the first ones, each once. */
function prefixOf(store: Store, upTo: number): number {
  const answer = store.query({ series: KEYS, from: NOON, to: NOON + upTo * 5000, points: 10_000 });
  const [usage, memory] = answer.series;
  const count = usage?.time.length ?? 0;
  expect(usage?.avg).toEqual(Array.from({ length: count }, (_, n) => n));
  expect(memory?.count.filter((n) => n === 1)).toHaveLength(count);
  return count;
}

describe('checkpoints', () => {
  it('survive a power cut at any moment, whatever the disk had written by then', { timeout: 60_000 }, async () => {
    const place = bench();
    const other = bench();
    mkdirSync(dirname(other.path), { recursive: true });
    const random = numbers(7);
    const disk = new SlowDisk(place.path);
    const { store } = place.open({ disk });
    disk.safe = filesAt(place.path);
    let committed = 0;
    let safe = 0;
    let cuts = 0;
    const cutPower = (): void => {
      const now = filesAt(place.path);
      for (const suffix of ['', '-wal', '-shm']) rmSync(other.path + suffix, { force: true });
      writeFileSync(other.path, torn(disk.safe.file, now.file, random));
      writeFileSync(`${other.path}-wal`, torn(disk.safe.log, now.log, random));
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
      append(store, place, n);
      if (n % 10 === 9 && disk.asked === null) {
        expect(store.commit()).toBe(true);
        committed = n + 1;
      }
      store.maintain(place.clock.wall);
      await turn();
      if (disk.asked !== null) {
        if (n % 3 === 0) cutPower();
        if (disk.asked === 'log') safe = committed;
        disk.answer();
        cutPower();
      } else if (n % 25 === 0) cutPower();
    }
    expect(disk.calls).toBeGreaterThan(20);
    expect(disk.waits).toBe(0);
    expect(cuts).toBeGreaterThan(60);
    expect(prefixOf(store, 1500)).toBe(1500);
  });

  it('hold back timed commits while the disk is slow, and give way to one that must be now', async () => {
    const place = bench();
    const disk = new SlowDisk(place.path);
    const { store } = place.open({ disk, commitEveryMs: 1000 });
    const rows = (): unknown => {
      const db = new Database(place.path, { readonly: true });
      const count = db.prepare('SELECT count(*) FROM head').pluck().get();
      db.close();
      return count;
    };
    let n = 0;
    const until = async (asked: 'file' | 'log'): Promise<void> => {
      while (disk.asked !== asked) {
        if (disk.asked !== null) disk.answer();
        place.clock.mono += 1000;
        append(store, place, (n += 1));
        store.maintain(place.clock.wall);
        await turn();
      }
    };
    await until('file');
    const before = rows();
    place.clock.mono += 5000;
    append(store, place, (n += 1));
    expect(rows()).toEqual(before);
    expect(store.maintain(place.clock.wall)).toBe(true);
    expect(store.commit()).toBe(true);
    expect(disk.waits).toBe(1);
    expect(rows()).not.toEqual(before);
    // The late answer changes nothing any more.
    disk.answer();
    expect(disk.asked).toBeNull();
    await until('log');
    store.close();
    expect(disk.waits).toBe(1);
    expect(place.open().store.stats({ series: KEYS, from: NOON, to: NOON * 2 })[0]?.count).toBe(n);
  });

  it('are made at once for a caller that does not let the event loop turn', () => {
    const place = bench();
    const disk = new SlowDisk(place.path);
    const { store } = place.open({ disk });
    for (let n = 0; n < 1000; n += 1) {
      append(store, place, n);
      if (n % 10 === 9) store.commit();
      store.maintain(place.clock.wall);
    }
    expect(disk.calls).toBeGreaterThan(3);
    expect(statSync(place.path).size).toBeGreaterThan(10_000);
    expect(prefixOf(store, 1000)).toBe(1000);
  });

  it('wait for a reader of an older state, and are made once it is gone', async () => {
    const place = bench();
    const disk = new SlowDisk(place.path);
    const { store } = place.open({ disk });
    const fill = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n += 1) {
        append(store, place, n);
        if (n % 10 === 9 && disk.asked === null) store.commit();
        store.maintain(place.clock.wall);
        await turn();
        disk.answer();
      }
      store.commit();
    };
    await fill(0, 20);
    const reader = new Database(place.path, { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM head').get();
    await fill(20, 800);
    const grown = statSync(`${place.path}-wal`).size;
    expect(grown).toBeGreaterThan(3 * disk.logBytes);
    reader.exec('COMMIT');
    reader.close();
    await fill(800, 1200);
    expect(statSync(`${place.path}-wal`).size).toBeLessThan(grown);
    expect(prefixOf(store, 1000)).toBe(1000);
  });

  it('that the disk refuses make the store fail, and it gets over that', async () => {
    const place = bench();
    const disk: Disk = { logBytes: 20_000, sync: (_fd, done) => done(Object.assign(new Error('input/output error'), { code: 'EIO' })), syncNow: () => undefined };
    const { store } = place.open({ disk });
    for (let n = 0; n < 200; n += 1) {
      append(store, place, n);
      if (n % 10 === 9 && store.health().state === 'ok') store.commit();
      store.maintain(place.clock.wall);
      await turn();
    }
    expect(store.health()).toMatchObject({ state: 'failing', message: 'input/output error' });
    expect(store.commit()).toBe(true);
    expect(store.health()).toEqual({ state: 'ok' });
    expect(prefixOf(store, 200)).toBe(200);
  });
});
