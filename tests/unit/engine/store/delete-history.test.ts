import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as fc from 'fast-check';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deletionEvent } from '../../../../src/main/history/deletion-text';
import { deleteHistory } from '../../../../src/main/engine/store/jobs/delete-history';
import { listGoneDevices, measureDeletion } from '../../../../src/main/engine/store/jobs/deletion-size';
import type { Store } from '../../../../src/main/engine/store/store-types';
import type { Deletion } from '../../../../src/shared/api/deletion-schemas';
import type { SampleBatch } from '../../../../src/shared/metrics/reading';
import { incidentOf } from '../../../support/alert-samples';
import { chunkStartsOf, createStoreFixture, NOON, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const QUARTER = 15 * MINUTE;

function batchAt(time: number, seq: number, withUsb: boolean): SampleBatch {
  const disks = { '/': { label: '/', values: { usage: 50, used: 1e9 } }, ...(withUsb ? { '/mnt/usb': { label: '/mnt/usb', values: { usage: 90, used: 9e9 } } } : {}) };
  return { seq, time, readings: Object.fromEntries([['cpu', { values: { usage: seq % 100 }, devices: {} }], ['disk', { values: { usage: 50 }, devices: disks }]]), faults: {} };
}

/** A sealed history of `days` until NOON, a sample every ten minutes; the last third without the USB disk. */
function createHistory(days: number): { fixture: StoreFixture; store: Store; begin: number } {
  const fixture = createStoreFixture();
  const { store } = fixture.open();
  const begin = NOON - days * DAY;
  let seq = 0;
  for (let time = begin; time <= NOON; time += 10 * MINUTE) {
    fixture.clock.wall = time;
    fixture.clock.mono += 50;
    seq += 1;
    store.append(batchAt(time, seq, time < NOON - (days * DAY) / 3));
    if (seq % 100 === 0 && store.commit()) runMaintenance(store, time);
  }
  store.commit();
  runMaintenance(store, NOON);
  return { fixture, store, begin };
}

const rewrite = (fixture: StoreFixture, store: Store, deletion: Deletion, onProgress: (done: number) => void = () => undefined) =>
  store.rewrite((path) => Promise.resolve().then(() => deleteHistory(path, deletion, (size) => deletionEvent(deletion, size, fixture.clock.wall), onProgress)));

/** Number of samples of a series in a range; those that only some resolution has count as well. */
function countOf(store: Store, series: string, from = 0, to = NOON + DAY): number {
  const shown = [3, 700, 5000].map((points) => store.query({ series: [series], from, to, points }).series.reduce((sum, { count }) => sum + count.reduce((a, b) => a + b, 0), 0));
  return Math.max(store.stats({ series: [series], from, to })[0]?.count ?? 0, ...shown);
}

function integrityOf(path: string): unknown {
  const db = new Database(path, { readonly: true });
  const found = [db.pragma('integrity_check', { simple: true }), db.prepare('SELECT count(*) FROM chunks WHERE id % 33554432 > 0 AND id % 33554432 NOT IN (SELECT id FROM series)').pluck().get()];
  db.close();
  return found;
}

/** Resolved and open alerts, events and snapshots on both sides of a time. */
function addActivity(store: Store, time: number): void {
  const incident = (id: string, at: number, clearedAt: number | null, series = 'cpu.usage') => store.activity.putIncident(incidentOf({ id, series, since: at, firedAt: at, clearedAt, endedBy: clearedAt === null ? null : 'recovered' }));
  incident('before', time - 2 * HOUR, time - HOUR);
  incident('across', time - HOUR, time + HOUR);
  incident('after', time + HOUR, time + 2 * HOUR);
  incident('open', time - 3 * HOUR, null);
  incident('usb', time - 2 * HOUR, time - HOUR, 'disk.usage@/mnt/usb');
  for (const [at, message, about] of [[time - HOUR, 'old', 'before'], [time + HOUR, 'new', 'after'], [time - HOUR, 'usb', 'usb']] as const) store.activity.addEvent({ type: 'test', severity: 'info', message, user: null, details: { incident: about } }, at);
  for (const [at, of] of [[time - MINUTE, null], [time + MINUTE, null], [time - 2 * HOUR, 'before'], [time - 2 * HOUR, 'usb'], [time - 3 * HOUR, 'open']] as const) store.activity.putProcessSnapshot({ time: at, incident: of, processes: [{ name: 'p', pid: 1, cpu: 1, memory: 1 }] });
  store.commit();
}

function activityOf(store: Store) {
  const incidents = store.activity.incidents({ from: 0, to: NOON * 2, openOnly: false, limit: 100 }).map(({ id }) => id).toSorted();
  const events = store.activity.events({ limit: 100 }).events.map(({ message }) => message);
  const snapshots = store.activity.processSnapshots({ from: 0, to: NOON * 2, limit: 100 }).length;
  return { incidents, events, snapshots };
}

describe('deleting everything', () => {
  it('leaves nothing but open alerts and the event that says so, and the file shrinks', { timeout: 60_000 }, async () => {
    const { fixture, store, begin } = createHistory(40);
    addActivity(store, NOON - DAY);
    const before = statSync(fixture.path).size;
    const done: number[] = [];
    const { size, isCompacted } = await rewrite(fixture, store, { kind: 'all' }, (part) => done.push(part));
    expect(size).toMatchObject({ series: 6, events: 3, alerts: 4, snapshots: 4 });
    expect(Math.abs((size.from ?? 0) - begin)).toBeLessThanOrEqual(DAY);
    expect(isCompacted).toBe(true);
    expect(countOf(store, 'cpu.usage')).toBe(0);
    const { incidents, events, snapshots } = activityOf(store);
    expect([incidents, snapshots]).toEqual([['open'], 1]);
    expect(events).toEqual([expect.stringMatching(/^History deleted: everything \(4\d days of 6 series, 3 events and 4 alerts\)$/)]);
    expect(integrityOf(fixture.path)).toEqual(['ok', 0]);
    expect(chunkStartsOf(fixture.path)).toEqual({ stored: [], indexed: [] });
    expect(statSync(fixture.path).size).toBeLessThan(before / 2);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });

  it('goes on storing, samples that came meanwhile included, also after a restart', async () => {
    const { fixture, store } = createHistory(3);
    await store.rewrite(async (path) => {
      for (let i = 1; i <= 5; i += 1) store.append(batchAt(NOON + i * 1000, i, false));
      expect(store.commit()).toBe(false);
      await Promise.resolve();
      deleteHistory(path, { kind: 'all' }, (size) => deletionEvent({ kind: 'all' }, size, NOON), () => undefined);
    });
    for (let i = 6; i <= 10; i += 1) store.append(batchAt(NOON + i * 1000, i, false));
    store.commit();
    expect([countOf(store, 'cpu.usage', 0, NOON + 1000), countOf(store, 'cpu.usage')]).toEqual([0, 10]);
    store.close();
    expect(countOf(fixture.open().store, 'cpu.usage')).toBe(10);
    expect(integrityOf(fixture.path)).toEqual(['ok', 0]);
  });
});

describe('deleting before a date', () => {
  it('leaves nothing before it at any resolution, and all after it', { timeout: 60_000 }, async () => {
    const { fixture, store } = createHistory(40);
    const end = NOON - 12 * DAY - 5 * HOUR - QUARTER;
    const after = countOf(store, 'cpu.usage', end + DAY);
    addActivity(store, end);
    await rewrite(fixture, store, { kind: 'before', time: end + 60_000 });
    expect(countOf(store, 'cpu.usage', 0, end)).toBe(0);
    expect(countOf(store, 'cpu.usage', end, end + DAY)).toBeGreaterThan(80);
    expect(countOf(store, 'cpu.usage', end + DAY)).toBe(after);
    expect(activityOf(store)).toEqual({ incidents: ['across', 'after', 'open'], events: [expect.stringContaining('History deleted: before '), 'new'], snapshots: 2 });
    expect(integrityOf(fixture.path)).toEqual(['ok', 0]);
  });

  it('holds for any date in a history of a few days, also where maintenance stopped midway', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -10, max: 5 * 96 + 10 }), fc.nat(30), async (quarters, slices) => {
        const { fixture, store, begin } = createHistory(4);
        for (let i = 0; i < 300; i += 1) store.append(batchAt(NOON + i * 10_000, i, false));
        store.commit();
        fixture.clock.wall = NOON + HOUR;
        for (let i = 0; i < slices; i += 1) store.maintain(NOON + HOUR);
        const end = Math.floor(begin / QUARTER) * QUARTER + quarters * QUARTER;
        const kept = countOf(store, 'cpu.usage', end + DAY);
        await rewrite(fixture, store, { kind: 'before', time: end });
        expect(countOf(store, 'cpu.usage', 0, end)).toBe(0);
        expect(countOf(store, 'cpu.usage', end + DAY)).toBe(kept);
        runMaintenance(store, NOON + HOUR);
        expect(countOf(store, 'cpu.usage', end + DAY)).toBe(kept);
        expect(integrityOf(fixture.path)).toEqual(['ok', 0]);
      }),
      { numRuns: 12 },
    );
  });

  it('is measured beforehand as what it then removes', async () => {
    const { fixture, store } = createHistory(10);
    const deletion = { kind: 'before', time: NOON - 4 * DAY } as const;
    addActivity(store, deletion.time);
    const measured = measureDeletion(fixture.path, deletion);
    const { size } = await rewrite(fixture, store, deletion);
    expect(size).toEqual(measured);
    expect(measureDeletion(fixture.path, deletion)).toMatchObject({ from: null, to: null, series: 0, bytes: 0, alerts: 0, snapshots: 0 });
  });
});

