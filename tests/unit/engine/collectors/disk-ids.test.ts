/** Ids of disks, which must be those of the hardware: the kernel's names change from boot to boot. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskIdOf } from '../../../../src/main/engine/collectors/disk-ids.linux';
import { diskIoReading } from '../../../../src/main/engine/collectors/diskio';
import type { DiskIoRaw } from '../../../../src/main/engine/collectors/diskio';
import { linuxDiskIo } from '../../../../src/main/engine/collectors/diskio.linux';

/** As kernels print them: a SATA disk by its registered name, one without it by serial, NVMe namespaces, an SD card, a volume. */
const WWID = {
  sata: 'naa.5002538e40a1b2c3',
  otherSata: 'naa.5002538e40a1b2c4',
  serial: 't10.ATA     WDC WD40EFRX-68N32N0                    WD-WCC7K0000001',
  nvme: 'eui.0025385b01234567',
  card: '1b534d303030303010a1b2c3d4012345',
  volume: 'LVM-abcdefabcdefabcdefabcdefabcdefab0123456789012345678901234567890A',
};

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'disk-ids-'));
  mkdirSync(join(root, 'proc'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The disks of the machine by kernel name, each with its files below /sys/block/NAME. */
type Disks = Readonly<Record<string, Readonly<Record<string, string>>>>;

const disk = (wwid: string, model = 'Samsung SSD 870', file = 'device/wwid') => ({ 'device/model': model, [file]: wwid });

/** `reads` of each disk, by kernel name; 1 by default. */
function connect(disks: Disks, reads: Readonly<Record<string, number>> = {}): void {
  rmSync(join(root, 'sys'), { recursive: true, force: true });
  for (const [name, files] of Object.entries(disks)) {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, 'sys/block', name, file)), { recursive: true });
      writeFileSync(join(root, 'sys/block', name, file), `${content}\n`);
    }
  }
  writeFileSync(join(root, 'proc/diskstats'), Object.keys(disks).map((name) => ` 8 0 ${name} ${reads[name] ?? 1} 0 8 0 1 0 8 0 0 1 1\n`).join(''));
}

async function readOnce(disks: Disks): Promise<DiskIoRaw> {
  connect(disks);
  const collector = linuxDiskIo(root);
  const raw = await collector.read();
  collector.close?.();
  return raw;
}

const labels = (raw: DiskIoRaw): Record<string, string> => Object.fromEntries([...raw].map(([id, { label }]) => [id, label]));

describe('the id of a disk', () => {
  it('is of the hardware, whatever the kernel calls it: two equal drives change places between two boots', async () => {
    const before = labels(await readOnce({ sda: disk(WWID.sata), sdb: disk(WWID.otherSata) }));
    const after = labels(await readOnce({ sda: disk(WWID.otherSata), sdb: disk(WWID.sata) }));
    const [first = '', second = ''] = Object.keys(before);
    expect(first).not.toBe(second);
    expect(before).toEqual({ [first]: 'sda', [second]: 'sdb' });
    expect(after).toEqual({ [first]: 'sdb', [second]: 'sda' });
  });

  it('stays that of the drive which is left when its equal is pulled', async () => {
    const [, second = ''] = Object.keys(labels(await readOnce({ sda: disk(WWID.sata), sdb: disk(WWID.otherSata) })));
    expect(labels(await readOnce({ sda: disk(WWID.otherSata) }))).toEqual({ [second]: 'sda' });
  });

  it.each<[string, string, Disks[string]]>([
    ['a SATA disk', 'sda', disk(WWID.sata)],
    ['a disk with a serial number alone', 'sda', disk(WWID.serial)],
    ['an NVMe namespace', 'nvme0n1', disk(WWID.nvme, 'Samsung SSD 990', 'wwid')],
    ['an SD card', 'mmcblk0', { 'device/cid': WWID.card }],
    ['a virtual disk', 'vda', { serial: 'backup-1' }],
    ['a volume', 'dm-0', { 'dm/name': 'vg-home', 'dm/uuid': WWID.volume }],
  ])('is found for %s, and tells no serial number', async (_, name, files) => {
    const [[id = '', counters] = []] = await readOnce({ [name]: files });
    expect(id).toMatch(/^.+ [0-9a-f]{8}$/);
    expect(counters).toMatchObject({ formerId: name, label: files['dm/name'] ?? name });
    for (const file of ['device/wwid', 'wwid', 'device/cid', 'serial', 'dm/uuid']) {
      const text = files[file];
      if (text !== undefined) expect(id).not.toContain(text.slice(-7));
    }
  });

  it('is the name of the kernel where the hardware says nothing', async () => {
    expect(labels(await readOnce({ sda: { 'device/model': 'USB stick' }, sdb: disk('') }))).toEqual({ sda: 'sda', sdb: 'sdb' });
  });

  it('is the name of the kernel where an enclosure gives all its disks the same identifier', async () => {
    const same = disk('t10.Enclosure 000000');
    const raw = await readOnce({ sda: same, sdb: same, sdc: same, sdd: disk(WWID.sata) });
    expect([...raw.keys()].toSorted()).toEqual([diskIdOf('Samsung SSD 870', WWID.sata), 'sda', 'sdb', 'sdc']);
    expect(raw.get('sda')).not.toHaveProperty('formerId');
  });

  it('begins with the model, which is cut where it is long and left out where there is none', () => {
    expect(diskIdOf('  Samsung   SSD 870 ', 'x')).toMatch(/^Samsung SSD 870 [0-9a-f]{8}$/);
    expect(diskIdOf('m'.repeat(200), 'x')).toHaveLength(49);
    expect(diskIdOf(null, 'x')).toMatch(/^disk [0-9a-f]{8}$/);
  });
});

describe('the rates of a disk', () => {
  it('are those of the disk that had the name before nobody: one that comes back under another name has none of the other', async () => {
    connect({ sda: disk(WWID.sata), sdb: disk(WWID.otherSata) }, { sda: 100, sdb: 900 });
    const collector = linuxDiskIo(root);
    const first = await collector.read();
    // The second was unplugged and is found again as a third; the first is unchanged.
    connect({ sda: disk(WWID.sata), sdc: disk(WWID.otherSata) }, { sda: 110, sdc: 910 });
    const second = await collector.read();
    const { devices } = diskIoReading(second, { raw: first, seconds: 1 });
    expect(Object.values(devices).map(({ label, values }) => [label, values.readOps])).toEqual([['sda', 10], ['sdc', 10]]);
    collector.close?.();
  });
});

describe('the history of a disk under the name of the kernel', () => {
  it('is claimed by the disk that has the name now, at the start and after a gap, and not with each reading', async () => {
    const raw = await readOnce({ sda: disk(WWID.sata), sdb: { 'device/model': 'USB stick' } });
    const id = diskIdOf('Samsung SSD 870', WWID.sata);
    expect(diskIoReading(raw, null).renamed).toEqual([{ renamed: { sda: id }, unless: 'sda 2' }]);
    expect(diskIoReading(raw, { raw, seconds: 1 }).renamed).toBeUndefined();
    expect(diskIoReading(await readOnce({ sdb: {} , sda: { 'device/model': 'x' } }), null)).not.toHaveProperty('renamed');
  });
});
