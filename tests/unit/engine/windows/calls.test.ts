/** Calls into Windows, over functions that stand in for its own: buffers that are too small, handles, failures. */
import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../../../src/main/engine/collectors/collector';
import { counterCalls } from '../../../../src/main/engine/windows/counter-calls';
import { CounterSource } from '../../../../src/main/engine/windows/counter-source';
import { LayoutCheck } from '../../../../src/main/engine/windows/layout-check';
import type { Argument, FunctionName } from '../../../../src/main/engine/windows/native';
import { BATTERY_STATE } from '../../../../src/main/engine/windows/battery-state';
import { systemCalls } from '../../../../src/main/engine/windows/system-calls';
import { SYSTEM } from '../../../../src/main/engine/windows/system-tables';
import { buffer, fakeNative } from '../../../support/native';
import type { Fake } from '../../../support/native';
import { counterItems, fakeWindows, interfaceRow, interfaceTable, socketTable, WINE } from '../../../support/windows';
import { createManualTimers, settle } from '../../../support/timers';
import { failureOf } from '../../../support/recorded-machine';

describe('what the kernel tells', () => {
  it('is asked for again with a larger buffer, and is as long as it says', () => {
    const sizes: number[] = [];
    const native = fakeNative({
      NtQuerySystemInformation: (number, bytes, size, returned) => {
        sizes.push(Number(size));
        buffer(returned).writeUInt32LE(5000);
        if (Number(size) < 5000) return 0xc000_0004;
        buffer(bytes).fill(Number(number));
        return 0;
      },
    });
    expect(systemCalls(native).system(SYSTEM.pageFiles)).toEqual(Buffer.alloc(5000, 18));
    expect(sizes).toEqual([4096, 6250]);
  });

  it('is asked for with the size it wants, where that is less', () => {
    const sizes: number[] = [];
    const native = fakeNative({
      NtQuerySystemInformation: (_number, _bytes, size, returned) => {
        sizes.push(Number(size));
        buffer(returned).writeUInt32LE(344);
        return size === 344 ? 0 : 0xc000_0004;
      },
    });
    expect(systemCalls(native).system(SYSTEM.performance)).toHaveLength(344);
    expect(sizes).toEqual([1024, 344]);
  });

  it('is null where it is not told, and a fault where the call fails or never has room', () => {
    const answering = (status: number) => systemCalls(fakeNative({ NtQuerySystemInformation: () => status }));
    for (const status of [0xc000_0003, 0xc000_0002, 0xc000_00bb, 0xc000_0022]) expect(answering(status).system(SYSTEM.fileCache)).toBeNull();
    expect(() => answering(0xc000_0001).system(SYSTEM.basic)).toThrow('NtQuerySystemInformation failed with code 0xc0000001');
    expect(() => answering(0xc000_0004).system(SYSTEM.basic)).toThrow(CollectorError);
  });

  it('are all processes, with the address of their bytes; the room they took is remembered', async () => {
    const sizes: number[] = [];
    const native = fakeNative({
      NtQuerySystemInformation: (_number, bytes, size, returned) => {
        sizes.push(Number(size));
        buffer(returned).writeUInt32LE(1_000_000);
        if (Number(size) < 1_000_000) return 0xc000_0004;
        buffer(bytes).fill(7, 0, 1_000_000);
        return 0;
      },
    });
    const { processes } = systemCalls(native);
    expect(await processes()).toEqual({ bytes: Buffer.alloc(1_000_000, 7), address: 0x7000n });
    await processes();
    expect(sizes).toEqual([524_288, 1_250_000, 1_250_000]);
    expect(await failureOf(() => systemCalls(fakeNative({ NtQuerySystemInformation: () => 0xc000_0022 })).processes())).toMatchObject({ kind: 'PermissionDenied' });
  });

  it('is the number of threads, or a fault', async () => {
    const { performance } = systemCalls(fakeNative({ K32GetPerformanceInfo: (bytes, size) => (buffer(bytes).readUInt32LE(0) === size ? 1 : 0) }));
    expect(await performance()).toHaveLength(104);
    expect(await failureOf(() => systemCalls(fakeNative({ K32GetPerformanceInfo: () => 0 })).performance())).toMatchObject({ kind: 'SystemUnavailable' });
  });
});

it('the state of the batteries is asked for by its size, or is a fault', async () => {
  const { power } = systemCalls(fakeNative({ NtPowerInformation: (level, input, inputSize, output, size) => (level === 5 && input === null && inputSize === 0 && buffer(output).length === size ? 0 : 0xc000_000d) }));
  expect(await power(BATTERY_STATE)).toHaveLength(32);
  expect(await failureOf(() => systemCalls(fakeNative({ NtPowerInformation: () => 0xc000_0022 })).power(BATTERY_STATE))).toMatchObject({ kind: 'PermissionDenied' });
});