describe('deleting a device', () => {
  const usb = { kind: 'device', family: 'disk', device: '/mnt/usb' } as const;

  it('that is gone removes its series and alerts, and nothing else', async () => {
    const { fixture, store } = createHistory(9);
    addActivity(store, NOON - 5 * DAY);
    expect(listGoneDevices(fixture.path)).toMatchObject([{ family: 'disk', device: '/mnt/usb' }]);
    const others = countOf(store, 'disk.usage@/');
    const { size } = await rewrite(fixture, store, usb);
    expect(size).toMatchObject({ series: 2, alerts: 1, events: 1, snapshots: 1 });
    expect(countOf(store, 'disk.usage@/mnt/usb')).toBe(0);
    expect(countOf(store, 'disk.usage@/')).toEqual(others);
    expect(listGoneDevices(fixture.path)).toEqual([]);
    expect(activityOf(store)).toMatchObject({ incidents: ['across', 'after', 'before', 'open'], snapshots: 4 });
    expect(integrityOf(fixture.path)).toEqual(['ok', 0]);
  });

  it('that is still there is refused, and nothing changes', async () => {
    const { fixture, store } = createHistory(3);
    const before = countOf(store, 'disk.usage@/');
    await expect(rewrite(fixture, store, { kind: 'device', family: 'disk', device: '/' })).rejects.toThrow('/ was there within the last half hour');
    expect(countOf(store, 'disk.usage@/')).toEqual(before);
    expect(activityOf(store).events).toEqual([]);
  });

  it('of which nothing is known removes nothing', async () => {
    const { fixture, store } = createHistory(3);
    const before = countOf(store, 'cpu.usage');
    expect((await rewrite(fixture, store, { ...usb, device: "%' OR 1=1 --" })).size).toMatchObject({ series: 0, alerts: 0, events: 0 });
    expect(countOf(store, 'cpu.usage')).toEqual(before);
  });
});

