import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createContainerDisk } from '../../../src/main/core/container-disk';
import type { DiskEngine } from '../../../src/main/engine/containers/disk/disk-types';
import { systemClock, systemTimers } from '../../../src/main/engine/clock';
import { systemDeps } from '../../../src/main/engine/collectors/platform';
import { createTasks } from '../../../src/main/history/background-tasks';
import { pathsIn } from '../../../src/main/lib/paths';
import { dispatch } from '../../../src/shared/api/dispatch';
import type { Handlers } from '../../../src/shared/api/dispatch';
import { engineDiskSchema } from '../../../src/shared/containers/container-schemas';
import { taskSchema } from '../../../src/shared/api/history-schemas';
import type { TaskState } from '../../../src/shared/api/history-schemas';
import { createCallbackLog } from '../../support/log';

const caller = { id: 'window:1', role: 'local' } as const;

/** The calls, over engines of a machine elsewhere; `df` is what they answer about their disk space. */
function createDisk({ engines = ['docker'], df = () => Promise.resolve<unknown>({ ContainerUsage: { TotalSize: 30 }, VolumeUsage: { TotalSize: 70 } }) }: { engines?: string[]; df?: () => Promise<unknown> } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-container-disk-'));
  const log = createCallbackLog(() => undefined);
  const tasks = createTasks(systemClock, log);
  const states: TaskState[] = [];
  tasks.onProgress((state) => states.push(taskSchema.parse(state)));
  const json = (path: string): Promise<unknown> => (path === '/version' ? Promise.resolve({ ApiVersion: '1.53' }) : df());
  const open = () => {
    const disk = createContainerDisk({ parts: { system: systemDeps(), clock: systemClock, timers: systemTimers, paths: pathsIn(folder), log }, tasks }, () => engines.map((id): DiskEngine => ({ id, kind: 'docker', label: 'Docker', folder: '/var/lib/docker', isHere: false, json })));
    onTestFinished(() => disk.close());
    return disk;
  };
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const disk = open();
  const call = (name: string, input: object = {}) => dispatch(disk.handlers as unknown as Handlers, name, input, caller, () => undefined);
  const ended = async (): Promise<TaskState> => {
    await expect.poll(() => states.at(-1)?.state).not.toBe('running');
    return states.at(-1) as TaskState;
  };
  return { folder, disk, open, call, tasks, states, ended };
}

describe('the calls about the disk space of containers', () => {
  it('answer nothing without an engine, and load nothing for it', async () => {
    const { call } = createDisk({ engines: [] });
    expect(await call('containerDisk')).toEqual({ ok: true, value: [] });
    expect(await call('measureContainerDisk', { engine: 'docker' })).toMatchObject({ ok: false, code: 'NotFound', message: 'This container engine does not answer now.' });
  });

  it('measure as a task, whose result is there after a restart', async () => {
    const { call, ended, states, open, disk } = createDisk();
    expect(await call('measureContainerDisk', { engine: 'docker' })).toEqual({ ok: true, value: { id: 1 } });
    expect(await ended()).toMatchObject({ kind: 'measure', state: 'done', path: 'docker', message: 'Containers 30\u202FB, volumes 70\u202FB.' });
    expect(states[0]).toMatchObject({ state: 'running', done: 0 });
    disk.close();
    const [known] = await open().handlers.containerDisk({}, caller);
    expect(engineDiskSchema.parse(known)).toMatchObject({ engine: 'docker', containers: 30, volumes: 70, measured: null, images: null, fileSystem: null });
    expect(Date.now() - (known?.walkedAt ?? 0)).toBeLessThan(60_000);
  });

  it('cancel a measurement while the engine counts, and take another one then', async () => {
    const answers: Promise<unknown>[] = [new Promise(() => undefined)];
    const { call, ended, tasks } = createDisk({ df: () => answers.shift() ?? Promise.resolve({ ContainerUsage: {}, VolumeUsage: {} }) });
    await call('measureContainerDisk', { engine: 'docker' });
    expect(await call('measureContainerDisk', { engine: 'docker' })).toMatchObject({ ok: false, code: 'Unavailable' });
    expect(tasks.cancel(1)).toBe(true);
    expect(await ended()).toMatchObject({ state: 'cancelled', message: '' });
    await call('measureContainerDisk', { engine: 'docker' });
    expect(await ended()).toMatchObject({ state: 'done', message: 'Containers 0\u202FB, volumes 0\u202FB.' });
  });

  it('say why a measurement failed', async () => {
    const { call, ended } = createDisk({ df: () => Promise.reject(new Error('no answer within 1800 s')) });
    await call('measureContainerDisk', { engine: 'docker' });
    expect(await ended()).toMatchObject({ state: 'failed', message: expect.stringContaining('no answer within 1800 s') as string });
  });

  it('begin anew over a damaged file', async () => {
    const { folder, call } = createDisk();
    writeFileSync(pathsIn(folder).containerDisk, '{"engines":{"docker":7}}');
    expect(await call('containerDisk')).toMatchObject({ ok: true, value: [{ engine: 'docker', images: null, walkedAt: null }] });
  });
});
