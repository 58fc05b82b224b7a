/** What Windows fills in is understood: recorded bytes, and such as a recording does not have. */
import { describe, expect, it } from 'vitest';
import { parseCounterItems } from '../../../../src/main/engine/windows/counter-items';
import { parseDiskDescriptor, parseDiskPerformance, parseExtents } from '../../../../src/main/engine/windows/disk-answers';
import { Fields, multiText, textOf } from '../../../../src/main/engine/windows/fields';
import { checkInterfaces, parseInterfaceTable } from '../../../../src/main/engine/windows/interface-rows';
import { checkProcesses, parseFollowingText, parseProcesses, parseTokenUser } from '../../../../src/main/engine/windows/process-entries';
import { countSockets } from '../../../../src/main/engine/windows/socket-tables';
import { checkBasic, checkPerformance, parseBasic, parseFileCache, parsePageFiles, parsePerformance, parseTasks } from '../../../../src/main/engine/windows/system-tables';
import { bytesOf, counterItems, diskDescriptor, diskExtents, diskPerformance, interfaceRow, interfaceTable, multi, processList, socketTable, WINE, wineProcesses } from '../../../support/windows';

const parseError = expect.objectContaining({ kind: 'ParseError' }) as Error;

describe('fields', () => {
  it('are read within the bytes that are there, and nowhere else', () => {
    const fields = new Fields('TWO', Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]));
    expect([fields.u8(7), fields.u16(6), fields.u32(4), fields.u64(0), fields.id64(0)]).toEqual([8, 0x0807, 0x0807_0605, 0x0807_0605 * 2 ** 32 + 0x0403_0201, 0x0807_0605_0403_0201n]);
    for (const read of [() => fields.u8(8), () => fields.u16(7), () => fields.u32(5), () => fields.u64(1), () => fields.u8(-1), () => fields.u8(0.5), () => fields.part(4, 5), () => fields.text(0, 5)]) {
      expect(read).toThrow(parseError);
    }
    expect(() => fields.u64(1)).toThrow('TWO: has 8 bytes, and none for 8 at 1');
  });

  it('keep 64-bit numbers to what JavaScript can hold', () => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(2n ** 60n + 1n);
    expect(new Fields('N', bytes).u64(0)).toBe(2 ** 60);
  });

  it('are text up to a NUL, without halves of characters', () => {
    expect(new Fields('T', Buffer.from('イーサネット 3\0rest', 'utf16le')).text(0, 13)).toBe('イーサネット 3');
    expect(new Fields('T', Buffer.from('full', 'utf16le')).text(0, 4)).toBe('full');
    expect(textOf(Buffer.from('a\uD83Db😀', 'utf16le'))).toBe('a\uFFFDb😀');
  });

  it('are lists of texts', () => {
    expect(multiText(multi('C:\\', 'C:\\Mounts\\Ü'))).toEqual(['C:\\', 'C:\\Mounts\\Ü']);
    expect(multiText(Buffer.from('C:\0\0rubbish\0', 'utf16le'))).toEqual(['C:']);
    expect([multiText(Buffer.alloc(0)), multiText(Buffer.alloc(64)), multiText(Buffer.from('no end', 'utf16le'))]).toEqual([[], [], []]);
  });
});

