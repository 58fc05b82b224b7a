/** Disks of Windows: what they count, which of them are summed, and when they come and go. */
import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../../../src/main/engine/collectors/collector';
import { BusyTime, win32DiskIo } from '../../../../src/main/engine/collectors/diskio.win32';
import { parseDiskPerformance, QUESTION } from '../../../../src/main/engine/windows/disk-answers';
import { diskDescriptor, diskExtents, diskPerformance, fakeWindows, multi } from '../../../support/windows';
import { failureOf } from '../../../support/recorded-machine';

const counts = { readBytes: 1000, writeBytes: 2000, reads: 10, writes: 20, idle: 500_000, time: 1_796_000_000_000 };

/** Disk 0 with C: and an attached image; what each counts, null for nothing. */
function createDiskIo(answers: Record<number, Buffer | null | CollectorError>) {
  const machine = { answers, mono: 0, opened: 0, late: 'none', gone: 'none', letters: 0b1100 };
  const bus: Readonly<Record<number, number>> = { 0: 17, 1: 15 };
  const library = fakeWindows({
    letters: () => machine.letters,
    device: (name) => multi(name === 'C:' ? '\\Device\\HarddiskVolume3' : '\\Device\\CdRom0'),
    deviceNames: () => multi('C:', ...Object.keys(machine.answers).map((disk) => `PhysicalDrive${disk}`), 'PhysicalDriveX', 'NUL'),
    askDevice: (path, [question]) => {
      machine.opened += 1;
      if (path.endsWith(machine.late)) return Promise.reject(new CollectorError('Timeout', `${path} does not respond`));
      if (path.endsWith(machine.gone)) return Promise.resolve(null);
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
    expect(values).toMatchObject({ read: 4000, write: 2000, readOps: 2, writeOps: 10, busy: 75 });
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
    expect(toReading(await read(), null)).toEqual({ values: { read: null, write: null, readOps: null, writeOps: null, busy: null, pressure: null, stalled: null }, devices: {}, untold: ['pressure', 'stalled'] });
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

  it('that were pulled out are gone at once, and those that come with a letter, too, are there', async () => {
    const { machine, read } = createDiskIo({ 0: diskPerformance(0, counts), 2: diskPerformance(2, counts) });
    await read();
    machine.gone = 'PhysicalDrive2';
    expect([...(await read()).keys()]).toEqual(['PhysicalDrive0']);
    machine.answers = { 0: diskPerformance(0, counts), 3: diskPerformance(3, counts) };
    expect([...(await read()).keys()]).toEqual(['PhysicalDrive0', 'PhysicalDrive3']);
    machine.answers = { ...machine.answers, 4: diskPerformance(4, counts) };
    expect([...(await read()).keys()]).toEqual(['PhysicalDrive0', 'PhysicalDrive3']);
    machine.letters = 0b1_1100;
    expect([...(await read()).keys()]).toEqual(['PhysicalDrive0', 'PhysicalDrive3', 'PhysicalDrive4']);
  });

  it('that cannot be opened at all are left out, and looked for each minute', async () => {
    const { machine, read } = createDiskIo({ 0: diskPerformance(0, counts) });
    machine.gone = 'PhysicalDrive0';
    expect((await read()).size).toBe(0);
    const { opened } = machine;
    expect((await read()).size).toBe(0);
    expect(machine.opened).toBe(opened + 1);
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
