import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseDiskstats } from '../../../src/main/engine/collectors/diskio.linux';
import { parseCpuStat } from '../../../src/main/engine/collectors/cpu.linux';
import { parseNetDev } from '../../../src/main/engine/collectors/network.linux';
import { createProcessSource } from '../../../src/main/engine/processes/index';
import { FAMILY_IDS } from '../../../src/shared/metrics/index';
import type { FamilyId } from '../../../src/shared/metrics/index';
import type { Reading, SampleBatch } from '../../../src/shared/metrics/reading';
import { collectorDeps } from '../../demo/deps';
import { MACHINES } from '../../demo/machines';
import { Playback } from '../../demo/playback';
import { createMachine, fastFiles, fixedFiles, momentOf, slowFiles } from '../../demo/tree';
import type { LiveFiles, Machine } from '../../demo/moment';
import { FIRST_PID, processFiles } from '../../demo/tree-processes';
import { TreeWriter } from '../../demo/tree-writer';

const NOW = Date.UTC(2026, 10, 26, 10);
const SPECS = Object.values(MACHINES);

/** What every machine has. Other families may have nothing to say of a machine without their hardware. */
const COMMON = ['cpu', 'memory', 'disk', 'diskio', 'network', 'temperature', 'frequency', 'connections', 'uptime'] as const satisfies readonly FamilyId[];

function machineOf(spec: (typeof SPECS)[number], seed = 1): Machine {
  return createMachine({ spec, seed, boot: NOW - Math.max(1, spec.uptimeDays) * 86_400_000, anchor: NOW, zone: 0 });
}

/** A folder path for a tree; its owner makes and removes it. */
const folder = (): string => join(mkdtempSync(join(tmpdir(), 'demo-')), 'tree');

async function batches(machine: Machine, times: readonly number[]): Promise<SampleBatch[]> {
  const playback = new Playback(machine, folder());
  try {
    const all: SampleBatch[] = [];
    for (const time of times) all.push(await playback.batch(time, 'all'));
    return all;
  } finally {
    playback.close();
  }
}

const devices = (batch: SampleBatch | undefined, family: FamilyId): Readonly<Record<string, Reading['devices'][string] | undefined>> => batch?.readings[family]?.devices ?? {};
const values = (batch: SampleBatch | undefined, family: FamilyId): Reading['values'] => batch?.readings[family]?.values ?? {};

it('the laptop has graphics that never sleep', async () => {
  const spec = MACHINES.laptop;
  const batch = (await batches(machineOf(spec), [NOW])).at(-1);
  expect(Object.values(devices(batch, 'gpu'))).toMatchObject([{ label: 'Demo Radeon Graphics', state: { code: 'active' }, values: { memoryTotal: 512 * 2 ** 20 } }]);
  const { load = null, power = null } = values(batch, 'gpu');
  expect(load !== null && load > 0 && load <= 100 && power !== null && power > 4).toBe(true);
});

describe.each(SPECS)('the made-up $name, read by the real collectors', (spec) => {
  it('has every family, without a fault, with values that are possible', async () => {
    // Swapping is read each ten seconds, and is a rate.
    const [, batch] = await batches(machineOf(spec), [NOW, NOW + 10_000]);
    const families = FAMILY_IDS.filter((id) => id !== 'self');
    expect(Object.keys(batch?.readings ?? {}).toSorted()).toEqual(families.toSorted());
    const odd = COMMON.flatMap((id) => Object.entries(values(batch, id)).filter(([name, value]) => value === null && !(name.startsWith('swap') && spec.swap === null) && name !== 'inodeUsage'));
    expect(odd).toEqual([]);
    expect(values(batch, 'cpu')['usage']).toBeGreaterThan(0);
    expect(values(batch, 'cpu')['usage']).toBeLessThanOrEqual(100);
    expect(Object.keys(devices(batch, 'cpu'))).toHaveLength(spec.cores);
    for (const id of families) for (const { fault } of Object.values(batch?.readings[id]?.devices ?? {}).map((one) => ({ fault: Object.hasOwn(one, 'fault') }))) expect(fault).toBe(false);
  });

  it('lists its processes, whose ids no process of the real machine can have', async () => {
    const machine = machineOf(spec);
    const root = folder();
    const writer = new TreeWriter(root);
    onTestFinished(() => writer.close());
    writer.create(fixedFiles(machine));
    writer.update(fastFiles(momentOf(machine, NOW)));
    writer.updateProcesses(processFiles(momentOf(machine, NOW)));
    const clock = { now: () => NOW, mono: () => 0, boot: () => NOW - machine.boot };
    const system = collectorDeps(root, 'demo', clock);
    const { processes } = await createProcessSource({ system, clock, timers: system.timers }).snapshot('full');
    expect(processes.map(({ pid }) => pid).every((pid) => pid >= FIRST_PID)).toBe(true);
    expect(FIRST_PID).toBeGreaterThan(2 ** 22);
    expect(processes.map(({ command, user }) => command !== null && user !== null && !/^\d+$/.test(user)).every(Boolean)).toBe(true);
    expect(processes.map(({ pid }) => pid)).toHaveLength(new Set(processes.map(({ pid }) => pid)).size);
    expect(processes.length).toBeGreaterThanOrEqual(spec.processes.length);
  });
});

