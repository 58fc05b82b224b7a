import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linuxMemory, parseMeminfo } from '../../../../src/main/engine/collectors/memory.linux';
import { portableMemory } from '../../../../src/main/engine/collectors/memory.portable';
import type { SystemInformation } from '../../../../src/main/engine/collectors/systeminformation';
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
    });
    expect(note).toBe('used = total − available');
  });

  it('estimates available memory if the kernel does not report it, and says so', async () => {
    const { values, note } = await readingOf('kernel-3.10');
    expect(values.available).toBe((262012 + 92004 + 721340) * KIB);
    expect(note).toContain('estimated');
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
  const values = async () => {
    const collector = linuxMemory(root, () => ({ cpus: null, memory: null }));
    const reading = collector.toReading(await collector.read(), null);
    collector.close?.();
    return reading.values;
  };

  it('is available but for its minimum', async () => {
    expect(await values()).toMatchObject({ available: 18210816 * KIB, used: 14557184 * KIB, usage: 44.4 });
  });

  it('is not that of this memory if it is larger', async () => {
    write('proc/meminfo', MEMINFO.replace('32768000', '8388608'));
    expect(await values()).toMatchObject({ available: 2457600 * KIB, total: 8388608 * KIB });
  });
});

describe('portableMemory', () => {
  const load = (mem: Awaited<ReturnType<SystemInformation['mem']>>) => () => Promise.resolve({ mem: () => Promise.resolve(mem) } as SystemInformation);

  it('reads a Mac', async () => {
    const collector = portableMemory(load({ total: 17179869184, available: 6291456000, buffcache: 4194304000, swaptotal: 2147483648, swapused: 1073741824 }));
    const { values } = collector.toReading(await collector.read(), null);
    expect(values).toMatchObject({ total: 17179869184, used: 17179869184 - 6291456000, usage: 63.4, swapUsage: 50 });
  });

  it('gives null for missing values, and fails without a total', async () => {
    const collector = portableMemory(load({ total: 4096, available: null, buffcache: undefined, swaptotal: null, swapused: null }));
    expect(collector.toReading(await collector.read(), null).values).toMatchObject({ usage: null, used: null, cached: null, swapTotal: null });
    expect(await failureOf(() => portableMemory(load({ total: 0, available: 0, buffcache: 0, swaptotal: 0, swapused: 0 })).read())).toMatchObject({ kind: 'SystemUnavailable' });
  });
});