describe('interfaces', () => {
  it('are those that Wine listed, and agree with what Node lists', () => {
    const rows = parseInterfaceTable(bytesOf(WINE.interfaceTable));
    expect(rows.map(({ alias, type, isHardware, isFilter, address }) => [alias, type, isHardware, isFilter, address.length])).toEqual([
      ['lo', 24, false, false, 0],
      ['ifb0', 6, true, false, 17],
      ['ifb1', 6, true, false, 17],
      ['eth0', 6, true, false, 17],
    ]);
    expect(rows[3]?.counters).toMatchObject({ errors: 0, drops: 0 });
    expect(rows[3]?.counters.rxBytes).toBeGreaterThan(1e6);
    expect(() => checkInterfaces(rows, WINE.knownInterfaces)).not.toThrow();
    expect(() => checkInterfaces(rows, [])).not.toThrow();
  });

  it('are refused where their names or addresses are others', () => {
    const rows = parseInterfaceTable(bytesOf(WINE.interfaceTable));
    expect(() => checkInterfaces(rows, [{ name: 'eth0', mac: '02:00:00:00:00:99' }])).toThrow(parseError);
    expect(() => checkInterfaces(rows, [{ name: 'eth', mac: '00:00:00:00:00:00' }])).toThrow(parseError);
    expect(() => checkInterfaces(rows, [{ name: 'gone', mac: '02:00:00:00:00:99' }, { name: 'lo', mac: '00:00:00:00:00:00' }])).not.toThrow();
  });

  it('have names of any script, and numbers of 64 bits', () => {
    const row = interfaceRow({ luid: 0x0600_8000_0000_0000n, alias: 'イーサネット 3', description: 'TAP-Windows Adapter V9', mac: '00:ff:01:02:03:04', received: [2n ** 54n + 2n, 7, 3, 12, 1], sent: [2n ** 64n - 1n, 2n ** 64n - 1n, 0, 1, 2] });
    expect(parseInterfaceTable(interfaceTable([row]))).toMatchObject([
      { luid: 0x0600_8000_0000_0000n, alias: 'イーサネット 3', description: 'TAP-Windows Adapter V9', address: '00:ff:01:02:03:04', counters: { rxBytes: 2 ** 54 + 2, rxPackets: 10, txBytes: null, txPackets: null, drops: 13, errors: 3 } },
    ]);
  });

  it('are refused in a table that is cut, or longer than its rows', () => {
    const table = interfaceTable([interfaceRow({ luid: 1n, alias: 'a' })]);
    for (const bytes of [Buffer.alloc(0), table.subarray(0, 1000), Buffer.concat([table, Buffer.alloc(8)])]) expect(() => parseInterfaceTable(bytes)).toThrow(parseError);
    const long = interfaceRow({ luid: 1n, alias: 'a' });
    long.writeUInt32LE(33, 1056);
    expect(() => parseInterfaceTable(interfaceTable([long]))).toThrow(parseError);
  });
});

describe('processes', () => {
  it('are those that Wine listed, this one among them', () => {
    const entries = parseProcesses(wineProcesses());
    expect(entries.map(({ name }) => name)).toEqual(['node.exe', 'services.exe', 'winedevice.exe', 'winedevice.exe', 'plugplay.exe', 'svchost.exe']);
    expect(() => checkProcesses(entries, WINE.own)).not.toThrow();
  });

  it.each([
    ['id', { pid: 31 }, 'the id'],
    ['name', { name: 'other.exe' }, 'the name'],
    ['parent', { parent: 56 }, 'the parent'],
    ['start', { startedAt: WINE.own.startedAt - 30 * 3_600_000 }, 'the start'],
    ['memory', { memory: WINE.own.memory * 3 }, 'the memory'],
  ])('are refused where the %s of this one is another', (_, own, message) => {
    expect(() => checkProcesses(parseProcesses(wineProcesses()), { ...WINE.own, ...own })).toThrow(message);
  });

  it('are accepted where this one was started by a short name, or the clock was set', () => {
    const entries = parseProcesses(wineProcesses());
    expect(() => checkProcesses(entries, { ...WINE.own, name: 'NODE~1.EXE' })).not.toThrow();
    expect(() => checkProcesses(entries, { ...WINE.own, startedAt: WINE.own.startedAt + 7_200_000 })).not.toThrow();
  });

  it('have names with blanks and of any script, and none for the idle process', () => {
    const list = processList([{ pid: 0, name: '', threads: 16 }, { pid: 4, name: 'System' }, { pid: 4321, name: 'Über 日本 dienst.exe', startedAt: 1_796_000_000_123, busySeconds: 2.5, memory: 104_857_600, privateMemory: 52_428_800, read: 2 ** 40, written: 7, parent: 1180, threads: 33 }]);
    const [idle, system, last] = parseProcesses(list);
    expect([idle?.name, idle?.threads, system?.name]).toEqual(['', 16, 'System']);
    expect(last).toMatchObject({ pid: 4321, parent: 1180, name: 'Über 日本 dienst.exe', busySeconds: 2.5, workingSet: 104_857_600, privateWorkingSet: 52_428_800, readBytes: 2 ** 40, writtenBytes: 7, threads: 33 });
  });

  it('are refused where an entry leads out of the list, or nowhere', () => {
    const { bytes, address } = processList([{ pid: 4, name: 'System' }, { pid: 8, name: 'b.exe' }]);
    const changed = (change: (copy: Buffer) => void): Buffer => {
      const copy = Buffer.from(bytes);
      change(copy);
      return copy;
    };
    const wrong = [
      changed((copy) => copy.writeUInt32LE(copy.length, 0)),
      changed((copy) => copy.writeUInt32LE(8, 0)),
      changed((copy) => copy.writeBigUInt64LE(address - 8n, 0x40)),
      changed((copy) => copy.writeBigUInt64LE(address + BigInt(copy.length), 0x40)),
      changed((copy) => copy.writeUInt16LE(0xfffe, 0x38)),
      bytes.subarray(0, 0x80),
      Buffer.alloc(0),
    ];
    for (const one of wrong) expect(() => parseProcesses({ bytes: one, address })).toThrow(parseError);
  });

  it('tell their command line and user', () => {
    const line = '"C:\\Program Files\\Größe\\a b.exe" --type=renderer';
    const text = Buffer.from(line, 'utf16le');
    const header = Buffer.alloc(16);
    header.writeUInt16LE(text.length);
    expect(parseFollowingText(Buffer.concat([header, text, Buffer.alloc(2)]))).toBe(line);
    expect(() => parseFollowingText(Buffer.concat([header, text.subarray(2)]))).toThrow(parseError);
    expect(parseTokenUser(bytesOf(WINE.user))).toBe('S-1-5-21-0-0-0-1000');
    expect(parseTokenUser(Buffer.concat([Buffer.alloc(16), Buffer.from([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0])]))).toBe('S-1-5-18');
    expect(() => parseTokenUser(Buffer.concat([Buffer.alloc(16), Buffer.from([1, 2, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0])]))).toThrow(parseError);
  });
});

