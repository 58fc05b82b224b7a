/** Cards of Linux from their files: what each vendor tells, and that none is woken. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gpuReading } from '../../../../src/main/engine/collectors/gpu';
import { linuxGpu } from '../../../../src/main/engine/collectors/gpu.linux';
import { GpuGates } from '../../../../src/main/engine/collectors/gpu/gates';
import { IDLE_SAMPLES, RELEASE_MS } from '../../../../src/main/engine/collectors/gpu/sleep-state';
import { linuxTemperature } from '../../../../src/main/engine/collectors/temperature.linux';
import type { ReadingOf } from '../../../../src/shared/metrics/reading';
import { FakeTime } from '../../../support/collectors';
import { GpuTree, gpuFixture, watchReads } from '../../../support/gpu-tree';
import { machineDeps } from '../../../support/recorded-machine';

const AMD = 'sys/devices/pci0000:00/0000:00:01.1/0000:01:00.0/0000:02:00.0/0000:03:00.0';
const AMD_ID = '0000:00:01.1/00.0/00.0/00.0';
const APU = 'sys/devices/pci0000:00/0000:00:08.1/0000:c4:00.0';
const STEP = 5000;

/** A machine whose cards are read every five seconds. */
function open(tree: GpuTree) {
  const time = new FakeTime();
  const gates = new GpuGates();
  const deps = machineDeps('none', { root: tree.root, clock: time, timers: time });
  const collector = linuxGpu(deps, gates);
  const next = async (): Promise<ReadingOf<'gpu'>> => {
    time.stall(STEP);
    return collector.toReading(await collector.read(), null);
  };
  return { time, gates, deps, next, close: () => collector.close?.() };
}

const only = ({ devices }: ReadingOf<'gpu'>) => {
  const [[id, device] = ['', undefined], ...others] = Object.entries(devices);
  expect(others).toEqual([]);
  return { id, ...device };
};

it('equal cards are told apart by where they are, as lspci prints it', () => {
  const card = (id: string, label: string, detail: string | null) => ({ id, label, detail, state: { code: 'active' }, values: null }) as const;
  const cards = [card('a', 'NVIDIA H100', 'nvidia 0000:01:00.0'), card('b', 'NVIDIA H100', 'nvidia 0001:01:00.0'), card('c', 'AMD graphics', 'amdgpu 0000:03:00.0'), card('d', 'Intel Arc', null), card('e', 'Intel Arc', null)];
  const labels = Object.values(gpuReading({ cards, told: new Set() }).devices).map(({ label }) => label);
  expect(labels).toEqual(['NVIDIA H100 (01:00.0)', 'NVIDIA H100 (0001:01:00.0)', 'AMD graphics', 'Intel Arc', 'Intel Arc']);
});

describe('a card of AMD', () => {
  it('tells its values in our units, its name from the list of libdrm, and where it is plugged in', async () => {
    const { next } = open(new GpuTree('amd-discrete'));
    const reading = await next();
    const card = only(reading);
    expect(card).toMatchObject({ id: AMD_ID, label: 'AMD Radeon RX 6800', detail: 'amdgpu 0000:03:00.0', state: { code: 'active' } });
    expect(card.values).toMatchObject({ load: 63, memoryUsed: 2 ** 31, memoryTotal: 17_163_091_968, sharedUsed: 104_857_600, sharedTotal: 16_678_440_960, temperature: 51, power: 87, clock: 2.31e9, fan: 1450, fanShare: null, awake: null });
    expect(reading.values).toEqual({ load: 63, memoryUsed: 2 ** 31, power: 87 });
    expect(reading.untold).toEqual(['fanShare', 'encoder', 'decoder', 'awake']);
  });

  it('in a processor has a small memory of its own and uses that of the machine, which stay apart', async () => {
    const { next } = open(new GpuTree('amd-apu'));
    expect(only(await next())).toMatchObject({ label: 'AMD Radeon 780M Graphics', values: { load: 7, memoryTotal: 512 * 2 ** 20, sharedUsed: 3 * 2 ** 30, power: 6.1, fan: null } });
  });

  it('whose load answers with an error has none: not 0', async () => {
    const { next } = open(new GpuTree('amd-no-load'));
    const reading = await next();
    expect(only(reading)).toMatchObject({ label: 'AMD graphics', values: { load: null, temperature: 44 } });
    expect(reading.values.load).toBeNull();
  });

  it('of a kind that may say 100 % for ever is not believed before it has said less', async () => {
    const tree = new GpuTree('amd-raven');
    const { next } = open(tree);
    const loads = [only(await next()).values?.load, only(await next()).values?.load];
    tree.set(`${APU}/gpu_busy_percent`, '12\n');
    loads.push(only(await next()).values?.load);
    tree.set(`${APU}/gpu_busy_percent`, '100\n');
    loads.push(only(await next()).values?.load);
    expect(loads).toEqual([null, null, 12, 100]);
  });

  it('that works, and one that cannot sleep, is read at each tick', async () => {
    const tree = new GpuTree('amd-discrete');
    const { next } = open(tree);
    for (let i = 0; i < 20; i += 1) {
      tree.set(`${AMD}/gpu_busy_percent`, `${10 + i}\n`);
      expect(only(await next())).toMatchObject({ state: { code: 'active' }, values: { load: 10 + i } });
    }
    tree.set(`${AMD}/power/control`, 'on\n');
    tree.set(`${AMD}/gpu_busy_percent`, '0\n');
    for (let i = 0; i < 20; i += 1) expect(only(await next()).state).toEqual({ code: 'active' });
  });
});

