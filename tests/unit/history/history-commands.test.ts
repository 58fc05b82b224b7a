import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHub } from '../../../src/main/engine/hub';
import { createCallbackLog } from '../../support/log';
import { openStore } from '../../../src/main/engine/store/open-store';
import { createHistoryCommands } from '../../../src/main/history/history-commands';
import type { HistoryCommandsParts } from '../../../src/main/history/history-commands';
import { createGapQuery } from '../../../src/main/history/gap-query';
import { createSwappableStore } from '../../../src/main/history/swappable-store';
import { createTasks } from '../../../src/main/history/background-tasks';
import { safeName } from '../../../src/main/lib/file-dialogs';
import { fileErrorText } from '../../../src/main/lib/file-error-text';
import type { TaskState } from '../../../src/shared/api/history-schemas';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { batchOf, NOON } from '../../support/store';
import { aSnapshot, anEvent, anIncident, messages } from '../../support/activity-log';
import { databaseWorkerHere } from '../../support/database-worker';

/** History commands over a real store in a temporary folder, with dialogs that return what a test sets in `chosen`. */
function createRig() {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-history-'));
  const path = join(folder, 'history.sqlite');
  const clock = { now: () => NOON + 60_000, mono: () => 0, boot: () => 0 };
  const log = createCallbackLog(() => undefined);
  const swappable = createSwappableStore(() => openStore({ path, clock, log, keepDays: 730 }).store);
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
  const chosen: { save: string | null; open: string | null } = { save: null, open: null };
  const dialogs = { save: () => Promise.resolve(chosen.save), open: () => Promise.resolve(chosen.open) };
  const parts: HistoryCommandsParts = { swappable, hub, clock, tasks, dialogs, databaseWorker: databaseWorkerHere, path: () => path, keepDays: () => 730, pauseDuring: (work) => work() };
  const commands = createHistoryCommands(parts);
  const pause = { now: null as number | null };
  const gaps = createGapQuery({ store: swappable.store, path: () => path, pausedNow: () => pause.now });
  onTestFinished(() => {
    swappable.store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const add = (batch: SampleBatch): void => {
    hub.publish(batch);
    swappable.store.append(batch);
    gaps.onBatch(batch);
  };
  /** Starts a task and waits for its final state. */
  const finish = async (begin: () => Promise<{ id: number | null }>): Promise<TaskState> => {
    const end = new Promise<TaskState>((resolve) => {
      ended = resolve;
    });
    await begin();
    return end;
  };
  return { folder, path, swappable, parts, commands, tasks, states, chosen, gaps, pause, add, finish };
}

const memory = (seconds: number, gap?: SampleBatch['gap']): SampleBatch => batchOf(seconds, { memory: { usage: 40 + (seconds % 10) } }, gap);
const usage = (rig: ReturnType<typeof createRig>) => rig.swappable.store.query({ series: ['memory.usage'], from: NOON, to: NOON + 60_000, points: 100 }).series[0];

describe('export', () => {
  it('writes everything as CSV, one row a sample, and nothing beside it', async () => {
    const rig = createRig();
    for (let at = 0; at < 30; at += 1) rig.add(memory(at));
    rig.chosen.save = join(rig.folder, 'all.csv');
    const end = await rig.finish(() => rig.commands.exportHistory({ format: 'csv' }));
    expect(end).toMatchObject({ kind: 'export', state: 'done', done: 1 });
    const rows = readFileSync(rig.chosen.save, 'utf8').split('\r\n');
    expect(rows.slice(0, 2)).toEqual(['time,series,unit,mean,min,max,count', '2026-11-20T12:00:00.000Z,memory.usage,percent,40,40,40,1']);
    expect(rows.filter((row) => row.includes('memory.usage'))).toHaveLength(30);
    expect(readdirSync(rig.folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('writes a range of chosen series as JSON', async () => {
    const rig = createRig();
    for (let at = 0; at < 30; at += 1) rig.add(memory(at));
    rig.chosen.save = join(rig.folder, 'some.json');
    await rig.finish(() => rig.commands.exportHistory({ format: 'json', series: ['memory.usage', 'cpu.usage'], from: NOON + 5000, to: NOON + 8000 }));
    const read = JSON.parse(readFileSync(rig.chosen.save, 'utf8')) as { series: { series: string; points: unknown[] }[] };
    expect(read.series.map(({ series, points }) => [series, points.length])).toEqual([
      ['memory.usage', 3],
      ['cpu.usage', 0],
    ]);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const rig = createRig();
    for (let at = 0; at < 30; at += 1) rig.add(memory(at));
    rig.chosen.save = join(rig.folder, 'all.csv');
    const end = await rig.finish(async () => {
      const { id } = await rig.commands.exportHistory({ format: 'csv', from: 0 });
      expect(rig.tasks.cancel(id ?? 0)).toBe(true);
      expect(rig.tasks.cancel(99)).toBe(false);
      return { id };
    });
    expect(end.state).toBe('cancelled');
    expect(readdirSync(rig.folder).filter((name) => name.startsWith('all'))).toEqual([]);
  });

  it('reports why it failed, and starts nothing when the dialog is cancelled', async () => {
    const rig = createRig();
    rig.add(memory(0));
    expect(await rig.commands.exportHistory({ format: 'csv' })).toEqual({ id: null });
    rig.chosen.save = join(rig.folder, 'no such folder', 'all.csv');
    expect(await rig.finish(() => rig.commands.exportHistory({ format: 'csv' }))).toMatchObject({ state: 'failed', message: expect.stringContaining('ENOENT') as string });
    await expect(rig.commands.saveFile({ name: 'x', encoding: 'utf8', data: 'x' })).rejects.toThrow(/ENOENT/);
    expect(fileErrorText(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toContain('Disk full');
  });

  it('runs one task at a time', async () => {
    const rig = createRig();
    rig.add(memory(0));
    rig.chosen.save = join(rig.folder, 'all.csv');
    const { id } = await rig.commands.exportHistory({ format: 'csv', from: 0 });
    await expect(rig.commands.backup()).rejects.toThrow(/Another export, backup, restore, deletion or measurement is running/);
    const end = await rig.finish(() => Promise.resolve({ id: Number(rig.tasks.cancel(id ?? 0)) }));
    expect(end.state).toBe('cancelled');
  });
});

describe('backup and restore', () => {
  it('restores the history as it was, and keeps the previous one', async () => {
    const rig = createRig();
    for (let at = 0; at < 10; at += 1) rig.add(memory(at));
    const backup = join(rig.folder, 'backup.sqlite');
    rig.chosen.save = backup;
    expect(await rig.finish(rig.commands.backup)).toMatchObject({ kind: 'backup', state: 'done' });
    expect(readdirSync(rig.folder).filter((name) => name.startsWith('backup'))).toEqual(['backup.sqlite']);
    for (let at = 10; at < 20; at += 1) rig.add(memory(at));
    expect(usage(rig)?.time).toHaveLength(20);
    rig.chosen.open = backup;
    const before = readFileSync(backup);
    expect(await rig.finish(rig.commands.restore)).toMatchObject({ kind: 'restore', state: 'done', message: expect.stringContaining('history.before-restore-') as string });
    expect(usage(rig)?.time).toHaveLength(10);
    expect(readFileSync(backup).equals(before)).toBe(true);
    const previous = readdirSync(rig.folder).find((name) => name.startsWith('history.before-restore-') && name.endsWith('.sqlite'));
    const kept = openStore({ path: join(rig.folder, previous ?? ''), clock: { now: () => NOON, mono: () => 0 }, log: createCallbackLog(() => undefined), keepDays: 730 }).store;
    expect(kept.query({ series: ['memory.usage'], from: NOON, to: NOON + 60_000, points: 100 }).series[0]?.time).toHaveLength(20);
    kept.close();
    rig.add(memory(30, 'pause'));
    expect(rig.swappable.store.commit()).toBe(true);
    expect(usage(rig)?.avg.at(-1)).toBe(40);
  });

  it('restores events, incidents and process snapshots, and ids keep growing', async () => {
    const rig = createRig();
    const { store } = rig.swappable;
    const write = (name: string, at: number): number => {
      store.activity.putIncident(anIncident(name, { firedAt: NOON + at }));
      store.activity.putProcessSnapshot({ ...aSnapshot(0), time: NOON + at });
      return store.activity.addEvent(anEvent(name), NOON + at).id;
    };
    write('before', 0);
    rig.chosen.save = join(rig.folder, 'backup.sqlite');
    await rig.finish(rig.commands.backup);
    const later = write('after', 1000);
    rig.chosen.open = rig.chosen.save;
    expect(await rig.finish(rig.commands.restore)).toMatchObject({ state: 'done' });
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
  ] as const)('refuses a file that %s, and leaves the history unchanged', async (_what, spoil) => {
    const rig = createRig();
    for (let at = 0; at < 10; at += 1) rig.add(memory(at));
    const backup = join(rig.folder, 'backup.sqlite');
    rig.chosen.save = backup;
    await rig.finish(rig.commands.backup);
    writeFileSync(backup, spoil(readFileSync(backup)));
    rig.chosen.open = backup;
    expect(await rig.finish(rig.commands.restore)).toMatchObject({ state: 'failed', message: expect.stringContaining('was not restored') as string });
    expect(usage(rig)?.time).toHaveLength(10);
    expect(existsSync(`${rig.path}.restore`)).toBe(false);
  });

  it('refuses the history itself', async () => {
    const rig = createRig();
    rig.chosen.save = rig.path;
    rig.chosen.open = rig.path;
    await expect(rig.commands.backup()).rejects.toThrow(/itself/);
    await expect(rig.commands.restore()).rejects.toThrow(/itself/);
  });
});

describe('gaps', () => {
  it('include sleep and restarts, before and after they are stored', () => {
    const rig = createRig();
    for (let at = 0; at < 10; at += 1) rig.add(memory(at, at === 0 ? 'start' : undefined));
    for (let at = 40; at < 50; at += 1) rig.add(memory(at, at === 40 ? 'sleep' : undefined));
    const expected = [{ from: NOON + 10_000, to: NOON + 40_000, reason: 'sleep' }];
    expect(rig.gaps.gaps(NOON, NOON + 50_000)).toEqual(expected);
    rig.swappable.store.commit();
    const reopened = (path: string | null) => createGapQuery({ store: rig.swappable.store, path: () => path, pausedNow: () => null });
    expect(reopened(rig.path).gaps(NOON, NOON + 50_000)).toEqual(expected);
    expect(reopened(null).gaps(NOON, NOON + 50_000)).toEqual([]);
  });

  it('include a minute in which the process was stopped, over an hour, whatever fraction of a second it began at', () => {
    const rig = createRig();
    for (let at = 0; at < 1200; at += 1) if (at < 600 || at > 660) rig.add({ ...memory(at, at === 661 ? 'stall' : undefined), time: NOON + at * 1000 + 437 });
    rig.swappable.store.commit();
    const [gap, ...others] = rig.gaps.gaps(NOON - 1_800_000, NOON + 1_800_000);
    expect(others).toEqual([]);
    expect(gap).toMatchObject({ to: NOON + 661_437, reason: 'stall' });
    expect(Math.abs((gap?.from ?? 0) - (NOON + 600_437))).toBeLessThan(4000);
  });

  it('include a pause that has not ended, up to now', () => {
    const rig = createRig();
    for (let at = 0; at < 10; at += 1) rig.add(memory(at));
    expect(rig.gaps.gaps(NOON, NOON + 50_000)).toEqual([]);
    rig.pause.now = NOON + 40_000;
    expect(rig.gaps.gaps(NOON, NOON + 50_000)).toEqual([{ from: NOON + 10_000, to: NOON + 40_000, reason: 'pause' }]);
    expect(rig.gaps.gaps(NOON, NOON + 30_000)).toEqual([{ from: NOON + 10_000, to: NOON + 30_000, reason: 'pause' }]);
    expect(rig.gaps.gaps(NOON + 45_000, NOON + 50_000)).toEqual([]);
    rig.pause.now = null;
    rig.add(memory(45, 'pause'));
    expect(rig.gaps.gaps(NOON, NOON + 50_000)).toEqual([{ from: NOON + 10_000, to: NOON + 45_000, reason: 'pause' }]);
  });
});

describe('partial files', () => {
  it('of a running task are removed when the app quits', async () => {
    const rig = createRig();
    for (let at = 0; at < 30; at += 1) rig.add(memory(at));
    rig.chosen.save = join(rig.folder, 'all.csv');
    const partials = (): string[] => readdirSync(rig.folder).filter((name) => name.endsWith('.part'));
    const end = await rig.finish(async () => {
      const started = await rig.commands.exportHistory({ format: 'csv', from: 0 });
      while (partials().length === 0) await new Promise((resolve) => setImmediate(resolve));
      rig.tasks.close();
      expect(partials()).toEqual([]);
      return started;
    });
    expect(end.state).toBe('cancelled');
    expect(readdirSync(rig.folder).filter((name) => name.startsWith('all'))).toEqual([]);
    rig.tasks.close();
  });

  it('left by a killed run are removed by the next export; other files are not', async () => {
    const rig = createRig();
    rig.add(memory(0));
    const stale = ['traywatch-history-20261120-115959.csv.part', 'traywatch-backup-20261120-115959.sqlite.part', 'traywatch-backup-20261120-115959.sqlite.part-journal'];
    const others = ['film.mkv.part', 'traywatch-history-20261120-115959.csv', 'my traywatch-history-20261120-115959.csv.part'];
    for (const name of [...stale, ...others]) writeFileSync(join(rig.folder, name), 'x');
    rig.chosen.save = join(rig.folder, 'all.csv');
    expect((await rig.finish(() => rig.commands.exportHistory({ format: 'csv' }))).state).toBe('done');
    const left = readdirSync(rig.folder);
    expect(left).toEqual(expect.arrayContaining(others));
    expect(left.filter((name) => stale.includes(name))).toEqual([]);
  });

  it('of an interrupted restore are removed at the next start', () => {
    const rig = createRig();
    writeFileSync(`${rig.path}.restore`, 'half a backup');
    createHistoryCommands(rig.parts);
    expect(existsSync(`${rig.path}.restore`)).toBe(false);
  });
});

describe('estimate and names', () => {
  it('counts the series that the machine has now', () => {
    const rig = createRig();
    rig.add(memory(0));
    const found = rig.commands.estimate({ keepDays: 730, maxBytes: null });
    expect(found?.series).toBeGreaterThan(3);
    expect(found?.bytes).toBeGreaterThan(1_000_000);
  });

  it('turns any text into a file name', () => {
    expect(safeName('../../etc/passwd')).toBe('etc-passwd');
    expect(safeName('CPU: user/system?.png')).toBe('CPU- user-system-.png');
    expect([safeName('..'), safeName('\u0000'), safeName(' ')]).toEqual(['traywatch', 'traywatch', 'traywatch']);
  });
});