describe('what the machines are for', () => {
  it('the laptop has one NVMe drive of 1.9 TB at 73 %, Wi-Fi, a battery and two fans', async () => {
    const [, batch] = await batches(machineOf(MACHINES.laptop), [NOW, NOW + 1000]);
    expect(devices(batch, 'disk')['/']?.values['usage']).toBeCloseTo(73, 0);
    expect(devices(batch, 'disk')['/']?.values['total']).toBeCloseTo(1.9e12, -10);
    expect(devices(batch, 'network')).toHaveProperty('wlp2s0');
    expect(slowFiles(momentOf(machineOf(MACHINES.laptop), NOW))['sys/class/power_supply/BAT0/capacity']).toMatch(/^\d{3}\n$/);
    const { charge, onMains, discharging, charging } = values(batch, 'battery');
    expect([charge !== null && charge !== undefined && charge >= 25, onMains === (charging === 0 ? 0 : 1), (discharging ?? 0) + (charging ?? 0) > 5]).toEqual([true, true, true]);
    expect(Object.values(devices(batch, 'fans')).map((fan) => [fan?.label, (fan?.values['speed'] ?? 0) > 1500, fan?.values['stalled']])).toEqual([['CPU fan', true, 0], ['System fan', true, 0]]);
  });

  it('the server has 64 cores, 12 disks, 20 interfaces of which those of containers are not stored, 30 sensors', async () => {
    const [, batch] = await batches(machineOf(MACHINES.server), [NOW, NOW + 1000]);
    expect(Object.keys(devices(batch, 'diskio'))).toHaveLength(12);
    expect(Object.keys(devices(batch, 'network'))).toHaveLength(20);
    expect(Object.values(devices(batch, 'network')).filter((one) => one?.stored === false)).toHaveLength(14);
    expect(Object.keys(devices(batch, 'temperature'))).toHaveLength(30);
  });

  it('the NAS has one pool at 91 % with 158 GiB free, and its cache counts as available memory', async () => {
    const [, batch] = await batches(machineOf(MACHINES.nas), [NOW, NOW + 1000]);
    expect(Object.keys(devices(batch, 'disk'))).toEqual(['/', '/tank']);
    expect(devices(batch, 'disk')['/tank']?.values['usage']).toBeCloseTo(91, 0);
    expect((devices(batch, 'disk')['/tank']?.values['available'] ?? 0) / 2 ** 30).toBeCloseTo(158, 0);
    expect(batch?.readings.memory?.note).toMatch(/ZFS cache/);
    expect(devices(batch, 'health')['zfs:tank']?.state).toEqual({ code: 'healthy' });
  });

  it('the board has swap in memory, and counters that wrap without a spike', async () => {
    const times = Array.from({ length: 60 }, (_, index) => NOW + 60_000 * index);
    const all = await batches(createMachine({ spec: MACHINES.board, seed: 1, boot: NOW, anchor: NOW, zone: 0 }), times);
    const totals = all.map((batch) => devices(batch, 'network')['eth0']?.values['rxTotal'] ?? 0);
    expect(totals.some((total, index) => total < (totals[index - 1] ?? 0))).toBe(true);
    expect(Math.max(...all.map((batch) => devices(batch, 'network')['eth0']?.values['rx'] ?? 0))).toBeLessThan(20e6);
    expect(values(all[1], 'memory')['swapUsage']).toBeGreaterThan(10);
  });

  it('a build takes most of the cores, its processes come and go with it', () => {
    const machine = machineOf(MACHINES.laptop);
    const minutes = Array.from({ length: 1440 }, (_, minute) => NOW - 86_400_000 + 60_000 * minute);
    const building = minutes.filter((time) => machine.load.run(0, Math.floor(time / 60_000)) !== null);
    expect(building.length).toBeGreaterThan(5);
    const [first = 0] = building;
    const compilers = (time: number): number => processFiles(momentOf(machine, time)).filter(({ stat }) => stat.includes('(cc1plus)')).length;
    expect(compilers(first + 30_000)).toBe(4);
    expect(compilers(first - 60_000)).toBe(0);
    expect(machine.load.minute(first).cpu).toBeGreaterThan(0.6);
  });
});