describe('a process', () => {
  const token = Buffer.from(WINE.user, 'base64');

  it('is asked for its command line and user, and let go', () => {
    const native = fakeNative({
      OpenProcess: (access, inherits, pid) => (access === 0x1000 && inherits === 0 ? Number(pid) : 0),
      NtQueryInformationProcess: (process, kind, bytes, _size, returned) => {
        buffer(bytes).fill(1, 0, 40);
        buffer(returned).writeUInt32LE(40);
        return process === 8 && kind === 60 ? 0 : 1;
      },
      OpenProcessToken: (_process, _access, out) => (buffer(out).writeBigUInt64LE(0x55n), 1),
      GetTokenInformation: (handle, _kind, bytes, _size, returned) => {
        token.copy(buffer(bytes));
        buffer(returned).writeUInt32LE(token.length);
        return handle === 0x55n ? 1 : 0;
      },
      CloseHandle: () => 1,
    });
    const calls = systemCalls(native);
    expect(calls.processDetails(8)).toEqual({ commandLine: Buffer.alloc(40, 1), user: token });
    expect(calls.ownUser()).toEqual(token);
    expect(native.calls.filter((name) => name === 'CloseHandle')).toHaveLength(3);
  });

  it('is unknown where it must not be, and its parts as far as they must not be', () => {
    expect(systemCalls(fakeNative({ OpenProcess: () => 0 })).processDetails(4)).toBeNull();
    const native = fakeNative({ OpenProcess: () => 12, NtQueryInformationProcess: () => 0xc000_0003, OpenProcessToken: () => 0, CloseHandle: () => 1 });
    expect(systemCalls(native).processDetails(4)).toEqual({ commandLine: null, user: null });
    expect(native.calls.at(-1)).toBe('CloseHandle');
  });
});

describe('interfaces and sockets', () => {
  it('are copied out of a table that is given back', () => {
    const table = interfaceTable([interfaceRow({ luid: 9n, alias: 'Ethernet' })]);
    const native = fakeNative({
      GetIfTable2: (out) => (buffer(out).writeBigUInt64LE(0xabcd_0000n), 0),
      RtlMoveMemory: (to, from, size) => (from === 0xabcd_0000n ? table.copy(buffer(to), 0, 0, Number(size)) : 0),
      FreeMibTable: (address) => (address === 0xabcd_0000n ? 0 : 1),
      GetIfEntry2: (row) => (buffer(row).readBigUInt64LE(0) === 9n ? 0 : 2),
    });
    const calls = systemCalls(native);
    expect(calls.interfaceTable()).toEqual(table);
    expect(native.calls.at(-1)).toBe('FreeMibTable');
    expect(calls.interfaceRow(9n)).toHaveLength(1352);
    expect(calls.interfaceRow(8n)).toBeNull();
    expect(() => systemCalls(fakeNative({ GetIfTable2: () => 8 })).interfaceTable()).toThrow('GetIfTable2 failed with code 0x8');
  });

  it('grow while they are asked for, are empty without IPv6, and a fault otherwise', async () => {
    const table = socketTable('tcp4', Array.from({ length: 400 }, () => 5));
    const asked: Argument[][] = [];
    const native = fakeNative({
      GetExtendedTcpTable: (bytes, size, ...rest) => {
        asked.push(rest);
        if (rest[1] === 23) return 50;
        const room = buffer(size).readUInt32LE(0);
        buffer(size).writeUInt32LE(table.length);
        if (room < table.length) return 122;
        table.copy(buffer(bytes));
        return 0;
      },
      GetExtendedUdpTable: () => 5,
    });
    const { sockets } = systemCalls(native);
    expect((await sockets('tcp4')).subarray(0, table.length)).toEqual(table);
    expect(await sockets('tcp6')).toEqual(Buffer.alloc(4));
    expect(asked).toEqual([[0, 2, 5, 0], [0, 2, 5, 0], [0, 23, 5, 0]]);
    expect(await failureOf(() => sockets('udp4'))).toMatchObject({ kind: 'PermissionDenied', message: 'GetExtendedUdpTable failed with code 0x5' });
    expect(await failureOf(() => systemCalls(fakeNative({ GetExtendedTcpTable: () => 122 })).sockets('tcp4'))).toMatchObject({ kind: 'SystemUnavailable' });
  });
});