describe('the machine', () => {
  const [total, free] = WINE.memory;

  it('has the memory that Node tells', () => {
    const basic = parseBasic(bytesOf(WINE.basic));
    expect(basic.pageBytes).toBe(4096);
    expect(() => checkBasic(basic, total)).not.toThrow();
    expect(() => checkBasic(basic, 2 * total)).toThrow(parseError);
    expect(() => checkBasic({ ...basic, pageBytes: 1 }, total)).toThrow(parseError);
    const performance = parsePerformance(bytesOf(WINE.performance));
    expect(() => checkPerformance(performance, 4096, free)).not.toThrow();
    expect(() => checkPerformance(performance, 4096, free / 2)).toThrow(parseError);
  });

  it('has page files, or none', () => {
    const files = Buffer.alloc(64);
    files.writeUInt32LE(32, 0);
    files.writeUInt32LE(1_245_184, 4);
    files.writeUInt32LE(79_872, 8);
    files.writeUInt32LE(4096, 36);
    files.writeUInt32LE(1, 40);
    expect(parsePageFiles(files)).toEqual({ total: 1_249_280, used: 79_873 });
    expect(parsePageFiles(Buffer.alloc(0))).toEqual({ total: 0, used: 0 });
    files.writeUInt32LE(56, 0);
    expect(() => parsePageFiles(files)).toThrow(parseError);
    files.writeUInt32LE(2_000_000, 8);
    files.writeUInt32LE(0, 0);
    expect(() => parsePageFiles(files)).toThrow('more is used than there is');
  });

  it('has a file cache, which Wine does not count', () => {
    const cache = Buffer.alloc(64);
    expect(parseFileCache(cache, 4096)).toBeNull();
    cache.writeUInt32LE(1000, 40);
    expect(parseFileCache(cache, 4096)).toBe(4_096_000);
  });

  it('has threads', () => {
    const { processes, threads } = parseTasks(bytesOf(WINE.info));
    expect(processes).toBe(6);
    expect(threads).toBeGreaterThan(6);
    expect(() => parseTasks(Buffer.alloc(104))).toThrow(parseError);
  });
});

