import Database from 'better-sqlite3';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packSnapshots, unpackSnapshots } from '../../../../src/main/engine/store/codec/process-snapshot-block';
import { PAGE_SIZE } from '../../../../src/main/engine/store/journal';
import { SCHEMA_VERSION } from '../../../../src/main/engine/store/schema';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { createStoreFixture, cpuBatch, NOON, openLimitedStore } from '../../../support/store';
import { aSnapshot, anEvent, anIncident, messages, MINUTE } from '../../../support/activity-log';

const snapshotTimes = (store: Store): readonly number[] => store.activity.processSnapshots({ from: 0, to: 1e15, limit: 200 }).map(({ time }) => (time - NOON) / MINUTE);

/** Writes an event, an incident and a process snapshot, each with this number. */
function write(store: Store, n: number): void {
  store.activity.addEvent(anEvent(`#${n}`), NOON + n);
  store.activity.putIncident(anIncident(`i${n}`, { firedAt: NOON + n }));
  store.activity.putProcessSnapshot(aSnapshot(n));
}

describe('an activity log that cannot be written', () => {
  it('buffers writes while the disk is full, can still be read, and loses nothing once there is space', () => {
    const fixture = createStoreFixture();
    const { store, setLimit } = openLimitedStore(fixture, 60);
    let failures = 0;
    for (let n = 0; n < 300; n += 1) {
      store.append(cpuBatch(n, n % 97));
      write(store, n);
      if (!store.commit()) failures += 1;
    }
    expect(failures).toBeGreaterThan(10);
    const check = (from: Store): void => {
      expect(messages(from)).toEqual(Array.from({ length: 300 }, (_, n) => `#${299 - n}`));
      expect(from.activity.openIncidents()).toHaveLength(300);
      expect(new Set(snapshotTimes(from)).size).toBe(200);
    };
    check(store);
    expect(store.activity.backlog()).toMatchObject({ waiting: expect.any(Number) as number, dropped: 0 });
    expect(store.activity.backlog().waiting).toBeGreaterThan(30);
    setLimit(10_000);
    expect(store.commit()).toBe(true);
    expect(store.activity.backlog()).toEqual({ waiting: 0, dropped: 0 });
    check(store);
    store.close();
    check(fixture.open().store);
  });

  it('writes event, incident, process snapshot and samples together or not at all', () => {
    const fixture = createStoreFixture();
    const { store, setLimit } = openLimitedStore(fixture, 60);
    write(store, 0);
    store.commit();
    setLimit(1);
    write(store, 1);
    store.append(cpuBatch(0, 1));
    for (let n = 2; n < 200; n += 1) store.activity.addEvent(anEvent('x'.repeat(500)), NOON + n);
    expect(store.commit()).toBe(false);
    const db = new Database(fixture.path, { readonly: true });
    const counts = ['events', 'incidents', 'top_processes', 'head'].map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    db.close();
    expect(counts).toEqual([1, 1, 1, 0]);
  });

  it('discards the oldest writes beyond a limit, counts them, and keeps open incidents', () => {
    const fixture = createStoreFixture();
    writeFileSync(dirname(fixture.path), 'a file where the folder should be');
    const { store } = fixture.open();
    for (let n = 0; n < 1200; n += 1) {
      write(store, n);
      if (n % 2 === 1) store.activity.putIncident(anIncident(`i${n}`, { firedAt: NOON + n, clearedAt: NOON + n }));
    }
    expect(store.activity.backlog()).toEqual({ waiting: 1000 + 1000 + 720, dropped: 200 + 200 + 480 });
    expect(store.activity.openIncidents()).toHaveLength(600);
    expect(store.activity.events({ limit: 1 }).total).toBe(1000);
    rmSync(dirname(fixture.path));
    expect(store.commit()).toBe(true);
    expect(store.activity.backlog()).toEqual({ waiting: 0, dropped: 0 });
    expect(fixture.lines.at(-1)).toBe('info writing the database works again');
    expect(store.activity.openIncidents()).toHaveLength(600);
  });

  it('renumbers events written before the database could be opened, if their ids are in use', () => {
    const fixture = createStoreFixture();
    const first = fixture.open().store;
    for (let n = 0; n < 3; n += 1) first.activity.addEvent(anEvent(`old ${n}`), NOON + 1000 + n);
    first.close();
    const other = new Database(fixture.path);
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE; CREATE TABLE x (y); COMMIT');
    const { store } = fixture.open();
    const given = [0, 1000, 5000].map((at) => store.activity.addEvent(anEvent(`new ${at}`), NOON + at).id);
    expect(given).toEqual([NOON, NOON + 1000, NOON + 5000]);
    other.close();
    expect(store.commit()).toBe(true);
    const { events } = store.activity.events({ limit: 10 });
    expect(events.map(({ message }) => message)).toEqual(['new 5000', 'new 1000', 'new 0', 'old 2', 'old 1', 'old 0']);
    expect(events.map(({ id }) => id - NOON)).toEqual([5000, 1004, 1003, 1002, 1001, 1000]);
    expect(store.activity.addEvent(anEvent('next'), NOON).id).toBe(NOON + 5001);
  });

  it('goes on with what was in the file when that is removed, and with greater ids', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    const before = store.activity.addEvent(anEvent('before'), NOON).id;
    store.commit();
    for (const name of readdirSync(dirname(fixture.path))) rmSync(`${dirname(fixture.path)}/${name}`);
    expect(store.activity.addEvent(anEvent('here'), NOON - 5).id).toBeGreaterThan(before);
    expect(store.commit()).toBe(true);
    expect(messages(store)).toEqual(['here', 'before']);
  });

  it('logs on closing that writes were lost', () => {
    const fixture = createStoreFixture();
    writeFileSync(dirname(fixture.path), 'a file where the folder should be');
    const { store } = fixture.open();
    write(store, 0);
    store.close();
    expect(fixture.lines.at(-1)).toBe('error samples were lost: the last ones could not be written');
  });
});

