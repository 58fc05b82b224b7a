import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { diskStateSchema, NO_DISK_STATE, withEngine } from '../../../../../src/main/engine/containers/disk/disk-state';
import type { DiskState } from '../../../../../src/main/engine/containers/disk/disk-state';
import type { DiskEngine, Folders } from '../../../../../src/main/engine/containers/disk/disk-types';
import { ASK_INTERVAL } from '../../../../../src/main/engine/containers/disk/pace';
import { createDiskUsage } from '../../../../../src/main/engine/containers/disk/usage';
import type { DiskUsage } from '../../../../../src/main/engine/containers/disk/usage';
import type { WalkResult } from '../../../../../src/main/engine/containers/disk/walk.linux';
import { openStateFile } from '../../../../../src/main/lib/state-file';
import { createCallbackLog } from '../../../../support/log';
import { createManualTimers, settle } from '../../../../support/timers';

const HOUR = 3_600_000;
const START = 1_764_000_000_000;
const CONTAINERD = { DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] };
const IMAGES = { ImageUsage: { TotalSize: 500, Reclaimable: 100 }, BuildCacheUsage: { TotalSize: 50 } };
const WALKED = { ContainerUsage: { TotalSize: 30 }, VolumeUsage: { TotalSize: 70 } };
const WALK: WalkResult = { files: 10, bytes: 900, containers: 33, volumes: 77, denied: 0, failed: 0, isCapped: false };

const denied = (): never => {
  throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
};

/** A machine with engines, whose time goes on when told, and which is started again when told. */
function createMachine({ api = '1.53', kind = 'docker', folders = {} }: { api?: string; kind?: 'docker' | 'podman'; folders?: Partial<Folders> } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-disk-usage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'container-disk.json');
  const asked: { path: string; at: number }[] = [];
  const world = {
    now: START,
    fails: false,
    isAnswering: true,
    isHere: true,
    info: {} as object,
    answer: (query: string): unknown => (query === '/info' ? world.info : query === '/version' ? { ApiVersion: api } : query.startsWith('/images') ? [{ Id: 'a', Size: 400 }] : { ...IMAGES, ...WALKED }),
  };
  const engine = (): DiskEngine => ({
    id: kind,
    kind,
    label: 'Engine',
    folder: '/var/lib/docker',
    isHere: world.isHere,
    json: (query) => {
      asked.push({ path: query, at: world.now });
      return world.fails ? Promise.reject(new Error('it hung up')) : Promise.resolve(world.answer(query));
    },
  });
  const log = createCallbackLog(() => undefined);
  let timers = createManualTimers();
  let usage: DiskUsage | null = null;
  const start = (): DiskUsage => {
    usage?.close();
    timers = createManualTimers();
    usage = createDiskUsage({
      engines: () => (world.isAnswering ? [engine()] : []),
      folders: { ownSpace: () => Promise.resolve(null), walk: () => Promise.resolve(WALK), ...folders },
      state: openStateFile<DiskState>({ path, schema: diskStateSchema, initial: NO_DISK_STATE, clock: null, log }),
      clock: { now: () => world.now },
      timers,
      random: () => 0,
      log,
    });
    return usage;
  };
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 60_000) {
      world.now += Math.min(left, 60_000);
      timers.advance(Math.min(left, 60_000));
      await settle();
    }
  };
  const sums = (): number[] => asked.filter((one) => one.path.includes('df') || one.path.startsWith('/images')).map(({ at }) => at);
  return { world, asked, path, start, pass, sums };
}

const task = (signal = new AbortController().signal) => {
  const reports: number[][] = [];
  return { signal, reports, report: (...values: number[]) => void reports.push(values) };
};