describe('sockets', () => {
  it.each(['tcp4', 'tcp6'] as const)('of %s are counted by the numbers of their states', (kind) => {
    // Listening, established twice, close-wait, time-wait three times, closed, deleted, syn-sent.
    const table = socketTable(kind, [2, 5, 5, 8, 11, 11, 11, 1, 12, 3]);
    expect(countSockets(Buffer.concat([table, Buffer.alloc(100)]), kind)).toEqual({ sockets: 5, active: 3, timeWait: 3 });
  });

  it.each(['udp4', 'udp6'] as const)('of %s have no state', (kind) => {
    expect(countSockets(socketTable(kind, [7, 7, 7]), kind)).toEqual({ sockets: 3, active: 0, timeWait: 0 });
  });

  it('are refused with a state that is none, and in a table that is cut', () => {
    for (const state of [0, 13]) expect(() => countSockets(socketTable('tcp4', [5, state]), 'tcp4')).toThrow(parseError);
    expect(() => countSockets(socketTable('tcp4', [5, 5]).subarray(0, 51), 'tcp4')).toThrow(parseError);
    expect(() => countSockets(socketTable('tcp4', [5, 5]), 'tcp6')).toThrow(parseError);
  });
});

describe('disks', () => {
  it('count what they moved', () => {
    const counts = { readBytes: 912_345_678_848, writeBytes: 412_345_671_680, reads: 4_294_967_295, writes: 812_345, idle: 1000, time: 1_796_000_000_000 };
    expect(parseDiskPerformance(diskPerformance(3, counts), 3)).toEqual({ ...counts, time: counts.time + 11_644_473_600_000 });
    expect(() => parseDiskPerformance(diskPerformance(3, counts), 0)).toThrow('it is of disk 3, and disk 0 was asked');
    expect(() => parseDiskPerformance(diskPerformance(3, counts).subarray(0, 60), 3)).toThrow(parseError);
  });

  it('say what they are', () => {
    expect(parseDiskDescriptor(bytesOf(WINE.descriptor))).toEqual({ model: null, isRemovable: false, isImage: false });
    expect(parseDiskDescriptor(diskDescriptor({ vendor: 'ATA     ', product: 'Samsung  SSD 980 ' }))).toEqual({ model: 'ATA Samsung SSD 980', isRemovable: false, isImage: false });
    expect(parseDiskDescriptor(diskDescriptor({ product: 'USB Disk', bus: 7 }))).toMatchObject({ isRemovable: true });
    expect(parseDiskDescriptor(diskDescriptor({ removable: true, bus: 11 }))).toMatchObject({ isRemovable: true });
    expect([14, 15].map((bus) => parseDiskDescriptor(diskDescriptor({ bus })).isImage)).toEqual([true, true]);
    // A model whose text was cut off is none.
    expect(parseDiskDescriptor(diskDescriptor({ product: 'X' }).subarray(0, 40))).toMatchObject({ model: null });
  });

  it('are known by the volumes on them', () => {
    expect(parseExtents(diskExtents([]))).toEqual([]);
    expect(parseExtents(diskExtents([0, 2, 2]))).toEqual([0, 2]);
    expect(() => parseExtents(diskExtents([0, 2]).subarray(0, 55))).toThrow(parseError);
  });
});

describe('counters', () => {
  it('are values by instance; those without a value are left out', () => {
    const items = [{ instance: '0,0', value: 104.5 }, { instance: '0,1', value: 99, status: 0xc000_0bc6 }, { instance: '0,2', value: Number.NaN }, { instance: '\\_TZ.Größe', value: 3131, status: 1 }];
    expect(parseCounterItems(counterItems(items), items.length)).toEqual([{ instance: '0,0', value: 104.5 }, { instance: '\\_TZ.Größe', value: 3131 }]);
  });

  it('are refused where a name lies elsewhere', () => {
    const { bytes, address } = counterItems([{ instance: 'a', value: 1 }]);
    expect(() => parseCounterItems({ bytes, address: address + 100n }, 1)).toThrow(parseError);
    expect(() => parseCounterItems({ bytes, address }, 2)).toThrow(parseError);
  });
});
