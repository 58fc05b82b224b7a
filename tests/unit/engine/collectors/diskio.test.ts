import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskIoReading } from '../../../../src/main/engine/collectors/diskio';
import type { DiskCounters, DiskIoRaw } from '../../../../src/main/engine/collectors/diskio';
import { linuxDiskIo, parseDiskstats } from '../../../../src/main/engine/collectors/diskio.linux';
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
    expect(diskIoReading(await rawOf('container-v2'), null)).toEqual({ values: { read: null, write: null, readOps: null, writeOps: null, busy: null, pressure: null, stalled: null }, devices: {} });
  });

  it.each(['8 0 sda 1 2 3\n', '8 0 sda a b c d e f g h i j k\n', '8 0\n'])('rejects %j', async (text) => {
    const identity = { label: 'sda', detail: null, summed: true };
    expect(await failureOf(() => parseDiskstats(Buffer.from(text), () => identity))).toMatchObject({ kind: 'ParseError' });
  });
});

describe('block devices with odd names', () => {
  const XVDA1 = ' 202       1 xvda1 26000 50 1890000 17000 4260000 53000 47400000 3540000 0 103000 3557000\n';
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'blocks-'));
    mkdirSync(join(root, 'proc'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const folder = (path: string): void => void mkdirSync(join(root, 'sys/block', path), { recursive: true });
  const read = async (lines: string): Promise<DiskIoRaw> => {
    writeFileSync(join(root, 'proc/diskstats'), lines);
    const collector = linuxDiskIo(root);
    const raw = await collector.read();
    collector.close?.();
    return raw;
  };
  /** A device, and its partition, with the same traffic as xvda1. */
  const rolesOf = async (name: string, ...folders: string[]): Promise<[string, boolean][]> => {
    folder(name.replaceAll('/', '!'));
    for (const path of folders) folder(path);
    const raw = await read(XVDA1.replace('xvda1', name) + XVDA1.replace('xvda1', `${name}p1`));
    return [...raw].map(([id, { summed }]) => [id, summed]);
  };

  it('are disks where the kernel has no whole for them', async () => {
    folder('xvda1');
    expect([...(await read(XVDA1))]).toEqual([['xvda1', counters({ label: 'xvda1', reads: 26000, readBytes: 1890000 * 512, writes: 4260000, writeBytes: 47400000 * 512, busyMs: 103000 })]]);
  });

  it.each(['xvda1', 'sda1', 'nvme0n1', 'mmcblk0gp0', 'cciss/c0d0', 'etherd/e1.0', 'pmem0', 'rssda', 'rbd0', 'ubda', 'mspblk0', 'nbd3'])('are disks: %s', async (name) => {
    expect(await rolesOf(name)).toEqual([[name, true]]);
  });

  it.each(['dm-0', 'md127', 'md_d0', 'md_home', 'bcache0', 'drbd0', 'drbd_r0', 'zd16', 'emcpowera', 'ublkb0', 'ubiblock0_0'])('are on top of others: %s', async (name) => {
    expect(await rolesOf(name)).toEqual([[name, false]]);
  });

  it.each(['loop7', 'ram0', 'zram1', 'sr0', 'fd0', 'mmcblk0boot0', 'mmcblk0boot1', 'mmcblk1rpmb', 'nvme0c0n1', 'nvme1c33n2', 'xpram0', 'zloop1'])('are no disks: %s', async (name) => {
    expect(await rolesOf(name)).toEqual([]);
  });

  it('are on top of others where the kernel says so, and hidden where it says that', async () => {
    expect(await rolesOf('newraid0', 'newraid0/slaves/sda')).toEqual([['newraid0', false]]);
    folder('newpath0');
    writeFileSync(join(root, 'sys/block/newpath0/hidden'), '1\n');
    expect(await rolesOf('newpath0')).toEqual([]);
  });

  it('are left out while a driver only holds them ready', async () => {
    folder('nbd0');
    expect([...(await read(' 43 0 nbd0 0 0 0 0 0 0 0 0 0 0 0\n')).keys()]).toEqual([]);
  });
});

