import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryReading, NO_PAGING } from '../../../../src/main/engine/collectors/memory';
import { linuxMemory, parseMeminfo } from '../../../../src/main/engine/collectors/memory.linux';
import { failureOf, machine } from '../../../support/recorded-machine';

const KIB = 1024;

async function readingOf(name: string, memory: number | null = null) {
  const collector = linuxMemory(machine(name), () => ({ cpus: null, memory }));
  const reading = collector.toReading(await collector.read(), null);
  collector.close?.();
  return reading;
}

describe('linuxMemory', () => {
  it('reads a large server with swap in use', async () => {
    const { values, note } = await readingOf('server-128');
    expect(values).toEqual({
      usage: 14.8,
      used: (1056270268 - 900000000) * KIB,
      available: 900000000 * KIB,
      cached: (123456 + 200000000 + 9000000 - 4000000) * KIB,
      total: 1056270268 * KIB,
      swapUsage: 25,
      swapUsed: Math.round(((33554428 - 25165821) * KIB) / 4096) * 4096,
      swapTotal: 33554428 * KIB,
      // This machine has neither file.
      swapIn: null,
      swapOut: null,
      pressure: null,
    });
    expect(note).toBe('used = total − available');
  });

  it('estimates available memory if the kernel does not report it, and says so', async () => {
    const { values, note } = await readingOf('kernel-3.10');
    // Shared memory is among the cached pages and cannot be had back; slabs can.
    expect(values.available).toBe((262012 + 92004 + 721340 - 8492 + 140064) * KIB);
    expect(note).toContain('estimated');
  });

  const meminfo = (lines: Readonly<Record<string, number>>): string => Object.entries({ MemTotal: 8_000_000, MemFree: 500_000, Cached: 5_000_000, ...lines }).map(([name, kib]) => `${name}: ${kib} kB\n`).join('');
  const availableOf = (lines: Readonly<Record<string, number>>): unknown => {
    const { available, estimated } = parseMeminfo(meminfo(lines));
    return { available: (available ?? Number.NaN) / KIB, estimated };
  };

  it('does not count files in memory as available where it estimates', () => {
    expect(availableOf({ Shmem: 4_000_000, SReclaimable: 100_000 })).toEqual({ available: 1_600_000, estimated: true });
    expect(availableOf({ Shmem: 4_000_000, 'Active(file)': 300_000, 'Inactive(file)': 400_000 })).toEqual({ available: 1_200_000, estimated: true });
    expect(availableOf({ Cached: 1, Shmem: 4_000_000 })).toEqual({ available: 500_000, estimated: true });
    // A container whose pages are those of its host.
    expect(availableOf({ Cached: 50_000_000, MemAvailable: 60_000_000 })).toEqual({ available: 500_000, estimated: true });
  });

  it.each([0, 8_000_001, 64_000_000])('does not believe that %d kB of 8000000 are available, like free', (kib) => {
    expect(availableOf({ MemAvailable: kib, Cached: 1_000_000 })).toEqual({ available: 1_500_000, estimated: true });
    expect(memoryReading({ ...parseMeminfo(meminfo({ MemAvailable: kib, Cached: 1_000_000 })), limit: null, paging: NO_PAGING }, null).values.usage).toBe(81.3);
  });

  it('believes a machine that has nearly nothing left', () => {
    expect(availableOf({ MemFree: 900, Cached: 2000, Shmem: 1900, MemAvailable: 0 })).toEqual({ available: 1000, estimated: true });
    expect(availableOf({ MemAvailable: 1 })).toEqual({ available: 1, estimated: false });
  });

  it('does not know the swap in use where the kernel leaves a part of it out', () => {
    expect(parseMeminfo(meminfo({ SwapTotal: 1000 }))).toMatchObject({ swapTotal: 1000 * KIB, swapUsed: null });
    expect(parseMeminfo(meminfo({}))).toMatchObject({ swapTotal: null, swapUsed: null });
    expect(parseMeminfo(meminfo({ SwapTotal: 1000, SwapFree: 1200 }))).toMatchObject({ swapUsed: 0 });
  });

  it('has no swap usage without swap', async () => {
    const { values } = await readingOf('vm-6.18');
    expect(values).toMatchObject({ swapTotal: 0, swapUsed: 0, swapUsage: null });
  });

  it('notes a cgroup limit below the total', async () => {
    expect((await readingOf('container-v2', 2 ** 31)).note).toMatch(/limited to 2\.00.GiB by a cgroup/);
    expect((await readingOf('container-v2', 2 ** 50)).note).not.toContain('cgroup');
  });

  it.each(['', 'garbage', 'MemTotal: 5 kB\n', 'MemTotal: x kB\nMemFree: 1 kB\nCached: 1 kB\n', 'MemTotal: 0 kB\nMemFree: 0 kB\nCached: 0 kB\n'])('rejects %j', async (text) => {
    expect(await failureOf(() => parseMeminfo(text))).toMatchObject({ kind: 'ParseError', message: expect.stringContaining('/proc/meminfo') as string });
  });

  it('is unavailable without the file', async () => {
    expect(await failureOf(() => readingOf('kernel-2.6'))).toMatchObject({ kind: 'SystemUnavailable' });
  });
});

