import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diskIoReading } from '../../../../src/main/engine/collectors/diskio';
import type { DiskCounters, DiskIoRaw } from '../../../../src/main/engine/collectors/diskio';
import { linuxDiskIo, parseDiskstats } from '../../../../src/main/engine/collectors/diskio.linux';
import { portableDiskIo } from '../../../../src/main/engine/collectors/diskio.portable';
import type { SystemInformation } from '../../../../src/main/engine/collectors/systeminformation';
import { failureOf, machine } from '../../../support/recorded-machine';

async function rawOf(name: string): Promise<DiskIoRaw> {
  const collector = linuxDiskIo(machine(name));
  const raw = await collector.read();
  collector.close?.();
  return raw;
}

const counters = (own: Partial<DiskCounters> = {}): DiskCounters => ({ label: 'sda', detail: null, summed: true, reads: 0, writes: 0, readBytes: 0, writeBytes: 0, busyMs: 0, ...own });
const between = (before: DiskCounters, now: DiskCounters, seconds = 1) => diskIoReading(new Map([['sda', now]]), { raw: new Map([['sda', before]]), seconds });

describe('linuxDiskIo', () => {
  it.each([
    ['kernel-2.6', ['hda', 'md0']],
    ['kernel-3.10', ['sda', 'dm-0']],
    ['kernel-4.18', ['nvme0n1', 'sdb']],
    ['laptop', ['nvme0n1', 'sdb', 'dm-0', 'md127', 'mmcblk0']],
    ['container-v2', []],
  ])('finds whole disks on %s', async (name, disks) => {
    expect([...(await rawOf(name)).keys()]).toEqual(disks);
  });

  it('reads the columns and counts sectors as 512 bytes', async () => {
    const raw = await rawOf('laptop');
    expect(raw.get('nvme0n1')).toEqual({
      label: 'nvme0n1',
      detail: 'Samsung SSD 980 PRO 1TB',
      summed: true,
      reads: 181303,
      writes: 1073441,
      readBytes: 13155282 * 512,
      writeBytes: 52127392 * 512,
      busyMs: 400312,
    });
    expect(raw.get('dm-0')).toMatchObject({ label: 'luks-root', summed: false });
  });

  it('has no values and no devices where there is no disk', async () => {
    expect(diskIoReading(await rawOf('container-v2'), null)).toEqual({ values: { read: null, write: null, readOps: null, writeOps: null, busy: null }, devices: {} });
  });

  it.each(['8 0 sda 1 2 3\n', '8 0 sda a b c d e f g h i j k\n', '8 0\n'])('rejects %j', async (text) => {
    const identity = { label: 'sda', detail: null, summed: true };
    expect(await failureOf(() => parseDiskstats(Buffer.from(text), () => identity))).toMatchObject({ kind: 'ParseError' });
  });
});

describe('diskIoReading', () => {
  it('computes rates from counters', () => {
    const { values } = between(counters(), counters({ reads: 10, writes: 20, readBytes: 4096, writeBytes: 8192, busyMs: 500 }), 2);
    expect(values).toEqual({ read: 2048, write: 4096, readOps: 5, writeOps: 10, busy: 25 });
  });

  it('sums the disks but not the devices on top of them', () => {
    const before: DiskIoRaw = new Map([['sda', counters()], ['sdb', counters()], ['md0', counters({ summed: false })]]);
    const grown = { readBytes: 100, busyMs: 100 };
    const now: DiskIoRaw = new Map([['sda', counters(grown)], ['sdb', counters({ ...grown, busyMs: 700 })], ['md0', counters({ ...grown, summed: false, busyMs: 900 })]]);
    const { values, devices } = diskIoReading(now, { raw: before, seconds: 1 });
    expect(values).toMatchObject({ read: 200, busy: 70 });
    expect(devices['md0']?.values).toMatchObject({ read: 100, busy: 90 });
  });

  it('gives null after a reset, never a spike, and for busy alone when only its 32-bit counter wrapped', () => {
    const full = counters({ reads: 5, writes: 5, readBytes: 5000, writeBytes: 5000, busyMs: 4294967000 });
    expect(between(full, counters({ reads: 9, writes: 9, readBytes: 1, writeBytes: 9000, busyMs: 0 })).values).toEqual({ read: null, write: null, readOps: null, writeOps: null, busy: null });
    expect(between(full, { ...full, reads: 6, readBytes: 5512, busyMs: 3 }).values).toEqual({ read: 512, write: 0, readOps: 1, writeOps: 0, busy: null });
  });

  it('does not know a total while a part of it is unknown', () => {
    const before: DiskIoRaw = new Map([['sda', counters({ readBytes: 9 })], ['sdb', counters()], ['md0', counters({ readBytes: 9, summed: false })]]);
    const now: DiskIoRaw = new Map([['sda', counters({ busyMs: 100 })], ['sdb', counters({ readBytes: 100, busyMs: 500 })], ['md0', counters({ summed: false })]]);
    expect(diskIoReading(now, { raw: before, seconds: 1 }).values).toEqual({ read: null, write: null, readOps: null, writeOps: null, busy: 50 });
    const healthy = diskIoReading(new Map([['sdb', counters({ readBytes: 100 })], ['md0', counters({ summed: false })]]), { raw: before, seconds: 1 });
    expect(healthy.values.read).toBe(100);
  });

  it('drops a removed disk and starts a new one without rates', () => {
    const reading = diskIoReading(new Map([['sdb', counters({ reads: 9 })]]), { raw: new Map([['sda', counters()]]), seconds: 1 });
    expect(Object.keys(reading.devices)).toEqual(['sdb']);
    expect(reading.values.readOps).toBeNull();
  });

  it('is never negative and never more than 100 % busy', () => {
    const any = fc.record({ reads: fc.nat(), writes: fc.nat(), readBytes: fc.nat(), writeBytes: fc.nat(), busyMs: fc.nat() }).map((own) => counters(own));
    fc.assert(
      fc.property(any, any, fc.double({ min: 0.001, max: 1e5, noNaN: true }), (before, now, seconds) => {
        const { values } = between(before, now, seconds);
        for (const value of Object.values(values)) expect(value === null || value >= 0).toBe(true);
        expect(values.busy ?? 0).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('portableDiskIo', () => {
  const load = (fsStats: { rx: number; wx: number } | null, disksIO: { rIO: number; wIO: number } | null) => () =>
    Promise.resolve({ fsStats: () => Promise.resolve(fsStats), disksIO: () => Promise.resolve(disksIO) } as SystemInformation);

  it('reads a Mac as one device, and fails on Windows', async () => {
    const collector = portableDiskIo(load({ rx: 4096, wx: 100 }, { rIO: 7, wIO: 8 }));
    const raw = await collector.read();
    expect(raw.get('all')).toMatchObject({ readBytes: 4096, writeBytes: 100, reads: 7, writes: 8, busyMs: null });
    expect(await failureOf(() => portableDiskIo(load(null, null)).read())).toMatchObject({ kind: 'SystemUnavailable' });
  });
});