describe('a deletion that cannot be done', () => {
  it('because of the disk leaves everything, and the store goes on', async () => {
    const { fixture, store } = createHistory(3);
    const before = countOf(store, 'cpu.usage');
    await expect(store.rewrite((path) => Promise.resolve().then(() => deleteHistory(path, { kind: 'all' }, () => { throw new Error('disk full'); }, () => undefined)))).rejects.toThrow('disk full');
    expect(countOf(store, 'cpu.usage')).toEqual(before);
    store.append(batchAt(NOON + 1000, 1, false));
    expect(store.commit()).toBe(true);
    expect(integrityOf(fixture.path)).toEqual(['ok', 0]);
  });

  it('waits for a compaction that is running', async () => {
    const fixture = createStoreFixture();
    let end = (): void => undefined;
    const { store } = fixture.open({ compact: () => new Promise((resolve) => { end = resolve; }) });
    const db = new Database(fixture.path);
    db.prepare("INSERT INTO state (name, value) VALUES ('compact.due', 1)").run();
    db.close();
    store.close();
    const reopened = fixture.open({ compact: () => new Promise((resolve) => { end = resolve; }) }).store;
    reopened.append(batchAt(NOON, 1, false));
    runMaintenance(reopened, NOON);
    const order: string[] = [];
    const done = reopened.rewrite(() => Promise.resolve(order.push('deleted')));
    await Promise.resolve();
    order.push('compacted');
    end();
    await done;
    expect(order).toEqual(['compacted', 'deleted']);
  });
});