describe('damage', () => {
  it('of single rows is skipped and reported once', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (let n = 0; n < 3; n += 1) write(store, n);
    store.close();
    const db = new Database(fixture.path);
    db.prepare("UPDATE events SET details = '{\"a\":', severity = 'dreadful' WHERE message = '#1'").run();
    db.prepare("UPDATE events SET details = '[1]' WHERE message = '#2'").run();
    db.prepare("UPDATE incidents SET data = '{}' WHERE id = 'i1'").run();
    db.prepare("UPDATE incidents SET data = 'null' WHERE id = 'i2'").run();
    db.prepare('UPDATE top_processes SET data = ? WHERE id = 2').run(Buffer.from([1, 3, 1, 2, 3, 4]));
    db.close();
    const { store: again } = fixture.open();
    expect(again.activity.events({ limit: 9 }).events.map(({ message, severity, details }) => [message, severity, details])).toEqual([['#2', 'info', null], ['#1', 'info', null], ['#0', 'info', null]]);
    expect(again.activity.openIncidents().map(({ id }) => id)).toEqual(['i0']);
    expect(snapshotTimes(again)).toEqual([2, 0]);
    expect(again.health()).toEqual({ state: 'ok' });
    expect(fixture.lines.filter((line) => line.includes('stored block'))).toHaveLength(1);
  });

  it('of a process snapshot results in an error or in wrong numbers, whichever byte is wrong, and never in more than the limits', () => {
    const snapshots = [aSnapshot(0), aSnapshot(1), aSnapshot(2)];
    const bytes = packSnapshots(snapshots);
    let failed = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const wrong = Buffer.from(bytes);
      wrong[at] = (wrong[at] ?? 0) ^ 0x55;
      try {
        expect(unpackSnapshots(wrong).length).toBeLessThanOrEqual(10_000);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        failed += 1;
      }
    }
    expect(failed).toBeGreaterThan(bytes.length / 4);
    expect(() => unpackSnapshots(Buffer.alloc(0))).toThrow(/ends too early/);
  });

  it('of the file leaves everything that can be read, and new events are stored', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (let n = 0; n < 2000; n += 1) {
      store.append(cpuBatch(n, (n * 7919) % 997));
      if (n % 2 === 0) store.activity.addEvent(anEvent(`#${n}`, { details: { n } }), NOON + n);
      if (n % 20 === 0) {
        store.activity.putIncident(anIncident(`i${n}`, { firedAt: NOON + n }));
        store.activity.putProcessSnapshot(aSnapshot(n));
      }
      if (n % 50 === 49) store.commit();
    }
    store.close();
    const page = pageOf(fixture.path, '#1000');
    const bytes = readFileSync(fixture.path);
    bytes.fill(0x7f, page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
    writeFileSync(fixture.path, bytes);
    const { store: again, quarantined } = fixture.open();
    expect(quarantined).not.toBeNull();
    const kept = new Set<string>();
    for (let before: number | undefined; ; ) {
      const { events } = again.activity.events({ limit: 500, ...(before === undefined ? {} : { before }) });
      if (events.length === 0) break;
      events.forEach(({ message }) => kept.add(message));
      before = events.at(-1)?.id ?? 0;
    }
    expect(kept.size).toBeGreaterThan(950);
    expect(kept.size).toBeLessThan(1000);
    expect([kept.has('#0'), kept.has('#1000'), kept.has('#1998')]).toEqual([true, false, true]);
    expect(again.activity.openIncidents()).toHaveLength(100);
    expect(snapshotTimes(again)).toHaveLength(100);
    again.activity.addEvent(anEvent('after'), NOON);
    expect(again.commit()).toBe(true);
    expect(messages(again, { limit: 1 })).toEqual(['after']);
  });
});

