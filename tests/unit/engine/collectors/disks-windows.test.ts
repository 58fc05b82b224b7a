/** Drives of Windows: what is measured, and what is not touched. */
import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../../../src/main/engine/collectors/collector';
import { win32Disk } from '../../../../src/main/engine/collectors/disk.win32';
import type { VolumeFacts } from '../../../../src/main/engine/windows/drives';
import type { WindowsLibrary } from '../../../../src/main/engine/windows/library';
import { diskDescriptor, diskExtents, fakeWindows, multi } from '../../../support/windows';
import { failureOf } from '../../../support/recorded-machine';

const DEVICES: Readonly<Record<string, string>> = {
  'A:': '\\Device\\Floppy0',
  'C:': '\\Device\\HarddiskVolume3',
  'D:': '\\Device\\CdRom0',
  'E:': '\\Device\\HarddiskVolume7',
  'F:': '\\Device\\HarddiskVolume9',
  'G:': '\\Device\\Volume{d6cc17c5-1234-4c1e-9a5b-000000000000}',
  'S:': '\\??\\C:\\Projects',
  'U:': '\\Device\\LanmanRedirector\\;U:00000000000a1b2c\\nas\\Ablage Größe',
  'Z:': '\\Device\\Mup\\;LanmanRedirector\\;Z:0000000000012345\\server\\share',
};

const fixed = (label: string, fileSystem = 'NTFS', flags = 0x03e7_00ff): VolumeFacts => ({ type: 3, information: { fileSystem, label, flags: flags & ~0x0008_0000 } });

const VOLUMES: Readonly<Record<string, VolumeFacts>> = {
  'C:\\': fixed('Windows'),
  'E:\\': fixed('Über Platte', 'exFAT'),
  'F:\\': { type: 2, information: { fileSystem: 'FAT32', label: '', flags: 0 } },
  'G:\\': fixed('Google Drive', 'FAT32'),
  'C:\\Mounts\\Data\\': fixed('Data', 'ReFS'),
};

interface Machine {
  devices: Readonly<Record<string, string>>;
  volumes: Readonly<Record<string, VolumeFacts | CollectorError>>;
  networkMounts: boolean;
  mono: number;
  asked: string[];
  folders: CollectorError | null;
}

/** E: is on a disk on USB, the others on disk 0. */
const DISKS: Readonly<Record<string, Buffer>> = {
  '\\\\.\\C:': diskExtents([0]),
  '\\\\.\\E:': diskExtents([2]),
  '\\\\.\\F:': diskExtents([3]),
  '\\\\.\\PhysicalDrive0': diskDescriptor({ product: 'Samsung SSD 980' }),
  '\\\\.\\PhysicalDrive2': diskDescriptor({ product: 'My Passport', bus: 7 }),
  '\\\\.\\PhysicalDrive3': diskDescriptor({ product: 'Stick', bus: 7, removable: true }),
};

const maskOf = (devices: Readonly<Record<string, string>>): number => Object.keys(devices).reduce((mask, letter) => mask | (1 << (letter.charCodeAt(0) - 65)), 0);

function libraryOf(machine: Machine): WindowsLibrary {
  return fakeWindows({
    letters: () => maskOf(machine.devices),
    device: (name) => (machine.devices[name] === undefined ? null : multi(machine.devices[name], 'older')),
    volume: (root) => {
      machine.asked.push(root);
      const facts = machine.volumes[root];
      return facts instanceof CollectorError || facts === undefined ? Promise.reject(facts ?? new Error(`${root} was touched`)) : Promise.resolve(facts);
    },
    volumePaths: () => (machine.folders === null ? Promise.resolve([multi('C:\\', 'C:\\Also\\'), multi('C:\\Mounts\\Data\\', 'C:\\Second\\'), multi()]) : Promise.reject(machine.folders)),
    askDevice: (path, questions) => Promise.resolve(DISKS[path] === undefined ? null : questions.map(() => DISKS[path] ?? null)),
  });
}

function createDisk(own: Partial<Machine> = {}, statfs: (path: string | Buffer) => Promise<{ blocks: number; bavail: number }> = () => Promise.resolve({ blocks: 1000, bavail: 250 })) {
  const machine: Machine = { devices: DEVICES, volumes: VOLUMES, networkMounts: false, mono: 0, asked: [], folders: null, ...own };
  const library = libraryOf(machine);
  const touched: string[] = [];
  const collector = win32Disk({
    root: 'C:\\',
    systemDrive: 'C:',
    clock: { now: () => 5000, mono: () => machine.mono, boot: () => 0 },
    timers: { after: (ms, fn) => (ms < 0 ? (fn(), () => undefined) : () => undefined) },
    statfs: async (path) => {
      touched.push(String(path));
      const { blocks, bavail } = await statfs(path);
      return { bsize: 4096, blocks, bfree: bavail, bavail, files: 0, ffree: 0 };
    },
    windows: () => Promise.resolve(library),
    networkMounts: () => machine.networkMounts,
  });
  return { machine, touched, read: async () => collector.read(), toReading: collector.toReading };
}