describe('counters', () => {
  const { bytes: items } = counterItems([{ instance: '0,0', value: 104 }, { instance: '0,_Total', value: 104 }], 0x7000n);

  const working: Partial<Record<FunctionName, Fake>> = {
    PdhOpenQueryW: (_source, _user, out) => (buffer(out).writeBigUInt64LE(11n), 0),
    PdhAddEnglishCounterW: (_query, _path, _user, out) => (buffer(out).writeBigUInt64LE(12n), 0),
    PdhCollectQueryData: () => 0,
    PdhGetFormattedCounterArrayW: (_counter, _format, size, count, bytes) => {
      const room = buffer(size).readUInt32LE(0);
      buffer(size).writeUInt32LE(items.length);
      if (room < items.length) return 0x8000_07d2;
      buffer(count).writeUInt32LE(2);
      items.copy(buffer(bytes));
      return 0;
    },
    PdhCloseQuery: () => 0,
  };

  it('are opened once, and read in as much room as they take', async () => {
    const native = fakeNative(working);
    const source = new CounterSource(() => Promise.resolve(fakeWindows(counterCalls(native, createManualTimers()))), '\\X(*)\\Y');
    expect(await source.read()).toEqual([{ instance: '0,0', value: 104 }, { instance: '0,_Total', value: 104 }]);
    await source.read();
    expect(native.calls.filter((name) => name === 'PdhOpenQueryW')).toHaveLength(1);
    source.close();
    await settle();
    expect(native.calls.at(-1)).toBe('PdhCloseQuery');
  });

  it('are closed where opening them took too long', async () => {
    const timers = createManualTimers();
    let open = (): void => undefined;
    const native = fakeNative({ ...working, PdhAddEnglishCounterW: () => new Promise<number>((resolve) => (open = () => resolve(0))) });
    const failing = failureOf(() => counterCalls(native, timers).counters('\\X'));
    await settle();
    timers.advance(1500);
    expect(await failing).toMatchObject({ kind: 'Timeout', message: '\\X does not respond' });
    expect(native.calls).not.toContain('PdhCloseQuery');
    open();
    await settle();
    expect(native.calls.at(-1)).toBe('PdhCloseQuery');
  });

  it.each([
    ['is absent', { PdhAddEnglishCounterW: () => 0xc000_0bb9 }, []],
    ['has no instance', { PdhCollectQueryData: () => 0x8000_07d5 }, []],
    ['has no value before', { PdhGetFormattedCounterArrayW: () => 0xc000_0bc6 }, []],
  ] as const)('have no values where one %s', async (_, fakes, expected) => {
    const source = new CounterSource(() => Promise.resolve(fakeWindows(counterCalls(fakeNative({ ...working, ...fakes }), createManualTimers()))), '\\X(*)\\Y');
    expect(await source.read()).toEqual(expected);
  });

  it.each([
    ['PdhOpenQuery', { PdhOpenQueryW: () => 5 }],
    ['PdhAddEnglishCounter', { PdhAddEnglishCounterW: () => 0xc000_0bbd }],
    ['PdhCollectQueryData', { PdhCollectQueryData: () => 0xc000_0bbd }],
    ['PdhGetFormattedCounterArray', { PdhGetFormattedCounterArrayW: () => 0xc000_0bbd }],
  ] as const)('are a fault where %s fails', async (name, fakes) => {
    const source = new CounterSource(() => Promise.resolve(fakeWindows(counterCalls(fakeNative({ ...working, ...fakes }), createManualTimers()))), '\\X(*)\\Y');
    expect(await failureOf(() => source.read())).toMatchObject({ message: expect.stringContaining(`${name} failed with code`) as string });
  });
});

describe('a check of a layout', () => {
  it('is made until it passes once, and given up after five failures', () => {
    let checks = 0;
    const failing = () => {
      checks += 1;
      throw new CollectorError('ParseError', `failure ${checks}`);
    };
    const passing = new LayoutCheck();
    expect(() => passing.ensure(failing)).toThrow('failure 1');
    passing.ensure(() => undefined);
    passing.ensure(failing);
    expect(checks).toBe(1);
    const hopeless = new LayoutCheck();
    for (let attempt = 0; attempt < 8; attempt += 1) expect(() => hopeless.ensure(failing)).toThrow(CollectorError);
    expect(checks).toBe(6);
    expect(() => hopeless.ensure(() => undefined)).toThrow('failure 6');
  });

  it('does not count what another error ended', () => {
    const check = new LayoutCheck();
    for (let attempt = 0; attempt < 8; attempt += 1) expect(() => check.ensure(() => { throw new CollectorError('Timeout', 'late'); })).toThrow('late');
    expect(() => check.ensure(() => undefined)).not.toThrow();
  });
});
