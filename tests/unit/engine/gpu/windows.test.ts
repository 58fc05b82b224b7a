/** Graphics of Windows from its counters. */
import * as fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { adaptersIn } from '../../../../src/main/engine/collectors/gpu/adapter-counters';
import type { AdapterItems } from '../../../../src/main/engine/collectors/gpu/adapter-counters';
import { win32Gpu } from '../../../../src/main/engine/collectors/gpu.win32';
import type { Programs } from '../../../../src/main/engine/programs/programs';
import type { Follower } from '../../../../src/main/engine/programs/start-program';
import { FakeTime } from '../../../support/collectors';
import { gpuFixture } from '../../../support/gpu-tree';
import { NO_PROGRAMS } from '../../../support/programs';
import { fakeWindows } from '../../../support/windows';

const INTEL = '0x00000000_0x0000C1B7_phys_0';
const NVIDIA = '0x00000000_0x0000E2F0_phys_0';
const BASIC = '0x00000000_0x0000FFFF_phys_0';
const engine = (pid: number, luid: string, number: number, kind: string, value: number) => ({ instance: `pid_${pid}_luid_${luid}_eng_${number}_engtype_${kind}`, value });

const ITEMS: AdapterItems = {
  engines: [
    engine(4, INTEL, 0, '3D', 60),
    engine(900, INTEL, 0, '3D', 58.2),
    engine(900, INTEL, 1, 'VideoDecode', 12),
    engine(901, INTEL, 1, 'VideoDecode', 5),
    engine(900, NVIDIA, 0, '3D', 3),
    engine(900, NVIDIA, 3, 'Copy', 7),
    engine(900, NVIDIA, 5, 'VideoEncode', 0),
    engine(900, BASIC, 0, '3D', 90),
  ],
  dedicated: [{ instance: `luid_${INTEL}`, value: 0 }, { instance: `luid_${NVIDIA}`, value: 2e9 }],
  shared: [{ instance: `luid_${INTEL}`, value: 5e8 }, { instance: `luid_${NVIDIA}`, value: 1e8 }],
};

/** One adapter. */
const ONE: AdapterItems = { ...ITEMS, engines: ITEMS.engines.filter(({ instance }) => instance.includes(NVIDIA)) };

/** A nvidia-smi that is there, and what it prints to whoever started it. */
function nvidiaSmi() {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-gpu-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  vi.stubEnv('SystemRoot', folder);
  mkdirSync(join(folder, 'System32'));
  writeFileSync(join(folder, 'System32', 'nvidia-smi.exe'), '');
  const followers: Follower[] = [];
  const follow: Programs['follow'] = (_program, _args, follower) => (followers.push(follower), { pid: 1, kill: () => undefined });
  const print = (line: string): void => followers.at(-1)?.onLine(line);
  const end = (): void => followers.at(-1)?.onEnd({ code: 9, error: null });
  return { programs: { ...NO_PROGRAMS, follow }, print, end };
}

function machine(items: AdapterItems | null, programs: Programs = NO_PROGRAMS) {
  const windows = fakeWindows({
    counters: (path) => {
      const found = items === null ? null : path.includes('Dedicated') ? items.dedicated : path.includes('Shared') ? items.shared : items.engines;
      return Promise.resolve(found === null ? null : { read: () => Promise.resolve([...found]), close: () => undefined });
    },
  });
  const time = new FakeTime();
  const collector = win32Gpu({ windows: () => Promise.resolve(windows), programs, timers: time, clock: time });
  return async () => collector.toReading(await collector.read(), null);
}

describe('adapters of Windows', () => {
  it('have the load of their busiest engine, which is the sum over processes, and never more than 100 %', () => {
    expect(adaptersIn(ITEMS)).toEqual([
      { luid: INTEL, load: 100, encoder: null, decoder: 17, dedicated: 0, shared: 5e8 },
      { luid: NVIDIA, load: 7, encoder: 0, decoder: null, dedicated: 2e9, shared: 1e8 },
    ]);
  });

  it('have shares whatever is counted', () => {
    const item = fc.record({ pid: fc.nat(9), number: fc.nat(3), kind: fc.constantFrom('3D', 'Copy', 'VideoDecode'), value: fc.double({ min: -10, max: 500, noNaN: true }) });
    fc.assert(fc.property(fc.array(item), (items) => {
      const engines = items.map(({ pid, number, kind, value }) => engine(pid, INTEL, number, kind, value));
      for (const { load } of adaptersIn({ ...ITEMS, engines })) expect(load !== null && load >= 0 && load <= 100).toBe(true);
    }));
  });

  it('among several are known for this boot alone: they are shown, and not kept', async () => {
    const { devices, values } = await machine(ITEMS)();
    expect(Object.values(devices).map(({ label, stored }) => [label, stored])).toEqual([['Graphics 1', false], ['Graphics 2', false]]);
    expect(values).toEqual({ load: 100, memoryUsed: 2e9 - (2e9 % 4096), power: null });
  });

  it('that are the only one are kept', async () => {
    const { devices } = await machine(ONE)();
    expect(devices).toMatchObject({ adapter: { label: 'Graphics', values: { load: 7, temperature: null } } });
  });

  it('of NVIDIA are kept by the id that nvidia-smi tells, and by none before it had the time to answer', async () => {
    const { programs, print } = nvidiaSmi();
    const read = machine(ONE, programs);
    expect((await read()).devices).toMatchObject({ adapter: { stored: false, values: { load: 7 } } });
    print(gpuFixture('nvidia-smi/two-cards.txt').split('\n')[0] ?? '');
    const { devices } = await read();
    expect(Object.keys(devices)).toEqual(['GPU-5a3c1b0e-7d52-4f0e-9d0a-0f6f6f1f2a01']);
    expect(Object.values(devices)[0]).not.toHaveProperty('stored');
  });

  it('of NVIDIA are kept as any other once nvidia-smi has failed, but not while it is only asked again for less', async () => {
    const { programs, print, end } = nvidiaSmi();
    const read = machine(ONE, programs);
    await read();
    print('Field "utilization.encoder" is not a valid field to query.');
    end();
    expect((await read()).devices).toMatchObject({ adapter: { stored: false } });
    print('NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.');
    end();
    const { devices } = await read();
    expect(devices).toMatchObject({ adapter: { values: { load: 7 } } });
    expect(devices['adapter']).not.toHaveProperty('stored');
  });

  it('that are not counted are said to be so, and not asked for any more', async () => {
    const read = machine(null);
    await read();
    await read();
    expect(await read()).toMatchObject({ values: { load: null }, devices: {}, note: expect.stringMatching(/Windows counts nothing/) as string });
  });
});