describe('drives', () => {
  it('are local ones with space to fill, named as before, with what they are', async () => {
    const { read, touched, toReading } = createDisk();
    const { devices, values } = toReading(await read(), null);
    expect(Object.entries(devices).map(([id, { detail, media }]) => [id, detail, media])).toEqual([
      ['C:', 'NTFS · Windows', undefined],
      ['C:\\Mounts\\Data', 'ReFS · Data', undefined],
      ['E:', 'exFAT · Über Platte · removable', 'removable'],
      ['F:', 'FAT32 · removable', 'removable'],
      ['G:', 'FAT32 · Google Drive', undefined],
    ]);
    expect(devices['C:']?.values).toMatchObject({ usage: 75, total: 4_096_000, available: 1_024_000, inodeUsage: null });
    expect(values.usage).toBe(75);
    expect(touched).toEqual(['C:\\', 'C:\\Mounts\\Data\\', 'E:\\', 'F:\\', 'G:\\']);
  });

  it('of the network are touched only where they are wanted, and then only for their space', async () => {
    const { machine, read, touched } = createDisk({ networkMounts: true });
    const { mounts } = await read();
    expect(mounts.filter(({ detail }) => detail.startsWith('network')).map(({ id, detail }) => [id, detail])).toEqual([
      ['U:', 'network drive · \\\\nas\\Ablage Größe'],
      ['Z:', 'network drive · \\\\server\\share'],
    ]);
    expect(touched.slice(-2)).toEqual(['U:\\', 'Z:\\']);
    expect(machine.asked.filter((root) => /^[ADSUZ]/.test(root))).toEqual([]);
  });

  it('of programs that turn out to be of the network are such', async () => {
    const volumes = { ...VOLUMES, 'G:\\': { type: 4, information: null } };
    const without = createDisk({ volumes });
    expect((await without.read()).mounts.map(({ id }) => id)).not.toContain('G:');
    const wanted = createDisk({ volumes, networkMounts: true });
    expect((await wanted.read()).mounts.find(({ id }) => id === 'G:')?.detail).toBe('network drive');
  });

  it('are left out without a medium, as an image, and read-only where nothing is left', async () => {
    const volumes = {
      ...VOLUMES,
      'E:\\': { type: 2, information: null },
      'F:\\': { type: 3, information: { fileSystem: 'UDF', label: 'DVD', flags: 0x0008_0000 } },
      'G:\\': { type: 3, information: { fileSystem: 'NTFS', label: 'Sealed', flags: 0x0008_0000 } },
    };
    const full = createDisk({ volumes }, (path) => Promise.resolve({ blocks: 1000, bavail: path === 'G:\\' ? 0 : 250 }));
    expect((await full.read()).mounts.map(({ id }) => id)).toEqual(['C:', 'C:\\Mounts\\Data']);
    const open = createDisk({ volumes });
    expect((await open.read()).mounts.map(({ id, media }) => [id, media])).toEqual([['C:', null], ['C:\\Mounts\\Data', null], ['G:', 'readOnly']]);
  });

  it('that do not respond are shown with their fault, and delay nobody', async () => {
    const late = new CollectorError('Timeout', 'G:\\ does not respond');
    const { read, touched, toReading } = createDisk({ volumes: { ...VOLUMES, 'G:\\': late } });
    const { devices, note } = toReading(await read(), null);
    expect(devices['G:']).toMatchObject({ values: { usage: null }, fault: { message: 'does not respond', since: 5000, last: null } });
    expect(note).toBe('G:: does not respond');
    expect(touched).not.toContain('G:\\');
  });

  it('that respond no more are as they were, and the folders, too', async () => {
    const { machine, read } = createDisk();
    await read();
    const late = new CollectorError('Timeout', 'does not respond');
    machine.mono = 60_000;
    machine.volumes = { ...VOLUMES, 'E:\\': late, 'G:\\': late };
    machine.folders = late;
    expect((await read()).mounts.map(({ id, detail, fault }) => [id, detail, fault])).toEqual([
      ['C:', 'NTFS · Windows', null],
      ['C:\\Mounts\\Data', 'ReFS · Data', null],
      ['E:', 'exFAT · Über Platte · removable', null],
      ['F:', 'FAT32 · removable', null],
      ['G:', 'FAT32 · Google Drive', null],
    ]);
  });

  it('are looked up again each minute, and when a letter comes or goes', async () => {
    const { machine, read } = createDisk();
    await read();
    const first = machine.asked.length;
    machine.mono = 59_999;
    await read();
    expect(machine.asked).toHaveLength(first);
    machine.devices = { ...DEVICES, 'H:': '\\Device\\HarddiskVolume12' };
    machine.volumes = { ...VOLUMES, 'H:\\': fixed('New') };
    expect((await read()).mounts.map(({ id }) => id)).toContain('H:');
    machine.mono = 119_999;
    machine.volumes = { ...machine.volumes, 'H:\\': fixed('Renamed') };
    expect((await read()).mounts.find(({ id }) => id === 'H:')?.detail).toBe('NTFS · Renamed');
  });

  it('that are none are a fault', async () => {
    const { read } = createDisk({ devices: { 'D:': '\\Device\\CdRom0' }, volumes: {} });
    const failing = createDisk({ devices: { 'Z:': DEVICES['Z:'] ?? '' }, volumes: { 'C:\\Mounts\\Data\\': { type: 1, information: null } } });
    expect(await failureOf(failing.read)).toMatchObject({ kind: 'SystemUnavailable', message: 'the system lists no drive' });
    expect(await failureOf(read)).toBeInstanceOf(Error);
  });
});