describe('a deletion killed at any time', () => {
  // In node_modules, so that the bundled program finds better-sqlite3.
  const cache = resolve('node_modules/.cache');
  let folder = '';

  beforeAll(async () => {
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'history-deleter-'));
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: resolve('tests/support/history-deleter.ts'), outDir: folder, rollupOptions: { external: ['better-sqlite3'], output: { entryFileNames: 'deleter.mjs' } } },
    });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Kills the process after this many steps; resolves to the number of steps it came to. */
  async function killAfter(steps: number, path: string, deletion: Deletion): Promise<number> {
    const child = spawn(process.execPath, [join(folder, 'deleter.mjs'), path, JSON.stringify(deletion)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.length >= steps) child.kill('SIGKILL');
    }
    return output.length;
  }

  it('has deleted all of it or nothing, and what was left is done by the next start', { timeout: 180_000 }, async () => {
    const { fixture, store } = createHistory(5);
    const total = countOf(store, 'cpu.usage');
    const deletion: Deletion = { kind: 'before', time: NOON - DAY };
    const kept = countOf(store, 'cpu.usage', NOON - DAY);
    store.close();
    const copy = createStoreFixture();
    const outcomes = new Set<string>();
    const restore = (): void => {
      rmSync(dirname(copy.path), { recursive: true, force: true });
      mkdirSync(dirname(copy.path));
      for (const name of readdirSync(dirname(fixture.path))) copyFileSync(join(dirname(fixture.path), name), join(dirname(copy.path), name));
    };
    restore();
    const steps = await killAfter(Infinity, copy.path, deletion);
    for (let kill = 0; kill <= 16; kill += 1) {
      restore();
      await killAfter(Math.ceil((steps * kill) / 16), copy.path, deletion);
      // Not only to read: a rollback journal that was left is played back first.
      new Database(copy.path, { fileMustExist: true }).close();
      expect(integrityOf(copy.path)).toEqual(['ok', 0]);
      const compacted: string[] = [];
      const { store: next, quarantined } = copy.open({ compact: (path) => Promise.resolve(void compacted.push(path)) });
      expect(quarantined).toBeNull();
      const isDone = countOf(next, 'cpu.usage', 0, NOON - DAY) === 0;
      expect(countOf(next, 'cpu.usage')).toBe(isDone ? kept : total);
      expect(next.activity.events({ limit: 9 }).events.map(({ type }) => type)).toEqual(isDone ? ['history_deleted'] : []);
      runMaintenance(next, NOON + HOUR);
      outcomes.add(`${isDone ? 'deleted' : 'kept'}${compacted.length > 0 ? ', compacted later' : ''}`);
      next.close();
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(['kept', 'deleted']));
  });
});