describe('the cache of ZFS', () => {
  const MEMINFO = `MemTotal:       32768000 kB
MemFree:         1638400 kB
MemAvailable:    2457600 kB
Buffers:           10240 kB
Cached:           819200 kB
SwapTotal:             0 kB
SwapFree:              0 kB
Shmem:            204800 kB
SReclaimable:     102400 kB
`;
  const ARCSTATS = `13 1 0x01 147 39984 5100000000 900000000000
name                            type data
c_min                           4    1048576000
size                            4    17179869184
`;
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'arc-'));
    write('proc/meminfo', MEMINFO);
    write('proc/spl/kstat/zfs/arcstats', ARCSTATS);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const readingOnce = async () => {
    const collector = linuxMemory(root, () => ({ cpus: null, memory: null }));
    const reading = collector.toReading(await collector.read(), null);
    collector.close?.();
    return reading;
  };
  const UNCHANGED = { available: 2457600 * KIB, cached: (10240 + 819200 + 102400 - 204800) * KIB };

  it('is available and cached but for its minimum, and the note says so', async () => {
    const { values, note } = await readingOnce();
    expect(values).toMatchObject({ available: 18210816 * KIB, used: 14557184 * KIB, usage: 44.4, cached: UNCHANGED.cached + 15753216 * KIB });
    expect(note).toMatch(/^used = total − available; 15\.0.GiB of the ZFS cache count as available$/);
  });

  it.each([
    ['a cache larger than all memory', MEMINFO.replace('32768000', '8388608'), ARCSTATS],
    ['a cache larger than what is in use', MEMINFO.replace('1638400', '17000000'), ARCSTATS],
    ['a cache at its minimum', MEMINFO, ARCSTATS.replace('17179869184', '1048576000')],
    ['a cache below its minimum', MEMINFO, ARCSTATS.replace('17179869184', '1000')],
    ['no minimum', MEMINFO, ARCSTATS.replace('c_min', 'c_max')],
    ['no size', MEMINFO, ARCSTATS.replace('\nsize', '\nhdr_size')],
    ['no numbers', MEMINFO, ARCSTATS.replace('17179869184', 'x')],
    ['an empty file', MEMINFO, ''],
  ])('counts nothing with %s', async (_, meminfo, arcstats) => {
    write('proc/meminfo', meminfo);
    write('proc/spl/kstat/zfs/arcstats', arcstats);
    expect((await readingOnce()).values).toMatchObject(UNCHANGED);
  });

  it('is that of the host where a container has a meminfo of its own', async () => {
    write('proc/self/mountinfo', '1206 1149 0:61 /proc/meminfo /proc/meminfo rw,nosuid,nodev,relatime shared:593 master:81 - fuse.lxcfs lxcfs rw,user_id=0,allow_other\n');
    expect((await readingOnce()).values).toMatchObject(UNCHANGED);
  });

  it('is added to the estimate of an old kernel', async () => {
    write('proc/meminfo', MEMINFO.replace(/MemAvailable.*\n/, ''));
    expect((await readingOnce()).values.available).toBe((1638400 + 819200 + 10240 - 204800 + 102400 + 15753216) * KIB);
  });

  it('is looked for every five minutes, and may go', async () => {
    let mono = 0;
    const collector = linuxMemory(root, () => ({ cpus: null, memory: null }), () => mono);
    const available = async () => collector.toReading(await collector.read(), null).values.available;
    rmSync(join(root, 'proc/spl'), { recursive: true });
    expect(await available()).toBe(UNCHANGED.available);
    write('proc/spl/kstat/zfs/arcstats', ARCSTATS);
    mono = 299_999;
    expect(await available()).toBe(UNCHANGED.available);
    mono = 300_000;
    expect(await available()).toBe(18210816 * KIB);
    collector.close?.();
    rmSync(join(root, 'proc/spl'), { recursive: true });
    expect(await available()).toBe(UNCHANGED.available);
    collector.close?.();
  });
});
