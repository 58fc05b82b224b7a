import { describe, expect, it } from 'vitest';
import type { SelfSource } from '../../../../src/main/engine/collectors/deps';
import { selfReading } from '../../../../src/main/engine/collectors/self';
import type { SelfRaw } from '../../../../src/main/engine/collectors/self';
import { linuxSelf, parseProcessStat, parseResident, totalResidentBytes } from '../../../../src/main/engine/collectors/self.linux';
import { portableSelf } from '../../../../src/main/engine/collectors/self.portable';
import { failureOf, machineDeps } from '../../../support/recorded-machine';

const source: SelfSource = {
  pids: () => [4242, 4243, 4244],
  usage: () => ({ cpuSeconds: 3, rssBytes: 8192 }),
  perCollector: () => ({ cpu: 0.123, disk: null }),
  tickMs: () => 0.456,
  databaseBytes: () => 40960,
  bytesWritten: () => 1000,
};

const raw = (processes: SelfRaw['processes'], bytesWritten: number | null = null): SelfRaw => ({ processes, memoryBytes: 1, note: null, perCollector: {}, tickMs: null, databaseBytes: null, bytesWritten });

describe('linuxSelf', () => {
  it('sums the given processes and their children of the same name, without ended ones', async () => {
    const collector = linuxSelf(machineDeps('laptop', { self: source }));
    const read = await collector.read();
    expect([...read.processes]).toEqual([[4242, { birth: 5000, cpuSeconds: 4 }], [4243, { birth: 6000, cpuSeconds: 0.15 }], [4240, { birth: 5500, cpuSeconds: 0.05 }]]);
    const reading = collector.toReading(read, null);
    const memory = (20480 + 10240 + 4096 + 59392 + 4096) * 1024;
    expect(reading.values).toEqual({ cpu: null, memory, tick: 0.46, database: 40960, written: null });
    expect(reading.devices).toEqual({ cpu: { label: 'CPU', values: { time: 0.12 } }, disk: { label: 'Disk space', values: { time: null } } });
    expect(reading.note).toBe('3 processes; shared memory counts once');
  });

  it('counts the programs that the app keeps running, whatever their names are', async () => {
    const own = machineDeps('laptop', { self: source });
    const { processes } = await linuxSelf({ ...own, programs: { ...own.programs, followed: () => [4239] } }).read();
    expect([...processes.keys()]).toEqual([4242, 4243, 4239, 4240]);
  });

  it('rejects a broken stat', async () => {
    for (const text of ['', '1 (x) S 1', '1 (x) S a b c d e f g h i j k l m n o p q r s t']) {
      expect(await failureOf(() => parseProcessStat(text, 'stat'))).toMatchObject({ kind: 'ParseError' });
    }
  });
});

describe('totalResidentBytes', () => {
  it('sums private memory, and counts the largest shared part once', () => {
    expect(totalResidentBytes([{ anon: 10, file: 100, shmem: 1 }, { anon: 20, file: 60, shmem: 5 }, { anon: 1, file: 100, shmem: null }])).toBe(136);
  });

  it('is the resident size of a single process, and null if unknown', () => {
    expect(totalResidentBytes([parseResident('RssAnon:\t 3 kB\nRssFile:\t 4 kB\nRssShmem:\t 0 kB\n')])).toBe(7168);
    expect(totalResidentBytes([])).toBeNull();
    expect(totalResidentBytes([parseResident('Name:\tzombie\nState:\tZ\n')])).toBeNull();
  });
});

describe('selfReading', () => {
  it('counts a new process whole, an ended one not, and one with a reused id as new', () => {
    const before = raw(new Map([[1, { birth: 10, cpuSeconds: 5 }], [2, { birth: 10, cpuSeconds: 9 }], [3, { birth: 10, cpuSeconds: 50 }]]), 100);
    const now = raw(new Map([[1, { birth: 10, cpuSeconds: 5.5 }], [3, { birth: 99, cpuSeconds: 0.25 }], [4, { birth: 98, cpuSeconds: 0.25 }]]), 700);
    expect(selfReading(now, { raw: before, seconds: 2 }).values).toMatchObject({ cpu: 50, written: 300 });
  });

  it('has no CPU usage without processes, and no rate after a reset', () => {
    const { values } = selfReading(raw(new Map(), 1), { raw: raw(new Map(), 2), seconds: 1 });
    expect(values).toMatchObject({ cpu: null, written: null });
  });
});

describe('portableSelf', () => {
  const system = machineDeps('vm-6.18');

  it('reports the totals of the app', async () => {
    const collector = portableSelf(source, system);
    const before = await collector.read();
    const later = portableSelf({ ...source, usage: () => ({ cpuSeconds: 4, rssBytes: 8192 }) }, system);
    expect(collector.toReading(await later.read(), { raw: before, seconds: 10 })).toMatchObject({ values: { cpu: 10, memory: 8192 }, note: expect.stringContaining('in each') as string });
    const blind = portableSelf({ ...source, usage: () => null });
    expect(blind.toReading(await blind.read(), null)).toMatchObject({ values: { cpu: null, memory: null } });
    expect(blind.toReading(await blind.read(), null).note).toBeUndefined();
    const following = portableSelf({ ...source, usage: () => null }, { ...system, programs: { ...system.programs, followed: () => [7] } });
    expect(following.toReading(await following.read(), null).note).toBe('nvidia-smi, which it keeps running, is not included');
  });

  it('says what the programs of the last minute cost, which are not its own processes', async () => {
    let mono = 0;
    let cost = { started: 0, milliseconds: 0 };
    const collector = portableSelf({ ...source, usage: () => null }, { ...system, programs: { ...system.programs, cost: () => cost }, clock: { now: () => 0, mono: () => mono, boot: () => 0 } });
    const noteAt = async (seconds: number, started: number, milliseconds: number): Promise<string | undefined> => {
      mono = seconds * 1000;
      cost = { started, milliseconds };
      return collector.toReading(await collector.read(), null).note;
    };
    expect(await noteAt(0, 3, 90)).toBeUndefined();
    expect(await noteAt(30, 33, 1590)).toContain('60 programs of the system started a minute, which run 3.0 s together');
    expect(await noteAt(60, 63, 3090)).toContain('60 programs');
    // The busier half minute is over one minute, not over all time.
    expect(await noteAt(90, 133, 3690)).toContain('100 programs of the system started a minute, which run 2.1 s together');
    // Asked every two seconds, it is still about a minute.
    for (let second = 92; second < 200; second += 2) await noteAt(second, 133, 3690);
    expect(await noteAt(200, 134, 3690)).toContain('1 program of');
  });
});