describe('a card that sleeps', () => {
  it('is listed, is asleep, has no values, and nothing of it is read but its power state and what the kernel keeps', async () => {
    const tree = new GpuTree('amd-discrete');
    tree.set(`${AMD}/power/runtime_status`, 'suspended\n');
    const read = watchReads(join(tree.root, AMD));
    const { next } = open(tree);
    const reading = await next();
    for (let i = 0; i < 5; i += 1) await next();
    expect(only(reading)).toMatchObject({ id: AMD_ID, label: 'AMD Radeon RX 6800', state: { code: 'asleep' } });
    expect(new Set(Object.values(only(reading).values ?? {}))).toEqual(new Set([null]));
    expect(reading.values).toEqual({ load: null, memoryUsed: null, power: null });
    expect(read().toSorted()).toEqual(['power/control', 'power/runtime_status', 'revision', 'uevent']);
  });

  it('whose files answer with errors is asleep as well, and so it is where it falls asleep between the look and the read', async () => {
    const tree = new GpuTree('amd-suspended');
    const { next } = open(tree);
    expect(only(await next()).state).toEqual({ code: 'asleep' });
    tree.set(`${AMD}/power/runtime_status`, 'active\n');
    expect(new Set(Object.values(only(await next()).values ?? {}))).toEqual(new Set([null]));
  });

  it('is read again once something else has woken it, and is told asleep again', async () => {
    const tree = new GpuTree('amd-discrete');
    tree.set(`${AMD}/power/runtime_status`, 'suspended\n');
    const { next } = open(tree);
    expect(only(await next()).state?.code).toBe('asleep');
    tree.set(`${AMD}/power/runtime_status`, 'active\n');
    expect(only(await next())).toMatchObject({ state: { code: 'active' }, values: { load: 63 } });
    tree.set(`${AMD}/power/runtime_status`, 'suspending\n');
    expect(only(await next())).toMatchObject({ state: { code: 'asleep' }, values: { load: null, memoryTotal: null } });
  });

  it('whose power management failed is unavailable, with the reason', async () => {
    const tree = new GpuTree('amd-discrete');
    tree.set(`${AMD}/power/runtime_status`, 'error\n');
    const { next } = open(tree);
    expect(only(await next())).toMatchObject({ state: { code: 'unavailable', reason: expect.stringMatching(/log of the kernel/) as string }, values: { load: null } });
  });
});

