import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHub } from '../../../src/main/engine/hub';
import { openStore } from '../../../src/main/engine/store/open-store';
import { createTasks } from '../../../src/main/history/background-tasks';
import { createDeletion } from '../../../src/main/history/deletion';
import { createGapQuery } from '../../../src/main/history/gap-query';
import { createSwappableStore } from '../../../src/main/history/swappable-store';
import { CALLS } from '../../../src/shared/api/contract';
import type { Deletion } from '../../../src/shared/api/deletion-schemas';
import type { TaskState } from '../../../src/shared/api/history-schemas';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { databaseWorkerHere } from '../../support/database-worker';
import { createCallbackLog } from '../../support/log';
import { NOON, runMaintenance } from '../../support/store';

const MINUTE = 60_000;

function batchAt(time: number, seq: number, gap?: SampleBatch['gap']): SampleBatch {
  const devices = Object.fromEntries(['/', ...(time < NOON - 60 * MINUTE ? ['/mnt/usb'] : [])].map((id) => [id, { label: id, values: { usage: 50 } }]));
  return { seq, time, readings: Object.fromEntries([['cpu', { values: { usage: 5 }, devices: {} }], ['disk', { values: { usage: 50 }, devices }]]), faults: {}, ...(gap === undefined ? {} : { gap }) };
}

/** Two hours of history until NOON with a gap marker at its start, and the commands over it. */
function createRig() {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-deletion-'));
  const path = join(folder, 'history.sqlite');
  const clock = { now: () => NOON, mono: () => 0 };
  const log = createCallbackLog(() => undefined);
  const swappable = createSwappableStore(() => openStore({ path, clock, log, keepDays: 730 }).store);
  const hub = createHub((error) => {
    throw error;
  });
  const tasks = createTasks(clock, log);
  const states: TaskState[] = [];
  const waiting: ((state: TaskState) => void)[] = [];
  tasks.onProgress((state) => {
    states.push(state);
    if (state.state !== 'running') waiting.forEach((end) => end(state));
  });
  const commands = createDeletion({ swappable, hub, clock, tasks, databaseWorker: databaseWorkerHere, path: () => path });
  const gaps = createGapQuery({ store: swappable.store, path: () => path, pausedNow: () => null });
  onTestFinished(() => {
    swappable.store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  for (let minute = -120; minute <= 0; minute += 1) {
    const batch = batchAt(NOON + minute * MINUTE, minute + 121, minute === -120 ? 'start' : undefined);
    hub.publish(batch);
    swappable.store.append(batch);
    if (minute % 30 === 0) swappable.store.commit();
  }
  runMaintenance(swappable.store, NOON);
  const run = (deletion: Deletion): Promise<TaskState> => {
    const end = new Promise<TaskState>((resolve) => void waiting.push(resolve));
    commands.delete(deletion);
    return end;
  };
  const count = (series: string): number => swappable.store.stats({ series: [series], from: 0, to: NOON + 1 })[0]?.count ?? 0;
  return { folder, commands, tasks, states, gaps, run, count, store: swappable.store };
}

describe('deleting history', () => {
  it('is a task with progress, an event in the timeline, and goes on storing', async () => {
    const { run, states, store, count } = createRig();
    const end = await run({ kind: 'all' });
    expect(end).toMatchObject({ kind: 'delete', state: 'done', done: 1, message: expect.stringMatching(/^1 day of \d+ series, 0 events and 0 alerts\. The file has .* now\.$/) as string });
    expect(states[0]).toMatchObject({ state: 'running' });
    expect(store.activity.events({ limit: 9 }).events).toMatchObject([{ type: 'history_deleted', time: NOON, details: { kind: 'all', alerts: 0 } }]);
    expect(count('cpu.usage')).toBe(0);
    store.append(batchAt(NOON, 200));
    expect(count('cpu.usage')).toBe(1);
  });

  it('names beforehand what goes, which devices could be deleted, and the copies that stay', async () => {
    const { folder, commands } = createRig();
    writeFileSync(join(folder, 'history.corrupt-20261101T000000Z.sqlite'), '');
    writeFileSync(join(folder, 'history.before-restore-20261101T000000Z.sqlite'), '');
    writeFileSync(join(folder, 'settings.json'), '{}');
    const { size, devices, copies } = await commands.previewDeletion({ kind: 'all' });
    expect(size).toMatchObject({ from: NOON - 120 * MINUTE, to: NOON });
    expect(devices.map(({ family, device }) => [family, device])).toEqual([['disk', '/mnt/usb']]);
    expect(copies).toBe(2);
  });

  it('of a device that is there is refused, and of one that is gone removes it alone', async () => {
    const { commands, run, count } = createRig();
    expect(() => commands.delete({ kind: 'device', family: 'disk', device: '/' })).toThrow('/ is connected. Only devices that are gone can be deleted.');
    const before = count('disk.usage@/');
    expect((await run({ kind: 'device', family: 'disk', device: '/mnt/usb' })).state).toBe('done');
    expect([count('disk.usage@/mnt/usb'), count('disk.usage@/')]).toEqual([0, before]);
  });

  it('is refused while a backup or a restore runs, and they while it runs; it cannot be cancelled', async () => {
    const { commands, tasks, run, count } = createRig();
    let end = (): void => undefined;
    tasks.start('backup', 'x', () => new Promise((resolve) => { end = () => resolve(''); }));
    expect(() => commands.delete({ kind: 'all' })).toThrow('Another export, backup, restore, deletion or measurement is running.');
    expect(count('cpu.usage')).toBeGreaterThan(0);
    end();
    await Promise.resolve();
    await Promise.resolve();
    const done = run({ kind: 'all' });
    expect(() => tasks.start('restore', 'x', () => Promise.resolve(''))).toThrow('is running');
    expect(tasks.cancel(2)).toBe(false);
    expect((await done).state).toBe('done');
  });

  it('before a date is no gap: what is left is shown as where history begins', async () => {
    const { run, gaps, store } = createRig();
    await run({ kind: 'before', time: NOON - 60 * MINUTE });
    expect(gaps.gaps(NOON - 200 * MINUTE, NOON)).toEqual([]);
    expect(store.query({ series: ['cpu.usage'], from: 0, to: NOON - 60 * MINUTE, points: 100 }).series[0]?.time ?? []).toEqual([]);
  });

  it('can be asked for on the machine alone', () => {
    expect([CALLS.deleteHistory.access, CALLS.previewDeletion.access]).toEqual(['local', 'local']);
  });
});