describe('the sums of images and build cache', () => {
  it('are asked for a minute after the start, and kept with their time', async () => {
    const machine = createMachine();
    const usage = machine.start();
    expect(await usage.read()).toMatchObject([{ images: null, cheapAt: null, walkedAt: null, reason: expect.stringContaining('a few minutes after the start') as string }]);
    await machine.pass(60_000);
    expect(machine.asked.map(({ path }) => path)).toEqual(['/version', '/system/df?type=image&type=build-cache']);
    expect(await machine.start().read()).toMatchObject([{ engine: 'docker', folder: '/var/lib/docker', fileSystem: null, images: 500, buildCache: 50, reclaimable: 100, cheapAt: START + 60_000, containers: null, volumes: null, measured: null, walkedAt: null, reason: null }]);
  });

  it('are asked for once in six hours at most, over any number of restarts', async () => {
    const machine = createMachine();
    machine.start();
    for (let restart = 0; restart < 24 * 4; restart += 1) {
      await machine.pass(HOUR / 2);
      machine.start();
      await machine.pass(HOUR / 2);
    }
    const times = machine.sums();
    expect(times).toHaveLength(Math.floor((24 * 4 * HOUR) / ASK_INTERVAL));
    for (const [index, at] of times.entries()) expect(at - (times[index - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(ASK_INTERVAL);
  });

  it('are asked for more and more seldom after errors, and the last ones stay', async () => {
    const machine = createMachine();
    const usage = machine.start();
    await machine.pass(HOUR);
    machine.world.fails = true;
    await machine.pass(96 * HOUR);
    const times = machine.sums();
    const [first = 0] = times;
    expect(machine.asked.filter(({ path }) => path === '/version').map(({ at }) => Math.round((at - first) / HOUR))).toEqual([0, 6, 18, 42, 66, 90]);
    expect(await usage.read()).toMatchObject([{ images: 500, cheapAt: first, reason: expect.stringContaining('could not be asked for its images (it hung up)') as string }]);
    machine.world.fails = false;
    await machine.pass(24 * HOUR);
    expect(await usage.read()).toMatchObject([{ images: 500, reason: null }]);
  });

  it('are not asked for while the engine does not answer, and at once when the clock was far ahead', async () => {
    const machine = createMachine();
    machine.world.isAnswering = false;
    const usage = machine.start();
    await machine.pass(12 * HOUR);
    expect(machine.asked).toEqual([]);
    expect(await usage.read()).toEqual([]);
    machine.world.isAnswering = true;
    machine.world.now += 365 * 24 * HOUR;
    await machine.pass(HOUR);
    machine.world.now -= 365 * 24 * HOUR;
    await machine.pass(HOUR);
    expect(machine.sums()).toHaveLength(2);
  });

  it.each([
    ['docker', '1.41'],
    ['podman', '1.41'],
    ['podman', '1.44'],
  ] as const)('of %s with API %s come from its list of images: the sums would walk through all files', async (kind, api) => {
    const machine = createMachine({ kind, api });
    const usage = machine.start();
    await machine.pass(60_000);
    expect(machine.asked.map(({ path }) => path)).not.toContainEqual(expect.stringContaining('system/df'));
    expect(await usage.read()).toMatchObject([{ images: 400, buildCache: null, reclaimable: null, reason: expect.stringContaining('more than once') as string }]);
  });

  it('begin anew where the file with the last ones is damaged', async () => {
    for (const text of ['{', '{"engines":{"docker":{"cheap":1}}}', '{"engines":[]}', '']) {
      const machine = createMachine();
      writeFileSync(machine.path, text);
      const usage = machine.start();
      await machine.pass(60_000);
      expect(await usage.read()).toMatchObject([{ images: 500 }]);
    }
  });
});

describe('an engine that does not answer any more', () => {
  it('keeps what was measured, and says so', async () => {
    const machine = createMachine();
    const usage = machine.start();
    await machine.pass(60_000);
    machine.world.isAnswering = false;
    expect(await usage.read()).toMatchObject([{ engine: 'docker', folder: null, images: 500, cheapAt: START + 60_000, reason: expect.stringContaining('does not answer now') as string }]);
  });
});

describe('the file system of a data folder', () => {
  it('is shown where it is one of its own; a statfs that hangs is not waited for', async () => {
    const own = createMachine({ folders: { ownSpace: () => Promise.resolve({ total: 10, used: 4, available: 5, files: 3 }) } }).start();
    expect(await own.read()).toMatchObject([{ fileSystem: { total: 10, used: 4, available: 5 } }]);
    const broken = createMachine({ folders: { ownSpace: () => Promise.reject(new Error('EIO')) } }).start();
    expect(await broken.read()).toMatchObject([{ fileSystem: null }]);
    const hanging = createMachine({ folders: { ownSpace: () => new Promise(() => undefined) } });
    const read = hanging.start().read();
    await settle();
    await hanging.pass(2000);
    expect(await read).toMatchObject([{ folder: '/var/lib/docker', fileSystem: null }]);
  });

  it('of an engine on another machine is none of ours, and is not walked through', async () => {
    const machine = createMachine({ folders: { walk: denied } });
    machine.world.isHere = false;
    const usage = machine.start();
    expect(await usage.measure('docker', task())).toBe('Containers 30\u202FB, volumes 70\u202FB.');
    expect(await usage.read()).toMatchObject([{ folder: null, fileSystem: null, containers: 30, volumes: 70, reason: expect.stringContaining('on another machine') as string }]);
  });
});

describe('a measurement', () => {
  it('walks through the data folder; the result is kept with its time', async () => {
    const machine = createMachine({
      folders: {
        ownSpace: () => Promise.resolve({ total: 10, used: 4, available: 5, files: 40 }),
        walk: (folder, { onProgress }) => {
          onProgress({ files: 10, bytes: 100 });
          onProgress({ files: 80, bytes: 800 });
          return Promise.resolve({ ...WALK, failed: 3, containers: folder === '/var/lib/docker' ? 33 : null });
        },
      },
    });
    const running = task();
    expect(await machine.start().measure('docker', running)).toBe('All 900\u202FB, containers 33\u202FB, volumes 77\u202FB.');
    expect(running.reports).toEqual([
      [0.25, 100, 10],
      [0.99, 800, 80],
    ]);
    // That Docker does not keep all with containerd.
    expect(machine.asked.map(({ path }) => path)).toEqual(['/info']);
    expect(await machine.start().read()).toMatchObject([{ measured: 900, containers: 33, volumes: 77, walkedAt: START, reason: expect.stringContaining('3 files and folders could not be read') as string }]);
  });

  it('is left to the engine where the folder may not be read, and says so', async () => {
    const machine = createMachine({ folders: { walk: () => Promise.resolve().then(denied) } });
    const usage = machine.start();
    expect(await usage.measure('docker', task())).toBe('Containers 30\u202FB, volumes 70\u202FB.');
    expect(machine.asked.map(({ path }) => path)).toContain('/system/df?type=container&type=volume');
    expect(await usage.read()).toMatchObject([{ measured: null, containers: 30, volumes: 70, walkedAt: START, images: null, reason: expect.stringContaining('as Engine counts them') as string }]);
  });

  it('leaves containers and volumes to the engine where some of the folder may not be read', async () => {
    const usage = createMachine({ folders: { walk: () => Promise.resolve({ ...WALK, denied: 1 }) } }).start();
    expect(await usage.measure('docker', task())).toBe('All 900\u202FB, containers 30\u202FB, volumes 70\u202FB.');
    expect(await usage.read()).toMatchObject([{ measured: 900, containers: 30, volumes: 70, reason: expect.stringContaining('may not read 1 file or folder in the data folder, so its sum is too low. Containers and volumes are as Engine counts them.') as string }]);
  });

  it('is left to an engine that keeps its images elsewhere', async () => {
    const machine = createMachine();
    machine.world.info = CONTAINERD;
    const usage = machine.start();
    await usage.measure('docker', task());
    expect(await usage.read()).toMatchObject([{ measured: null, containers: 30, reason: expect.stringContaining('kept by containerd') as string }]);
  });

  it('ends at once when it is cancelled while the engine counts', async () => {
    const machine = createMachine({ folders: { walk: denied } });
    const usage = machine.start();
    const answer = machine.world.answer;
    machine.world.answer = (query) => (query.includes('df') ? new Promise(() => undefined) : answer(query));
    const abort = new AbortController();
    const measured = usage.measure('docker', task(abort.signal));
    await settle();
    expect(machine.asked.at(-1)?.path).toBe('/system/df?type=container&type=volume');
    abort.abort(new Error('cancelled'));
    await expect(measured).rejects.toThrow('cancelled');
    expect(await usage.read()).toMatchObject([{ walkedAt: null }]);
  });

  it('by an engine that can leave nothing out tells of its images as well', async () => {
    const machine = createMachine({ api: '1.41', folders: { walk: denied } });
    const usage = machine.start();
    await usage.measure('docker', task());
    expect(machine.asked.map(({ path }) => path)).toContain('/system/df');
    expect(await usage.read()).toMatchObject([{ images: 500, buildCache: 50, cheapAt: START, containers: 30 }]);
  });

  it('that fails or is cancelled leaves the last result', async () => {
    const results: (() => Promise<WalkResult>)[] = [() => Promise.resolve(WALK), () => Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }))];
    const machine = createMachine({ folders: { walk: () => (results.shift() ?? (() => Promise.resolve(WALK)))() } });
    const usage = machine.start();
    await usage.measure('docker', task());
    machine.world.now += HOUR;
    await expect(usage.measure('docker', task())).rejects.toThrow('EIO');
    await expect(usage.measure('docker', task(AbortSignal.abort(new Error('cancelled'))))).rejects.toThrow('cancelled');
    await expect(usage.measure('other', task())).rejects.toThrow('does not answer');
    expect(await usage.read()).toMatchObject([{ measured: 900, walkedAt: START }]);
  });
});

describe('the state', () => {
  it('remembers twenty engines, those that were asked last', () => {
    let state = NO_DISK_STATE;
    for (let n = 0; n < 50; n += 1) state = withEngine(state, `e${n}`, { nextAt: n });
    expect(Object.keys(state.engines).sort()).toEqual(Array.from({ length: 20 }, (_, n) => `e${30 + n}`).sort());
    expect(withEngine(state, 'e49', { failures: 2 }).engines['e49']).toMatchObject({ nextAt: 49, failures: 2 });
  });
});