describe('a disk with several paths', () => {
  const line = (name: string, reads: number, sectors: number, busy: number): string => ` 259 0 ${name} ${reads} 0 ${sectors} 5 ${reads} 0 ${sectors} 5 0 ${busy} 9 0 0 0 0 0 0\n`;
  const identities = (name: string) => (/c\d+n/.test(name) ? { pathOf: 'nvme0n1' } : { label: name, detail: 'Model', summed: true });
  const read = (...lines: string[]) => [...parseDiskstats(Buffer.from(lines.join('')), identities)];

  it('has what its paths count where the kernel counts nothing for it (before 6.4)', () => {
    expect(read(line('nvme0c0n1', 10, 80, 7), line('nvme0n1', 0, 0, 0))).toEqual([['nvme0n1', counters({ label: 'nvme0n1', detail: 'Model', reads: 10, writes: 10, readBytes: 40960, writeBytes: 40960, busyMs: 7 })]]);
    expect(read(line('nvme0n1', 0, 0, 0), line('nvme0c0n1', 10, 80, 7), line('nvme0c1n1', 1, 8, 3))).toMatchObject([['nvme0n1', { reads: 11, readBytes: 45056, busyMs: null }]]);
  });

  it('has what is counted for it where the kernel does, and nothing twice', () => {
    expect(read(line('nvme0c0n1', 9, 72, 7), line('nvme0n1', 10, 80, 8))).toMatchObject([['nvme0n1', { reads: 10, readBytes: 40960, busyMs: 8 }]]);
    expect(read(line('nvme0c0n1', 0, 0, 0), line('nvme0n1', 0, 0, 0))).toMatchObject([['nvme0n1', { reads: 0 }]]);
  });
});

describe('a name that another device gets', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'names-'));
    mkdirSync(join(root, 'proc'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const line = (name: string): string => ` 8 0 ${name} 1 0 8 0 1 0 8 0 0 1 1\n`;
  const is = (name: string, file: string, content: string): void => {
    mkdirSync(join(root, 'sys/block', name, dirname(file)), { recursive: true });
    writeFileSync(join(root, 'sys/block', name, file), `${content}\n`);
  };

  it('is looked up again, also if a third one came as the first went', async () => {
    const collector = linuxDiskIo(root);
    const details = async (...names: string[]) => {
      writeFileSync(join(root, 'proc/diskstats'), names.map(line).join(''));
      return [...(await collector.read()).values()].map(({ label, detail }) => detail ?? label);
    };
    for (const name of ['sda', 'sdb', 'sdc']) is(name, 'device/model', `Disk ${name}`);
    expect(await details('sda', 'sdb')).toEqual(['Disk sda', 'Disk sdb']);
    expect(await details('sda', 'sdc')).toEqual(['Disk sda', 'Disk sdc']);
    is('sdb', 'device/model', 'Another disk');
    expect(await details('sda', 'sdb', 'sdc')).toEqual(['Disk sda', 'Another disk', 'Disk sdc']);
    is('dm-0', 'dm/name', 'vg-old');
    expect(await details('sda', 'dm-0')).toEqual(['Disk sda', 'vg-old']);
    is('dm-0', 'dm/name', 'vg-new');
    for (let i = 0; i < 600; i += 1) await collector.read();
    expect(await details('sda', 'dm-0')).toEqual(['Disk sda', 'vg-new']);
    collector.close?.();
  });
});

describe('diskIoReading', () => {
  it('gives null for a counter that leaps further than any disk can move', () => {
    expect(between(counters({ readBytes: 5, reads: 1 }), counters({ readBytes: 2 ** 64, reads: 2 })).values).toMatchObject({ read: null, write: null, readOps: null });
    expect(between(counters(), counters({ readBytes: 2 ** 36 })).values.read).toBe(2 ** 36);
  });

  it('computes rates from counters', () => {
    const { values } = between(counters(), counters({ reads: 10, writes: 20, readBytes: 4096, writeBytes: 8192, busyMs: 500 }), 2);
    expect(values).toMatchObject({ read: 2048, write: 4096, readOps: 5, writeOps: 10, busy: 25 });
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
    expect(between(full, counters({ reads: 9, writes: 9, readBytes: 1, writeBytes: 9000, busyMs: 0 })).values).toMatchObject({ read: null, write: null, readOps: null, writeOps: null, busy: null });
    expect(between(full, { ...full, reads: 6, readBytes: 5512, busyMs: 3 }).values).toMatchObject({ read: 512, write: 0, readOps: 1, writeOps: 0, busy: null });
  });

  it('does not know a total while a part of it is unknown', () => {
    const before: DiskIoRaw = new Map([['sda', counters({ readBytes: 9 })], ['sdb', counters()], ['md0', counters({ readBytes: 9, summed: false })]]);
    const now: DiskIoRaw = new Map([['sda', counters({ busyMs: 100 })], ['sdb', counters({ readBytes: 100, busyMs: 500 })], ['md0', counters({ summed: false })]]);
    expect(diskIoReading(now, { raw: before, seconds: 1 }).values).toMatchObject({ read: null, write: null, readOps: null, writeOps: null, busy: 50 });
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
