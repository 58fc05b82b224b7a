import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCpuMax, parseMemoryLimit, readCgroupLimits } from '../../../../src/main/engine/collectors/cgroup.linux';
import { cpuReading } from '../../../../src/main/engine/collectors/cpu';
import type { CpuRaw, CpuTimes } from '../../../../src/main/engine/collectors/cpu';
import { linuxCpu, parseLoadavg, parseCpuStat } from '../../../../src/main/engine/collectors/cpu.linux';
import { portableCpu } from '../../../../src/main/engine/collectors/cpu.portable';
import { failureOf, machine } from '../../../support/recorded-machine';

const noLimits = () => ({ cpus: null, memory: null });
const load = { one: 1, five: 2, fifteen: 3 };
const times = (user: number, system: number, idle: number, iowait: number | null, steal: number | null): CpuTimes => ({ user, system, idle, iowait, steal });
const raw = (total: CpuTimes, cores: Record<string, CpuTimes> = { 0: total }): CpuRaw => ({ total, cores: new Map(Object.entries(cores)), load, limit: null });
const between = (before: CpuRaw, now: CpuRaw) => cpuReading(now, { raw: before, seconds: 1 });

describe('parseCpuStat', () => {
  it.each([['vm-6.18', 2], ['server-128', 128], ['kernel-3.10', 2], ['container-v2', 16]] as const)('reads %s', async (name, cores) => {
    const collector = linuxCpu(machine(name), noLimits);
    const read = await collector.read();
    expect(read.cores.size).toBe(cores);
    expect(read.load.one).toBeGreaterThanOrEqual(0);
    const first = collector.toReading(read, null);
    expect(first.values).toMatchObject({ usage: null, user: null, cores });
    expect(Object.keys(first.devices)).toHaveLength(cores);
    expect(first.devices['0']).toEqual({ label: 'Core 0', values: { usage: null } });
    collector.close?.();
  });

  it('adds nice to user and interrupts to system, and does not add guest time', () => {
    const { total } = parseCpuStat(Buffer.from('cpu  10 2 3 40 5 6 7 8 9 1\ncpu0 10 2 3 40 5 6 7 8 9 1\n'));
    expect(total).toEqual({ user: 12, system: 16, idle: 40, iowait: 5, steal: 8 });
  });

  it('gives null for what old kernels do not count', () => {
    const { total } = parseCpuStat(Buffer.from('cpu  10 2 3 40\ncpu0 10 2 3 40\n'));
    expect(total).toEqual({ user: 12, system: 3, idle: 40, iowait: null, steal: null });
    expect(between(raw({ ...total, user: 0 }), raw(total)).values).toMatchObject({ iowait: null, steal: null, usage: 100 });
  });

  it.each(['', 'garbage', 'cpu  1 2', 'cpu  1 2 3 4\n', 'cpu  1 2 3 4\ncpu0 1 x\n', 'cpu  a b c d\n'])('rejects %j', async (text) => {
    expect(await failureOf(() => parseCpuStat(Buffer.from(text)))).toMatchObject({ kind: 'ParseError' });
  });

  it('rejects a broken loadavg', async () => {
    for (const text of ['', '0.1', '0.1 0.2 0.3 12 7', 'a b c d/e']) expect(await failureOf(() => parseLoadavg(text))).toMatchObject({ kind: 'ParseError' });
  });
});

describe('cpuReading', () => {
  it('counts waiting for disks as idle, and steal as usage', () => {
    const { values } = between(raw(times(0, 0, 0, 0, 0)), raw(times(20, 10, 50, 15, 5)));
    expect(values).toMatchObject({ usage: 35, user: 20, system: 10, iowait: 15, steal: 5, load1: 1, load5: 2, load15: 3 });
  });

  it('treats a single decreasing field as not grown', () => {
    const { values } = between(raw(times(100, 0, 100, 50, 0)), raw(times(150, 0, 150, 40, 0)));
    expect(values).toMatchObject({ usage: 50, iowait: 0 });
  });

  it('gives null when the counters decreased or did not grow', () => {
    expect(between(raw(times(100, 100, 100, 0, 0)), raw(times(1, 1, 1, 0, 0))).values).toMatchObject({ usage: null, user: null, system: null, iowait: null });
    expect(between(raw(times(1, 1, 1, 0, 0)), raw(times(1, 1, 1, 0, 0))).values.usage).toBeNull();
  });

  it('handles cores that go offline and come online', () => {
    const one = times(10, 0, 10, 0, 0);
    const two = times(20, 0, 10, 0, 0);
    const reading = between(raw(one, { 0: one, 1: one }), raw(two, { 0: two, 2: two }));
    expect(reading.devices).toEqual({ 0: { label: 'Core 0', values: { usage: 100 } }, 2: { label: 'Core 2', values: { usage: null } } });
  });

  it('keeps every share within 0 and 100 for any counters', () => {
    const any = fc.record({ user: fc.nat(), system: fc.nat(), idle: fc.nat(), iowait: fc.option(fc.nat()), steal: fc.option(fc.nat()) });
    fc.assert(
      fc.property(any, any, (before, now) => {
        const { usage, user, system, iowait, steal } = between(raw(before), raw(now)).values;
        for (const share of [usage, user, system, iowait, steal]) expect(share === null || (share >= 0 && share <= 100)).toBe(true);
      }),
    );
  });
});

