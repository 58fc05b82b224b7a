/** Swapping and pressure: signs that memory is short. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linuxMemory } from '../../../../src/main/engine/collectors/memory.linux';
import { parseVmstat, swapsToDisk } from '../../../../src/main/engine/collectors/memory-paging.linux';
import { parsePressure } from '../../../../src/main/engine/collectors/pressure.linux';
import type { MemoryRaw } from '../../../../src/main/engine/collectors/memory';
import { createFakeTree, UNREADABLE } from '../../../support/fake-tree';
import type { TreeEntries } from '../../../support/fake-tree';

const MEMINFO = 'MemTotal: 8000000 kB\nMemFree: 1000000 kB\nMemAvailable: 2000000 kB\nCached: 1000000 kB\nSwapTotal: 4000000 kB\nSwapFree: 3000000 kB';
const vmstat = (pagesIn: number, pagesOut: number): string => `nr_free_pages 2500\npgpgin 900\npswpin ${pagesIn}\npswpout ${pagesOut}\npgfault 7`;
const psi = (share: number): string => `some avg10=0.00 avg60=${share.toFixed(2)} avg300=1.20 total=123\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0`;
const HEAD = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
const ZRAM = '/dev/zram0                              partition\t4194300\t\t1234\t\t100\n';
const file = (used: number): string => `/swap\\040file                             file\t\t2097148\t\t${used}\t\t-2\n`;

/** A machine read once a second of its own clock. */
function machine(files: TreeEntries) {
  const { root, put: create } = createFakeTree({ 'proc/meminfo': MEMINFO, ...files });
  // Files of /proc stay the same files while their content changes.
  const put = (entries: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(entries)) writeFileSync(join(root, path), text);
  };
  let mono = 1000;
  const collector = linuxMemory(root, () => ({ cpus: null, memory: null }), () => mono);
  let previous: MemoryRaw | null = null;
  const read = async (seconds = 1, isGap = false) => {
    mono += seconds * 1000;
    const raw = await collector.read();
    const { values, note } = collector.toReading(raw, previous === null || isGap ? null : { raw: previous, seconds });
    previous = raw;
    return { swapIn: values.swapIn, swapOut: values.swapOut, pressure: values.pressure, note };
  };
  const wait = async (seconds: number) => {
    for (let passed = 1; passed < seconds; passed += 1) await read();
    return read();
  };
  return { create, put, read, wait };
}

describe('swapping', () => {
  it('is what moved between two reads ten seconds apart, in bytes per second, and kept in between', async () => {
    const { put, read, wait } = machine({ 'proc/vmstat': vmstat(1000, 500), 'proc/pressure/memory': psi(12.34) });
    expect(await read()).toMatchObject({ swapIn: null, swapOut: null, pressure: 12.3 });
    put({ 'proc/vmstat': vmstat(1000 + 2560, 500 + 5120), 'proc/pressure/memory': psi(0) });
    expect(await wait(9)).toMatchObject({ swapIn: null, pressure: 12.3 });
    expect(await read()).toMatchObject({ swapIn: 256 * 4096, swapOut: 512 * 4096, pressure: 0 });
    expect(await wait(9)).toMatchObject({ swapIn: 256 * 4096, swapOut: 512 * 4096 });
    expect(await read()).toMatchObject({ swapIn: 0, swapOut: 0 });
  });

  it('counts pages of the size the kernel has', async () => {
    const auxv = Buffer.alloc(32);
    auxv.writeBigUInt64LE(6n, 0);
    auxv.writeBigUInt64LE(16_384n, 8);
    const { put, read, wait } = machine({ 'proc/vmstat': vmstat(0, 0), 'proc/self/auxv': auxv.toString('latin1') });
    await read();
    put({ 'proc/vmstat': vmstat(10, 20) });
    expect(await wait(10)).toMatchObject({ swapIn: 16_384, swapOut: 2 * 16_384 });
  });

  it('is unknown after a gap, and no difference spans a pause', async () => {
    const { put, read, wait } = machine({ 'proc/vmstat': vmstat(0, 0) });
    await read();
    await wait(10);
    put({ 'proc/vmstat': vmstat(1e6, 1e6) });
    expect(await read(3600, true)).toMatchObject({ swapIn: null });
    expect(await wait(9)).toMatchObject({ swapIn: null });
    expect(await wait(10)).toMatchObject({ swapIn: 0, swapOut: 0 });
    // A gap without a pause of the monotonic clock, as after sleep.
    expect(await read(1, true)).toMatchObject({ swapIn: null });
    expect(await read()).toMatchObject({ swapIn: 0 });
  });

  it('is unknown when the counters go back, and without swap', async () => {
    const { put, read, wait } = machine({ 'proc/vmstat': vmstat(500, 500) });
    await read();
    put({ 'proc/vmstat': vmstat(100, 600) });
    expect(await wait(10)).toMatchObject({ swapIn: null, swapOut: 40_960 });
    put({ 'proc/meminfo': MEMINFO.replace('4000000', '0') });
    expect(await read()).toMatchObject({ swapIn: null, swapOut: null });
  });

  it('into compressed memory is none, and the note says so', async () => {
    const { put, read, wait } = machine({ 'proc/vmstat': vmstat(0, 0), 'proc/swaps': HEAD + ZRAM });
    await read();
    put({ 'proc/vmstat': vmstat(1e6, 1e6) });
    expect(await wait(10)).toMatchObject({ swapIn: 0, swapOut: 0, note: expect.stringContaining('zram') as string });
    put({ 'proc/vmstat': vmstat(1e6 + 10, 1e6), 'proc/swaps': HEAD + ZRAM + file(12) });
    expect(await wait(10)).toMatchObject({ swapIn: 4096, swapOut: 0, note: 'used = total − available' });
  });

  it.each([
    ['no areas', '', true],
    ['the head alone', HEAD, true],
    ['a file', HEAD + file(0), true],
    ['zram', HEAD + ZRAM, false],
    ['two of zram', HEAD + ZRAM + ZRAM.replace('zram0', 'zram1'), false],
    ['zram before a file that is not used', HEAD + ZRAM + file(0), false],
    ['zram before a file that is used', HEAD + ZRAM + file(4), true],
    ['a disk named like it', HEAD + ZRAM.replace('/dev/zram0', '/dev/zramdisk'), true],
  ])('goes to a disk with %s: %#', (_, swaps, toDisk) => {
    expect(swapsToDisk(swaps)).toBe(toDisk);
  });
});