/** Number of the file's page that holds a text. */
function pageOf(path: string, text: string): number {
  const at = readFileSync(path).indexOf(text);
  if (at < 0) throw new Error(`${text} is not in the file`);
  return Math.floor(at / PAGE_SIZE);
}

describe('a database from before the activity log', () => {
  it('is migrated with its samples, and one of a newer version is refused', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (let n = 0; n < 100; n += 1) store.append(cpuBatch(n, n));
    store.close();
    const db = new Database(fixture.path);
    db.exec('DROP TABLE events; DROP TABLE incidents; DROP TABLE top_processes; DROP TABLE salvage; DROP TABLE spans; ALTER TABLE gaps DROP COLUMN since; PRAGMA user_version = 2');
    db.close();
    const { store: again, quarantined } = fixture.open();
    expect(quarantined).toBeNull();
    expect(again.stats({ series: ['cpu.usage'], from: 0, to: NOON * 2 })[0]?.count).toBe(100);
    write(again, 1);
    expect(again.commit()).toBe(true);
    again.close();
    const check = new Database(fixture.path);
    expect(check.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    expect(check.prepare('SELECT count(*) FROM events').pluck().get()).toBe(1);
    check.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    check.close();
    expect(() => fixture.open()).toThrow(new RegExp(`newer version .*schema ${SCHEMA_VERSION + 1}`));
  });

  it('is salvaged without an activity log if it is damaged', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (let n = 0; n < 3000; n += 1) store.append(cpuBatch(n, (n * 7919) % 997));
    store.close();
    const db = new Database(fixture.path);
    db.exec('DROP TABLE events; DROP TABLE incidents; DROP TABLE top_processes; DROP TABLE salvage; DROP TABLE spans; ALTER TABLE gaps DROP COLUMN since; PRAGMA user_version = 2');
    const page = Number(db.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'gaps'").pluck().get());
    db.close();
    const bytes = readFileSync(fixture.path);
    bytes.fill(0x7f, (page - 1) * PAGE_SIZE, page * PAGE_SIZE);
    writeFileSync(fixture.path, bytes);
    const { store: again, quarantined } = fixture.open();
    expect(quarantined).not.toBeNull();
    expect(again.stats({ series: ['cpu.usage'], from: 0, to: NOON * 2 })[0]?.count).toBe(3000);
    expect(again.activity.events({ limit: 1 }).total).toBe(0);
    expect(fixture.lines.some((line) => line.includes('activity log'))).toBe(false);
  });
});