describe('an idle card', () => {
  it('is let go: for half a minute nothing of it is read, not even by the temperatures', async () => {
    const tree = new GpuTree('amd-discrete');
    tree.set(`${AMD}/gpu_busy_percent`, '0\n');
    const { next, gates, deps, time } = open(tree);
    const temperatures = linuxTemperature(deps, gates);
    await next();
    const before = await temperatures.read();
    expect(before.sensors.map(({ celsius }) => celsius)).toEqual([51, 60]);
    for (let i = 1; i < IDLE_SAMPLES; i += 1) await next();
    const read = watchReads(join(tree.root, AMD));
    const until = time.mono() + RELEASE_MS - STEP;
    while (time.mono() < until) {
      expect(only(await next())).toMatchObject({ state: { code: 'active', reason: expect.stringMatching(/^idle; read every 30 s/) as string }, values: { load: 0, temperature: 51 } });
      // What was read last stands for as long as it is let go.
      expect((await temperatures.read()).sensors.map(({ celsius }) => celsius)).toEqual(before.sensors.map(({ celsius }) => celsius));
    }
    expect(read().filter((path) => !path.startsWith('power/'))).toEqual([]);
    await next();
    expect(read()).toContain('gpu_busy_percent');
    temperatures.close?.();
  });

  it('that a display keeps awake is read at each tick, and is let go once it is dark', async () => {
    const tree = new GpuTree('amd-discrete');
    tree.set(`${AMD}/gpu_busy_percent`, '0\n');
    tree.put(`${AMD}/power/runtime_usage`, '1\n');
    const { next } = open(tree);
    for (let i = 0; i < 4 * IDLE_SAMPLES; i += 1) expect(only(await next()).state).toEqual({ code: 'active' });
    tree.set(`${AMD}/power/runtime_usage`, '0\n');
    await next();
    expect(only(await next()).state?.reason).toMatch(/^idle/);
    // Lit again before it fell asleep.
    tree.set(`${AMD}/power/runtime_usage`, '1\n');
    expect(only(await next()).state).toEqual({ code: 'active' });
  });

  it('that fell asleep then has no temperature any more, either', async () => {
    const tree = new GpuTree('amd-discrete');
    tree.set(`${AMD}/gpu_busy_percent`, '0\n');
    const { next, gates, deps } = open(tree);
    const temperatures = linuxTemperature(deps, gates);
    await next();
    await temperatures.read();
    for (let i = 1; i < IDLE_SAMPLES; i += 1) await next();
    expect((await temperatures.read()).sensors.map(({ celsius }) => celsius)).toEqual([51, 60]);
    tree.set(`${AMD}/power/runtime_status`, 'suspended\n');
    expect(only(await next()).state).toEqual({ code: 'asleep' });
    expect((await temperatures.read()).sensors.map(({ celsius }) => celsius)).toEqual([null, null]);
  });
});

describe('a machine', () => {
  it('without a card reads one folder now and then, and has nothing', async () => {
    const tree = new GpuTree();
    const { next, time } = open(tree);
    expect(await next()).toEqual({ values: { load: null, memoryUsed: null, power: null }, devices: {} });
    for (const [path, content] of Object.entries(JSON.parse(gpuFixture('machines.json'))['amd-apu'] as Record<string, string>)) tree.put(path, content);
    expect((await next()).devices).toEqual({});
    time.stall(5 * 60_000);
    expect(Object.keys((await next()).devices)).toEqual(['0000:00:08.1/00.0']);
  });

  it('with the display of a virtual machine has no card', async () => {
    const { next } = open(new GpuTree('virtual'));
    expect((await next()).devices).toEqual({});
  });

  it('with two cards has the load of the busier one, and memory and power of both; one that leaves is gone', async () => {
    const tree = new GpuTree('amd-discrete', 'amd-apu');
    const { next, time } = open(tree);
    const { values, devices } = await next();
    expect(Object.keys(devices)).toEqual([AMD_ID, '0000:00:08.1/00.0']);
    expect(values).toEqual({ load: 63, memoryUsed: 2 ** 31 + 402_653_184, power: 93.1 });
    tree.remove('sys/class/drm/card1');
    time.stall(5 * 60_000);
    expect(Object.keys((await next()).devices)).toEqual(['0000:00:08.1/00.0']);
  });

  it('whose driver tells nothing says so', async () => {
    const { next } = open(new GpuTree('nouveau'));
    for (let i = 0; i < 2 * IDLE_SAMPLES; i += 1) expect(only(await next())).toMatchObject({ label: 'NVIDIA graphics', state: { code: 'unavailable', reason: 'the driver nouveau does not tell what the card does' } });
  });
});
