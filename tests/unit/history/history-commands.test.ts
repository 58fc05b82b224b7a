import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHub } from '../../../src/main/engine/hub';
import { createCallbackLog } from '../../../src/main/engine/log';
import { openStore } from '../../../src/main/engine/store/open-store';
import { createHistoryCommands, safeName } from '../../../src/main/history/history-commands';
import type { HistoryCommandsParts } from '../../../src/main/history/history-commands';
import { createGapQuery } from '../../../src/main/history/gap-query';
import { createSwappableStore } from '../../../src/main/history/swappable-store';
import { createTasks, failureText } from '../../../src/main/history/background-tasks';
import type { TaskState } from '../../../src/shared/api/history-schemas';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { batchOf, NOON } from '../../support/store';
import { aSnapshot, anEvent, anIncident, messages } from '../../support/activity-log';
import { databaseWorkerHere } from '../../support/database-worker';

/** The tools over a real store in a folder of their own, with a dialog that answers what it is told. */
function workshop() {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-tools-'));
  const path = join(folder, 'history.sqlite');
  const clock = { now: () => NOON + 60_000, mono: () => 0, boot: () => 0 };
  const log = createCallbackLog(() => undefined);
  const slot = createSwappableStore(() => openStore({ path, clock, log, keepDays: 730 }).store);
  const hub = createHub((error) => {
    throw error;
  });
  const tasks = createTasks(clock, log);
  const states: TaskState[] = [];
  let ended: (state: TaskState) => void = () => undefined;
  tasks.onProgress((state) => {
    states.push(state);
    if (state.state !== 'running') ended(state);
  });
  const answer: { save: string | null; open: string | null } = { save: null, open: null };
  const dialogs = { save: () => Promise.resolve(answer.save), open: () => Promise.resolve(answer.open) };
  const parts: HistoryCommandsParts = { swappable: slot, hub, clock, tasks, dialogs, databaseWorker: databaseWorkerHere, path: () => path, keepDays: () => 730, hold: (work) => work() };
  const tools = createHistoryCommands(parts);
  const pause = { now: null as number | null };
  const gaps = createGapQuery({ store: slot.store, path: () => path, pausedNow: () => pause.now });
  onTestFinished(() => {
    slot.store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const add = (batch: SampleBatch): void => {
    hub.publish(batch);
    slot.store.append(batch);
    gaps.onBatch(batch);
  };
  /** Starts something and waits for its end. */
  const finish = async (begin: () => Promise<{ id: number | null }>): Promise<TaskState> => {
    const end = new Promise<TaskState>((resolve) => {
      ended = resolve;
    });
    await begin();
    return end;
  };
  return { folder, path, slot, parts, tools, tasks, states, answer, gaps, pause, add, finish };
}

const memory = (seconds: number, gap?: SampleBatch['gap']): SampleBatch => batchOf(seconds, { memory: { usage: 40 + (seconds % 10) } }, gap);
const usage = (shop: ReturnType<typeof workshop>) => shop.slot.store.query({ series: ['memory.usage'], from: NOON, to: NOON + 60_000, points: 100 }).series[0];

describe('export', () => {
  it('writes everything as CSV, one row a sample, and nothing beside it', async () => {
    const shop = workshop();
    for (let at = 0; at < 30; at += 1) shop.add(memory(at));
    shop.answer.save = join(shop.folder, 'all.csv');
    const end = await shop.finish(() => shop.tools.exportHistory({ format: 'csv' }));
    expect(end).toMatchObject({ kind: 'export', state: 'done', done: 1 });
    const rows = readFileSync(shop.answer.save, 'utf8').split('\r\n');
    expect(rows.slice(0, 2)).toEqual(['time,series,unit,mean,min,max,count', '2026-11-20T12:00:00.000Z,memory.usage,percent,40,40,40,1']);
    expect(rows.filter((row) => row.includes('memory.usage'))).toHaveLength(30);
    expect(readdirSync(shop.folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('writes a range of chosen series as JSON', async () => {
    const shop = workshop();
    for (let at = 0; at < 30; at += 1) shop.add(memory(at));
    shop.answer.save = join(shop.folder, 'some.json');
    await shop.finish(() => shop.tools.exportHistory({ format: 'json', series: ['memory.usage', 'cpu.usage'], from: NOON + 5000, to: NOON + 8000 }));
    const read = JSON.parse(readFileSync(shop.answer.save, 'utf8')) as { series: { series: string; points: unknown[] }[] };
    expect(read.series.map(({ series, points }) => [series, points.length])).toEqual([
      ['memory.usage', 3],
      ['cpu.usage', 0],
    ]);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const shop = workshop();
    for (let at = 0; at < 30; at += 1) shop.add(memory(at));
    shop.answer.save = join(shop.folder, 'all.csv');
    const end = await shop.finish(async () => {
      const { id } = await shop.tools.exportHistory({ format: 'csv', from: 0 });
      expect(shop.tasks.cancel(id ?? 0)).toBe(true);
      expect(shop.tasks.cancel(99)).toBe(false);
      return { id };
    });
    expect(end.state).toBe('cancelled');
    expect(readdirSync(shop.folder).filter((name) => name.startsWith('all'))).toEqual([]);
  });

  it('tells why it failed, and starts nothing when the dialog is closed', async () => {
    const shop = workshop();
    shop.add(memory(0));
    expect(await shop.tools.exportHistory({ format: 'csv' })).toEqual({ id: null });
    shop.answer.save = join(shop.folder, 'no such folder', 'all.csv');
    expect(await shop.finish(() => shop.tools.exportHistory({ format: 'csv' }))).toMatchObject({ state: 'failed', message: expect.stringContaining('ENOENT') as string });
    await expect(shop.tools.saveFile({ name: 'x', encoding: 'utf8', data: 'x' })).rejects.toThrow(/ENOENT/);
    expect(failureText(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toContain('disk is full');
  });

  it('one at a time', async () => {
    const shop = workshop();
    shop.add(memory(0));
    shop.answer.save = join(shop.folder, 'all.csv');
    const { id } = await shop.tools.exportHistory({ format: 'csv', from: 0 });
    await expect(shop.tools.backup()).rejects.toThrow(/still running/);
    const end = await shop.finish(() => Promise.resolve({ id: Number(shop.tasks.cancel(id ?? 0)) }));
    expect(end.state).toBe('cancelled');
  });
});

describe('backup and restore', () => {
  it('brings the history back as it was, and keeps the one before', async () => {
    const shop = workshop();
    for (let at = 0; at < 10; at += 1) shop.add(memory(at));
    const backup = join(shop.folder, 'backup.sqlite');
    shop.answer.save = backup;
    expect(await shop.finish(shop.tools.backup)).toMatchObject({ kind: 'backup', state: 'done' });
    expect(readdirSync(shop.folder).filter((name) => name.startsWith('backup'))).toEqual(['backup.sqlite']);
    for (let at = 10; at < 20; at += 1) shop.add(memory(at));
    expect(usage(shop)?.time).toHaveLength(20);
    shop.answer.open = backup;
    const before = readFileSync(backup);
    expect(await shop.finish(shop.tools.restore)).toMatchObject({ kind: 'restore', state: 'done', message: expect.stringContaining('history.before-restore-') as string });
    expect(usage(shop)?.time).toHaveLength(10);
    expect(readFileSync(backup).equals(before)).toBe(true);
    const aside = readdirSync(shop.folder).find((name) => name.startsWith('history.before-restore-') && name.endsWith('.sqlite'));
    const kept = openStore({ path: join(shop.folder, aside ?? ''), clock: { now: () => NOON, mono: () => 0 }, log: createCallbackLog(() => undefined), keepDays: 730 }).store;
    expect(kept.query({ series: ['memory.usage'], from: NOON, to: NOON + 60_000, points: 100 }).series[0]?.time).toHaveLength(20);
    kept.close();
    shop.add(memory(30, 'pause'));
    expect(shop.slot.store.commit()).toBe(true);
    expect(usage(shop)?.avg.at(-1)).toBe(40);
  });

  it('brings back events, incidents and looks of its time, and numbers go on growing', async () => {
    const shop = workshop();
    const { store } = shop.slot;
    const write = (name: string, at: number): number => {
      store.activity.putIncident(anIncident(name, { firedAt: NOON + at }));
      store.activity.putProcessSnapshot({ ...aSnapshot(0), time: NOON + at });
      return store.activity.addEvent(anEvent(name), NOON + at).id;
    };
    write('before', 0);
    shop.answer.save = join(shop.folder, 'backup.sqlite');
    await shop.finish(shop.tools.backup);
    const later = write('after', 1000);
    shop.answer.open = shop.answer.save;
    expect(await shop.finish(shop.tools.restore)).toMatchObject({ state: 'done' });
    expect(messages(store)).toEqual(['before']);
    expect(store.activity.openIncidents().map(({ id }) => id)).toEqual(['before']);
    expect(store.activity.processSnapshots({ from: 0, to: NOON * 2, limit: 9 }).map(({ time }) => time)).toEqual([NOON]);
    expect(write('now', 2000)).toBeGreaterThan(later);
    expect(store.commit()).toBe(true);
    expect(messages(store)).toEqual(['now', 'before']);
  });

  it.each([
    ['is no database', () => Buffer.from('hello')],
    ['is another program’s', (good: Buffer) => Buffer.concat([good.subarray(0, 68), Buffer.from([1, 2, 3, 4]), good.subarray(72)])],
    ['is newer', (good: Buffer) => Buffer.concat([good.subarray(0, 60), Buffer.from([0, 0, 3, 0]), good.subarray(64)])],
    ['is damaged', (good: Buffer) => Buffer.concat([good.subarray(0, 4096), Buffer.alloc(good.length - 4096, 7)])],
  ] as const)('refuses a file that %s, and leaves the history as it is', async (_what, spoil) => {
    const shop = workshop();
    for (let at = 0; at < 10; at += 1) shop.add(memory(at));
    const backup = join(shop.folder, 'backup.sqlite');
    shop.answer.save = backup;
    await shop.finish(shop.tools.backup);
    writeFileSync(backup, spoil(readFileSync(backup)));
    shop.answer.open = backup;
    expect(await shop.finish(shop.tools.restore)).toMatchObject({ state: 'failed', message: expect.stringContaining('was not restored') as string });
    expect(usage(shop)?.time).toHaveLength(10);
    expect(existsSync(`${shop.path}.restore`)).toBe(false);
  });

  it('refuses the history itself', async () => {
    const shop = workshop();
    shop.answer.save = shop.path;
    shop.answer.open = shop.path;
    await expect(shop.tools.backup()).rejects.toThrow(/itself/);
    await expect(shop.tools.restore()).rejects.toThrow(/itself/);
  });
});

describe('spans', () => {
  it('tells sleep and restarts, before and after they are on disk', () => {
    const shop = workshop();
    for (let at = 0; at < 10; at += 1) shop.add(memory(at, at === 0 ? 'start' : undefined));
    for (let at = 40; at < 50; at += 1) shop.add(memory(at, at === 40 ? 'sleep' : undefined));
    const expected = [{ from: NOON + 10_000, to: NOON + 40_000, reason: 'sleep' }];
    expect(shop.gaps.gaps(NOON, NOON + 50_000)).toEqual(expected);
    shop.slot.store.commit();
    const anew = (path: string | null) => createGapQuery({ store: shop.slot.store, path: () => path, pausedNow: () => null });
    expect(anew(shop.path).gaps(NOON, NOON + 50_000)).toEqual(expected);
    expect(anew(null).gaps(NOON, NOON + 50_000)).toEqual([]);
  });

  it('tells a minute in which the process was stopped, over an hour, whatever fraction of a second it began at', () => {
    const shop = workshop();
    for (let at = 0; at < 1200; at += 1) if (at < 600 || at > 660) shop.add({ ...memory(at, at === 661 ? 'stall' : undefined), time: NOON + at * 1000 + 437 });
    shop.slot.store.commit();
    const [gap, ...others] = shop.gaps.gaps(NOON - 1_800_000, NOON + 1_800_000);
    expect(others).toEqual([]);
    expect(gap).toMatchObject({ to: NOON + 661_437, reason: 'stall' });
    expect(Math.abs((gap?.from ?? 0) - (NOON + 600_437))).toBeLessThan(4000);
  });

  it('tells a pause that goes on, up to now', () => {
    const shop = workshop();
    for (let at = 0; at < 10; at += 1) shop.add(memory(at));
    expect(shop.gaps.gaps(NOON, NOON + 50_000)).toEqual([]);
    shop.pause.now = NOON + 40_000;
    expect(shop.gaps.gaps(NOON, NOON + 50_000)).toEqual([{ from: NOON + 10_000, to: NOON + 40_000, reason: 'pause' }]);
    expect(shop.gaps.gaps(NOON, NOON + 30_000)).toEqual([{ from: NOON + 10_000, to: NOON + 30_000, reason: 'pause' }]);
    expect(shop.gaps.gaps(NOON + 45_000, NOON + 50_000)).toEqual([]);
    shop.pause.now = null;
    shop.add(memory(45, 'pause'));
    expect(shop.gaps.gaps(NOON, NOON + 50_000)).toEqual([{ from: NOON + 10_000, to: NOON + 45_000, reason: 'pause' }]);
  });
});

describe('drafts', () => {
  it('of what runs when the app ends are removed', async () => {
    const shop = workshop();
    for (let at = 0; at < 30; at += 1) shop.add(memory(at));
    shop.answer.save = join(shop.folder, 'all.csv');
    const drafts = (): string[] => readdirSync(shop.folder).filter((name) => name.endsWith('.part'));
    const end = await shop.finish(async () => {
      const started = await shop.tools.exportHistory({ format: 'csv', from: 0 });
      while (drafts().length === 0) await new Promise((resolve) => setImmediate(resolve));
      shop.tasks.close();
      expect(drafts()).toEqual([]);
      return started;
    });
    expect(end.state).toBe('cancelled');
    expect(readdirSync(shop.folder).filter((name) => name.startsWith('all'))).toEqual([]);
    shop.tasks.close();
  });

  it('that a killed run left go with the next export; those of others stay', async () => {
    const shop = workshop();
    shop.add(memory(0));
    const ours = ['traywatch-history-20261120-115959.csv.part', 'traywatch-backup-20261120-115959.sqlite.part', 'traywatch-backup-20261120-115959.sqlite.part-journal'];
    const others = ['film.mkv.part', 'traywatch-history-20261120-115959.csv', 'my traywatch-history-20261120-115959.csv.part'];
    for (const name of [...ours, ...others]) writeFileSync(join(shop.folder, name), 'x');
    shop.answer.save = join(shop.folder, 'all.csv');
    expect((await shop.finish(() => shop.tools.exportHistory({ format: 'csv' }))).state).toBe('done');
    const left = readdirSync(shop.folder);
    expect(left).toEqual(expect.arrayContaining(others));
    expect(left.filter((name) => ours.includes(name))).toEqual([]);
  });

  it('of a restore that was cut off are gone at the next start', () => {
    const shop = workshop();
    writeFileSync(`${shop.path}.restore`, 'half a backup');
    createHistoryCommands(shop.parts);
    expect(existsSync(`${shop.path}.restore`)).toBe(false);
  });
});

describe('estimate and names', () => {
  it('counts the series of the machine as it is', () => {
    const shop = workshop();
    shop.add(memory(0));
    const found = shop.tools.estimate({ keepDays: 730, maxBytes: null });
    expect(found?.series).toBeGreaterThan(3);
    expect(found?.bytes).toBeGreaterThan(1_000_000);
  });

  it('makes a name of anything', () => {
    expect(safeName('../../etc/passwd')).toBe('etc-passwd');
    expect(safeName('CPU: user/system?.png')).toBe('CPU- user-system-.png');
    expect([safeName('..'), safeName('\u0000'), safeName(' ')]).toEqual(['traywatch', 'traywatch', 'traywatch']);
  });
});