describe('pressure', () => {
  it.each([
    [psi(45.67), 45.67],
    ['some avg10=1.00 avg60=100.00 avg300=3 total=0\n', 100],
    ['full avg10=1.00 avg60=2.00 avg300=3 total=0\n', null],
    ['', null],
    ['some', null],
  ])('is the share of the last minute: %#', (text, share) => {
    expect(parsePressure(text).some).toBe(share);
  });
});

describe('files that are missing', () => {
  it('leave the values unknown and memory as it is', async () => {
    const { read, wait } = machine({});
    expect(await read()).toEqual({ swapIn: null, swapOut: null, pressure: null, note: 'used = total − available' });
    expect(await wait(20)).toMatchObject({ swapIn: null, pressure: null });
  });

  it('are looked for every five minutes, and one that goes is missed', async () => {
    const { create, put, read, wait } = machine({ 'proc/pressure/memory': UNREADABLE });
    expect(await read()).toMatchObject({ pressure: null });
    create({ 'proc/pressure/memory': psi(5) });
    expect(await wait(290)).toMatchObject({ pressure: null });
    expect(await wait(20)).toMatchObject({ pressure: 5 });
    put({ 'proc/pressure/memory': '' });
    expect(await wait(10)).toMatchObject({ pressure: null });
  });

  it('are those of the host where a container has a meminfo of its own', async () => {
    const lxcfs = '1206 1149 0:61 /proc/meminfo /proc/meminfo rw,nosuid,nodev,relatime shared:593 master:81 - fuse.lxcfs lxcfs rw';
    const { put, read, wait } = machine({ 'proc/vmstat': vmstat(0, 0), 'proc/pressure/memory': psi(50), 'proc/self/mountinfo': lxcfs });
    await read();
    put({ 'proc/vmstat': vmstat(1e6, 1e6) });
    expect(await wait(10)).toMatchObject({ swapIn: null, swapOut: null, pressure: null });
  });

  it('and odd ones give no value and no error, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const paging = parseVmstat(text, 4096, 0);
        expect(paging === null || (paging.inBytes ?? -1) >= 0).toBe(true);
        expect(typeof swapsToDisk(text)).toBe('boolean');
      }),
    );
    expect(parseVmstat('pswpin 1\npswpout x\n', 4096, 0)).toBeNull();
    expect(parseVmstat('pswpin 1\npswpout 2', 4096, 5)).toEqual({ inBytes: 4096, outBytes: 8192, at: 5 });
    expect(parseVmstat('zswpin 1\nzswpout 2', 4096, 5)).toBeNull();
  });
});
