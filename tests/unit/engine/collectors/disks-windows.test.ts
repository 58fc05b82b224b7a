/** Drives and disks of Windows: what is measured, what is not touched, and what a disk counts. */
import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../../../src/main/engine/collectors/collector';
import { win32Disk } from '../../../../src/main/engine/collectors/disk.win32';
import { BusyTime, win32DiskIo } from '../../../../src/main/engine/collectors/diskio.win32';
import { parseDiskPerformance } from '../../../../src/main/engine/windows/disk-answers';
import { QUESTION } from '../../../../src/main/engine/windows/disk-answers';
import type { VolumeFacts } from '../../../../src/main/engine/windows/drives';
import type { WindowsLibrary } from '../../../../src/main/engine/windows/library';
import { diskDescriptor, diskExtents, diskPerformance, fakeWindows, multi } from '../../../support/windows';
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

const counts = { readBytes: 1000, writeBytes: 2000, reads: 10, writes: 20, idle: 500_000, time: 1_796_000_000_000 };

/** Disk 0 with C: and an attached image; what each counts, null for nothing. */
function createDiskIo(answers: Record<number, Buffer | null | CollectorError>) {
  const machine = { answers, mono: 0, opened: 0, late: 'none' };
  const bus: Readonly<Record<number, number>> = { 0: 17, 1: 15 };
  const library = fakeWindows({
    letters: () => 0b1100,
    device: (name) => multi(name === 'C:' ? '\\Device\\HarddiskVolume3' : '\\Device\\CdRom0'),
    deviceNames: () => multi('C:', ...Object.keys(machine.answers).map((disk) => `PhysicalDrive${disk}`), 'PhysicalDriveX', 'NUL'),
    askDevice: (path, [question]) => {
      machine.opened += 1;
      if (path.endsWith(machine.late)) return Promise.reject(new CollectorError('Timeout', `${path} does not respond`));
      const disk = Number(path.slice(-1));
      if (question === QUESTION.extents) return Promise.resolve([diskExtents([0])]);
      if (question === QUESTION.descriptor) return Promise.resolve([diskDescriptor({ product: `Model ${disk}`, bus: bus[disk] ?? 17 })]);
      const answer = machine.answers[disk] ?? null;
      return answer instanceof CollectorError ? Promise.reject(answer) : Promise.resolve([answer]);
    },
  });
  const collector = win32DiskIo({ clock: { now: () => 0, mono: () => machine.mono, boot: () => 0 }, windows: () => Promise.resolve(library) });
  return { machine, read: async () => collector.read(), toReading: collector.toReading };
}

describe('disks', () => {
  it('have rates and a busy share; an attached image is shown and not summed', async () => {
    const { machine, read, toReading } = createDiskIo({ 0: diskPerformance(0, counts), 1: diskPerformance(1, counts) });
    const before = await read();
    machine.mono = 1000;
    const later = { readBytes: 5000, writeBytes: 4000, reads: 12, writes: 30, idle: 500_250, time: counts.time + 1000 };
    machine.answers = { 0: diskPerformance(0, later), 1: diskPerformance(1, later) };
    const { values, devices } = toReading(await read(), { raw: before, seconds: 1 });
    expect(values).toEqual({ read: 4000, write: 2000, readOps: 2, writeOps: 10, busy: 75 });
    expect(Object.entries(devices).map(([id, { label, detail }]) => [id, label, detail])).toEqual([['PhysicalDrive0', 'Disk 0 (C:)', 'Model 0'], ['PhysicalDrive1', 'Disk 1', 'Model 1']]);
  });

  it('are summed though they are images where there is nothing else', async () => {
    const { read } = createDiskIo({ 1: diskPerformance(1, counts) });
    expect([...(await read()).values()].map(({ summed }) => summed)).toEqual([true]);
  });

  it('have no rate once where a count of 32 bits begins again', async () => {
    const { machine, read, toReading } = createDiskIo({ 0: diskPerformance(0, { ...counts, reads: 2 ** 32 - 1 }) });
    const first = await read();
    machine.answers = { 0: diskPerformance(0, { ...counts, reads: 1, time: counts.time + 1000 }) };
    machine.mono = 1000;
    const second = await read();
    expect(toReading(second, { raw: first, seconds: 1 }).values.readOps).toBeNull();
    machine.answers = { 0: diskPerformance(0, { ...counts, reads: 3, time: counts.time + 2000 }) };
    machine.mono = 2000;
    expect(toReading(await read(), { raw: second, seconds: 1 }).values.readOps).toBe(2);
  });

  it('that do not count are left out; those that stopped answering are unknown, and so is the sum', async () => {
    const { machine, read, toReading } = createDiskIo({ 0: null });
    expect(toReading(await read(), null)).toEqual({ values: { read: null, write: null, readOps: null, writeOps: null, busy: null }, devices: {} });
    machine.answers = { 0: diskPerformance(0, counts), 2: diskPerformance(2, counts) };
    machine.mono = 60_000;
    expect((await read()).get('PhysicalDrive2')?.readBytes).toBe(1000);
    machine.answers = { 0: diskPerformance(0, counts), 2: new CollectorError('Timeout', 'does not respond') };
    const raw = await read();
    expect(raw.get('PhysicalDrive2')).toMatchObject({ readBytes: null, busyMs: null, summed: true });
    expect(raw.get('PhysicalDrive0')?.readBytes).toBe(1000);
  });

  it('are those of the list before while one does not respond', async () => {
    const { machine, read } = createDiskIo({ 0: diskPerformance(0, counts), 2: diskPerformance(2, counts) });
    await read();
    machine.mono = 60_000;
    machine.late = 'PhysicalDrive2';
    const raw = await read();
    expect([...raw].map(([id, { readBytes, detail }]) => [id, readBytes, detail])).toEqual([['PhysicalDrive0', 1000, 'Model 0'], ['PhysicalDrive2', null, 'Model 2']]);
    const fresh = createDiskIo({ 2: diskPerformance(2, counts) });
    fresh.machine.late = 'PhysicalDrive2';
    expect(await failureOf(fresh.read)).toMatchObject({ kind: 'Timeout' });
  });

  it('are listed each minute', async () => {
    const { machine, read } = createDiskIo({ 0: diskPerformance(0, counts) });
    await read();
    expect(machine.opened).toBe(3);
    machine.mono = 59_999;
    await read();
    expect(machine.opened).toBe(4);
  });

  it('with an answer of another layout are a fault', async () => {
    const { read } = createDiskIo({ 0: diskPerformance(7, counts) });
    expect(await failureOf(read)).toMatchObject({ kind: 'ParseError' });
  });
});

describe('the time a disk was busy', () => {
  const at = (idle: number, time: number) => parseDiskPerformance(diskPerformance(0, { ...counts, idle, time: counts.time + time }), 0);

  it('is what of its time it was not idle', () => {
    const busy = new BusyTime();
    expect([busy.add(at(0, 0), 0), busy.add(at(400, 1000), 1000), busy.add(at(1400, 2000), 2000)]).toEqual([0, 600, 600]);
  });

  it('is unknown once when the clock was set, or when idle time ran backwards', () => {
    const busy = new BusyTime();
    busy.add(at(0, 0), 0);
    expect([busy.add(at(900, 3_600_000), 1000), busy.add(at(1800, 3_601_000), 2000)]).toEqual([null, 100]);
    expect([busy.add(at(0, 3_602_000), 3000), busy.add(at(500, 3_603_000), 4000)]).toEqual([null, 600]);
  });
});