describe('counters that no machine could have', () => {
  /** Readings of consecutive reads of /proc/stat, a second apart; the cores are the same as the whole. */
  const run = (lines: readonly string[], cores = 1, seconds = 1) => {
    const raws = lines.map((line): CpuRaw => ({ ...parseCpuStat(Buffer.from(`cpu  ${line}\n${Array.from({ length: cores }, (_, i) => `cpu${i} ${line}\n`).join('')}`)), load, limit: null }));
    return raws.slice(1).map((now, i) => cpuReading(now, { raw: raws[i] ?? now, seconds }));
  };

  it('leaves out steal while it runs backwards, as after a live migration', () => {
    const readings = run(['100000 0 50000 800000 1000 0 500 4000000000 0 0', '100020 0 50010 800070 1000 0 500 3167542567 0 0', '100040 0 50020 800140 1000 0 500 2335085134 0 0']);
    for (const { values, devices } of readings) {
      expect(values).toMatchObject({ usage: 30, user: 20, system: 10, iowait: 0, steal: null });
      expect(devices['0']?.values.usage).toBe(30);
    }
  });

  it.each([1844674407, 500, 151])('leaves out steal that grew by %d in a second of one core', (steal) => {
    expect(run(['100 0 50 800 0 0 0 1000', `120 0 60 870 0 0 0 ${1000 + steal}`])[0]?.values).toMatchObject({ usage: 30, steal: null });
  });

  it('believes steal that there was time for', () => {
    expect(run(['100 0 50 800 0 0 0 1000', '120 0 60 840 0 0 0 1030'])[0]?.values).toMatchObject({ usage: 60, user: 20, system: 10, steal: 30 });
    expect(run(['100 0 50 800 0 0 0 1000', '120 0 60 840 0 0 0 1330'], 4)[0]?.values).toMatchObject({ steal: 82.5 });
    expect(run(['100 0 50 800 0 0 0 1000', '120 0 60 840 0 0 0 1330'], 1, 4)[0]?.values).toMatchObject({ steal: 82.5 });
  });

  it('leaves out steal where all columns together grew by more than there was time for', () => {
    expect(run(['0 0 0 0 0 0 0 0', '20 0 10 70 0 0 0 120'])[0]?.values).toMatchObject({ usage: 30, steal: null });
  });

  it('leaves out time waiting for disks that jumps, and takes what the kernel moves from idle to it', () => {
    expect(run(['0 0 0 0 0 0 0 0', '20 0 10 70 90000 0 0 0'])[0]?.values).toMatchObject({ usage: 30, iowait: null, steal: 0 });
    // A sleep that lasts is idle or waiting as it stands when it is read.
    expect(run(['0 0 0 50 0 0 0 0', '20 0 10 0 120 0 0 0'])[0]?.values).toMatchObject({ usage: 30, iowait: 70 });
  });

  it.each([
    ['user', '900 0 50 870 0 0 0 0'],
    ['system', '1020 0 40 870 0 0 0 0'],
    ['idle', '1020 0 60 790 0 0 0 0'],
    ['user, upwards', '9020 0 60 870 0 0 0 0'],
    ['idle, upwards', '1020 0 60 9870 0 0 0 0'],
  ])('knows nothing where %s runs the wrong way: each share depends on it', (_, line) => {
    const [reading] = run(['1000 0 50 800 0 0 0 0', line]);
    expect(reading?.values).toMatchObject({ usage: null, user: null, system: null, iowait: null, steal: null });
    expect(reading?.devices['0']?.values.usage).toBeNull();
  });

  it.each([
    ['idle time of a busy core', '1060 0 90 798 0 0 0 0', { usage: 100, user: 60, system: 40 }],
    ['idle time, and time waiting for disks with it', '1060 0 90 798 999 0 0 0', { usage: 100, iowait: 0 }],
    ['user time of an idle core', '999 0 60 889 1000 0 0 0', { usage: 10.1, user: 0, system: 10.1 }],
    ['system time', '1030 0 49 870 1000 0 0 0', { usage: 30, user: 30, system: 0 }],
    ['user time where a host takes the rest', '998 0 50 810 1000 0 0 90', { usage: 90, steal: 90 }],
  ])('takes a counter that slips back a little for one that stood still: %s', (_, line, shares) => {
    const [reading] = run(['1000 0 50 800 1000 0 0 0', line]);
    expect(reading?.values).toMatchObject(shares);
    expect(reading?.devices['0']?.values.usage).toBe(shares.usage);
  });

  it.each([
    ['more is missing than slipped', '1020 0 60 798 0 0 0 0'],
    ['it slips by more than that', '1060 0 90 780 0 0 0 0'],
  ])('knows nothing where %s', (_, line) => {
    expect(run(['1000 0 50 800 0 0 0 0', line])[0]?.values).toMatchObject({ usage: null, user: null, system: null });
  });

  it('counts what guests use once, and knows nothing of a container that counts nothing', () => {
    expect(run(['1000 0 50 800 0 0 0 0 900 0', '1080 0 60 810 0 0 0 0 970 0'])[0]?.values).toMatchObject({ usage: 90, user: 80, system: 10 });
    expect(run(['0 0 0 0 0 0 0 0 0 0', '0 0 0 0 0 0 0 0 0 0'])[0]?.values).toMatchObject({ usage: null, user: null });
  });

  it('shares never add up to more than 100, whatever the counters say', () => {
    const column = fc.oneof(fc.nat(200), fc.nat(), fc.maxSafeNat(), fc.constant(2 ** 64));
    const any = fc.record({ user: column, system: column, idle: column, iowait: fc.option(column), steal: fc.option(column) });
    fc.assert(
      fc.property(any, any, fc.double({ min: 0.001, max: 100, noNaN: true }), (before, now, seconds) => {
        const { usage, user, system, iowait, steal } = cpuReading(raw(now), { raw: raw(before), seconds }).values;
        expect((user ?? 0) + (system ?? 0) + (iowait ?? 0) + (steal ?? 0)).toBeLessThanOrEqual(100.2);
        if (usage !== null) expect(Math.abs(usage - (user ?? 0) - (system ?? 0) - (steal ?? 0))).toBeLessThan(0.2);
      }),
    );
  });
});