/** Every number that must not decrease, by name. */
function counters(files: LiveFiles, isWrapping: boolean): Map<string, number> {
  const found = new Map<string, number>();
  const { total, cores } = parseCpuStat(Buffer.from(files['proc/stat'] ?? ''));
  for (const [name, times] of [['cpu', total], ...cores] as const) for (const [kind, value] of Object.entries(times)) found.set(`${name} ${kind}`, Number(value));
  for (const line of (files['proc/stat'] ?? '').split('\n')) if (/^(?:ctxt|intr|processes) /.test(line)) found.set(line.split(' ')[0] ?? '', Number(line.split(' ')[1]));
  for (const [name, disk] of parseDiskstats(Buffer.from(files['proc/diskstats'] ?? ''), (label) => ({ label, detail: null, summed: true }))) for (const kind of ['readBytes', 'writeBytes', 'reads', 'writes', 'busyMs'] as const) found.set(`${name} ${kind}`, Number(disk[kind]));
  if (!isWrapping) for (const [name, line] of parseNetDev(Buffer.from(files['proc/net/dev'] ?? ''))) for (const kind of ['rxBytes', 'rxPackets', 'txBytes', 'txPackets'] as const) found.set(`${name} ${kind}`, line[kind] ?? 0);
  for (const line of (files['proc/vmstat'] ?? '').trim().split('\n')) found.set(line.split(' ')[0] ?? '', Number(line.split(' ')[1]));
  found.set('uptime', Number.parseFloat(files['proc/uptime'] ?? ''));
  for (const [name, text] of Object.entries(files)) for (const [index, [, value]] of [...text.matchAll(/ total=(\d+)/g)].entries()) found.set(`${name} ${index}`, Number(value));
  return found;
}

describe('counters', () => {
  it('only grow, and no core counts more time than has passed, whichever moments are looked at', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SPECS), fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 3 * 86_400_000 }), fc.integer({ min: 20, max: 4_000_000 }), (spec, seed, at, later) => {
        const machine = createMachine({ spec, seed, boot: NOW, anchor: NOW, zone: 3_600_000 });
        const [time, next] = [NOW + at, NOW + at + later];
        const isWrapping = spec.interfaces.some(({ wrapsFrom }) => wrapsFrom !== undefined);
        // The later moment first: what was asked before must not matter.
        const after = counters(fastFiles(momentOf(machine, next)), isWrapping);
        const before = counters(fastFiles(momentOf(machine, time)), isWrapping);
        const decreased = [...before].filter(([name, value]) => !((after.get(name) ?? Number.NaN) >= value));
        expect(decreased).toEqual([]);
        for (let core = 0; core < spec.cores; core += 1) {
          const grown = ['user', 'system', 'idle', 'iowait'].reduce((sum, kind) => sum + (after.get(`${core} ${kind}`) ?? 0) - (before.get(`${core} ${kind}`) ?? 0), 0);
          expect(Math.abs(grown - later / 10)).toBeLessThanOrEqual(10);
        }
      }),
      { numRuns: 120 },
    );
  });

  it('are those of the seed: the same twice, others for another', () => {
    const text = (seed: number): string => {
      const moment = momentOf(machineOf(MACHINES.laptop, seed), NOW);
      return JSON.stringify([fastFiles(moment), slowFiles(moment), processFiles(moment)]);
    };
    expect(text(4)).toBe(text(4));
    expect(text(4)).not.toBe(text(5));
  });
});

describe('files that stay open', () => {
  it.each(SPECS)('of the $name keep their length, so that none is seen half written', (spec) => {
    const machine = machineOf(spec);
    const lengths = (time: number): Record<string, number> => Object.fromEntries(Object.entries({ ...fastFiles(momentOf(machine, time)), ...slowFiles(momentOf(machine, time)) }).filter(([name]) => name !== 'traywatch/space.json').map(([name, content]) => [name, content.length]));
    const first = lengths(NOW);
    for (let hour = 1; hour < 48; hour += 1) expect(lengths(NOW + hour * 3_600_000 + 17_000 * hour)).toEqual(first);
  });
});