describe('cgroup limits', () => {
  it('are reported in a note, for v2 and for a parent group of v1', () => {
    expect(readCgroupLimits(machine('container-v2'))).toEqual({ cpus: 2, memory: 2 ** 31 });
    expect(readCgroupLimits(machine('laptop'))).toEqual({ cpus: 0.5, memory: 2 ** 30 });
    expect(readCgroupLimits(machine('vm-6.18'))).toEqual({ cpus: null, memory: null });
    expect(readCgroupLimits(machine('kernel-2.6'))).toEqual({ cpus: null, memory: null });
    const collector = linuxCpu(machine('container-v2'), () => readCgroupLimits(machine('container-v2')));
    expect(collector.toReading(collector.read() as CpuRaw, null).note).toBe('values of the whole machine; limited to 2 of 16 cores by a cgroup');
    collector.close?.();
  });

  it('ignore values that mean no limit', () => {
    expect(['max 100000', '-1 100000', '', null, '100000'].map(parseCpuMax)).toEqual([null, null, null, null, null]);
    expect(['max', '9223372036854771712', '', null, '-1'].map(parseMemoryLimit)).toEqual([null, null, null, null, null]);
  });
});

describe('portableCpu', () => {
  const core = (user: number, idle: number) => ({ times: { user, nice: 0, sys: 0, idle, irq: 0 } });
  const MACOS = { hasLoad: true, systemIncludesInterrupts: false };
  const WINDOWS = { hasLoad: false, systemIncludesInterrupts: true };

  it('computes the same readings from the counters of Node', async () => {
    let cpus = [core(0, 0), core(0, 0)];
    const collector = portableCpu({ cpus: () => cpus, loadavg: () => [1, 2, 3] }, MACOS);
    const before = await collector.read();
    cpus = [core(100, 0), core(0, 100)];
    const reading = collector.toReading(await collector.read(), { raw: before, seconds: 1 });
    expect(reading.values).toEqual({ usage: 50, user: 50, system: 0, iowait: null, steal: null, cores: 2, load1: 1, load5: 2, load15: 3, pressure: null });
    expect(reading.devices['0']?.values.usage).toBe(100);
  });

  it('has no load on Windows, and fails without cores', async () => {
    const windows = portableCpu({ cpus: () => [core(1, 1)], loadavg: () => [0, 0, 0] }, WINDOWS);
    expect(windows.toReading(await windows.read(), null).values.load1).toBeNull();
    // Interrupts are in the time of the kernel already: 30 of 100, not 40.
    let times = { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 };
    const counting = portableCpu({ cpus: () => [{ times }], loadavg: () => [] }, WINDOWS);
    const before = await counting.read();
    times = { user: 0, nice: 0, sys: 30, idle: 70, irq: 10 };
    expect(counting.toReading(await counting.read(), { raw: before, seconds: 0.1 }).values).toMatchObject({ usage: 30, system: 30 });
    const none = portableCpu({ cpus: () => [], loadavg: () => [] }, MACOS);
    expect(await failureOf(() => none.read())).toMatchObject({ kind: 'SystemUnavailable' });
  });
});
