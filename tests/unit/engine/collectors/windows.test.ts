/** Memory, sockets, clock speed, temperatures and threads of Windows. */
import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../../../src/main/engine/collectors/collector';
import { win32Connections } from '../../../../src/main/engine/collectors/connections.win32';
import { win32Frequency } from '../../../../src/main/engine/collectors/frequency.win32';
import { win32Memory } from '../../../../src/main/engine/collectors/memory.win32';
import { win32Temperature } from '../../../../src/main/engine/collectors/temperature.win32';
import { portableUptime } from '../../../../src/main/engine/collectors/uptime.portable';
import { win32Tasks } from '../../../../src/main/engine/collectors/uptime.win32';
import type { CounterItem } from '../../../../src/main/engine/windows/counter-items';
import type { WindowsLibrary } from '../../../../src/main/engine/windows/library';
import { SYSTEM } from '../../../../src/main/engine/windows/system-tables';
import type { SystemClass } from '../../../../src/main/engine/windows/system-tables';
import { bytesOf, fakeWindows, socketTable, WINE } from '../../../support/windows';
import { failureOf, machineDeps } from '../../../support/recorded-machine';

const [total, free] = WINE.memory;
const GIB = 2 ** 30;

function pageFile(totalPages: number, usedPages: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32LE(totalPages, 4);
  bytes.writeUInt32LE(usedPages, 8);
  return bytes;
}

function performanceOf(written: number): Buffer {
  const bytes = Buffer.from(bytesOf(WINE.performance));
  bytes.writeUInt32LE(written, 96);
  return bytes;
}

function fileCache(pages: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(pages, 40);
  return bytes;
}

function createMemory(own: Partial<Record<keyof typeof SYSTEM, Buffer | null>> = {}) {
  const answers = { basic: bytesOf(WINE.basic), performance: performanceOf(1000), pageFiles: pageFile(262_144, 65_536), fileCache: fileCache(1000), processes: null, ...own };
  const machine = { answers, mono: 0, asked: 0 };
  const nameOf = (what: SystemClass): keyof typeof SYSTEM => (Object.keys(SYSTEM) as (keyof typeof SYSTEM)[]).find((name) => SYSTEM[name] === what) ?? 'basic';
  const library = fakeWindows({
    system: (what) => {
      machine.asked += 1;
      return machine.answers[nameOf(what)];
    },
  });
  const collector = win32Memory({ clock: { now: () => 0, mono: () => machine.mono, boot: () => 0 }, windows: () => Promise.resolve(library) }, { totalmem: () => total, freemem: () => free });
  return { machine, read: async () => collector.read(), toReading: collector.toReading };
}

describe('memory', () => {
  it('has the sizes of Node, the page file and the cache', async () => {
    const { read, toReading } = createMemory();
    const { values, note } = toReading(await read(), null);
    expect(values).toMatchObject({ total, available: free, used: total - free, cached: 4_096_000, swapTotal: GIB, swapUsed: GIB / 4, swapUsage: 25, pressure: null });
    expect(note).toBe('used = total − available, as in Task Manager; swap is the page files');
  });

  it('counts what is written to page files, every ten seconds; what is read from them is not known', async () => {
    const { machine, read, toReading } = createMemory();
    const first = await read();
    const asked = machine.asked;
    machine.mono = 9999;
    await read();
    // The cache alone.
    expect(machine.asked).toBe(asked + 1);
    machine.mono = 10_000;
    machine.answers.performance = performanceOf(1500);
    const { values } = toReading(await read(), { raw: first, seconds: 10 });
    expect([values.swapOut, values.swapIn]).toEqual([204_800, null]);
    // The count of 32 bits began again.
    machine.mono = 20_000;
    machine.answers.performance = performanceOf(3);
    expect(toReading(await read(), { raw: first, seconds: 10 }).values.swapOut).toBeNull();
    // After a pause it is not known when it was written.
    machine.mono = 60_000;
    machine.answers.performance = performanceOf(9000);
    expect(toReading(await read(), { raw: first, seconds: 40 }).values.swapOut).toBeNull();
  });

  it('has no swap without a page file, and does not know of one that is not told', async () => {
    const none = createMemory({ pageFiles: Buffer.alloc(0) });
    expect(none.toReading(await none.read(), null).values).toMatchObject({ swapTotal: 0, swapUsed: 0, swapUsage: null });
    const untold = createMemory({ pageFiles: null, fileCache: null, performance: null });
    expect(untold.toReading(await untold.read(), null).values).toMatchObject({ swapTotal: null, swapUsed: null, cached: null, swapOut: null, usage: expect.any(Number) as number });
  });

  it('keeps its sizes where the kernel gives others, and says so', async () => {
    const wrong = Buffer.from(bytesOf(WINE.basic));
    wrong.writeUInt32LE(1, 8);
    const { read, toReading } = createMemory({ basic: wrong });
    const { values, note } = toReading(await read(), null);
    expect(values).toMatchObject({ total, available: free, cached: null, swapTotal: null });
    expect(note).toContain('unknown now: SYSTEM_BASIC_INFORMATION: the memory is not that which Node tells');
    const shifted = createMemory({ performance: Buffer.alloc(400) });
    expect(shifted.toReading(await shifted.read(), null)).toMatchObject({ values: { cached: null, used: total - free }, note: expect.stringContaining('SYSTEM_PERFORMANCE_INFORMATION') as string });
  });

  it('is a fault where nothing is told of it', async () => {
    const collector = win32Memory({ clock: { now: () => 0, mono: () => 0, boot: () => 0 }, windows: () => Promise.reject(new Error('no library')) }, { totalmem: () => 0, freemem: () => 0 });
    expect(await failureOf(() => collector.read())).toMatchObject({ kind: 'SystemUnavailable' });
  });
});

describe('connections', () => {
  const collectorOf = (sockets: WindowsLibrary['sockets']) => win32Connections({ windows: () => Promise.resolve(fakeWindows({ sockets })) });

  it('are those of both versions of IP', async () => {
    const tables = { tcp4: socketTable('tcp4', [2, 5, 8, 11, 1]), tcp6: socketTable('tcp6', [2, 5, 11]), udp4: socketTable('udp4', [7, 7]), udp6: socketTable('udp6', [7]) };
    const collector = collectorOf((table) => Promise.resolve(tables[table]));
    expect(collector.toReading(await collector.read(), null)).toEqual({ values: { active: 3, sockets: 5, timeWait: 2, udp: 3 }, devices: {} });
  });

  it('are a fault where a table is, and never zeros', async () => {
    const denied = new CollectorError('PermissionDenied', 'GetExtendedTcpTable failed with code 0x5');
    const collector = collectorOf((table) => (table === 'tcp6' ? Promise.reject(denied) : Promise.resolve(Buffer.alloc(4))));
    expect(await failureOf(() => collector.read())).toBe(denied);
  });
});

/** A library whose counters give these answers, one after another; null where it has no such counter. */
function countersOf(answers: readonly (readonly CounterItem[] | CollectorError)[] | null) {
  const calls = { opened: 0, reads: 0, closed: 0, path: '' };
  const library = fakeWindows({
    counters: (path) => {
      calls.opened += 1;
      calls.path = path;
      if (answers === null) return Promise.resolve(null);
      return Promise.resolve({
        read: () => {
          const answer = answers[Math.min(calls.reads, answers.length - 1)] ?? [];
          calls.reads += 1;
          return answer instanceof CollectorError ? Promise.reject(answer) : Promise.resolve([...answer]);
        },
        close: () => {
          calls.closed += 1;
        },
      });
    },
  });
  return { calls, windows: () => Promise.resolve(library) };
}

describe('clock speed', () => {
  it('is a share of the base speed, by core through all groups', async () => {
    const items = [{ instance: '1,0', value: 50 }, { instance: '0,10', value: 120 }, { instance: '0,2', value: 100 }, { instance: '0,_Total', value: 110 }, { instance: '_Total', value: 90 }];
    const { calls, windows } = countersOf([items]);
    const collector = win32Frequency({ windows }, () => 3e9);
    const { values, devices } = collector.toReading(await collector.read(), null);
    expect(values).toEqual({ average: 2.7e9, highest: 3.6e9 });
    expect(Object.values(devices).map((core) => core.values.speed)).toEqual([3e9, 3.6e9, 1.5e9]);
    expect(calls.path).toBe('\\Processor Information(*)\\% Processor Performance');
    collector.close?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(calls.closed).toBe(1);
  });

  it('is unknown without the counter, without a base speed, and where a machine gives zeros', async () => {
    const unknown = { values: { average: null, highest: null }, devices: {} };
    const none = countersOf(null);
    for (const collector of [win32Frequency({ windows: none.windows }, () => 3e9), win32Frequency({ windows: countersOf([[{ instance: '0,0', value: 100 }]]).windows }, () => 0), win32Frequency({ windows: countersOf([[{ instance: '0,0', value: 0 }]]).windows }, () => 3e9)]) {
      expect(collector.toReading(await collector.read(), null)).toEqual(unknown);
      expect(collector.toReading(await collector.read(), null)).toEqual(unknown);
    }
    expect(none.calls.opened).toBe(1);
  });

  it('is a fault while the counter fails, and is opened again where that failed', async () => {
    const late = new CollectorError('Timeout', 'does not respond');
    let opened = 0;
    const library = fakeWindows({ counters: () => ((opened += 1) === 1 ? Promise.reject(late) : Promise.resolve({ read: () => Promise.resolve([{ instance: '0,0', value: 100 }]), close: () => undefined })) });
    const collector = win32Frequency({ windows: () => Promise.resolve(library) }, () => 1e9);
    expect(await failureOf(() => collector.read())).toBe(late);
    expect((await collector.read()).cores.get('0')).toBe(1e9);
    expect(opened).toBe(2);
  });
});

describe('temperatures', () => {
  it('are those of the zones of ACPI', async () => {
    const { windows } = countersOf([[{ instance: '\\_TZ.TZ00', value: 3131.5 }, { instance: '\\_TZ.TZ01', value: 0 }, { instance: '_Total', value: 3131 }]]);
    const collector = win32Temperature({ windows });
    expect(collector.toReading(await collector.read(), null)).toEqual({ values: { hottest: 40 }, devices: { 'acpi/\\_TZ.TZ00': { label: 'ACPI zone', detail: '\\_TZ.TZ00', values: { value: 40 } } } });
  });

  it('are asked for three times where there are none, and again only after one was there', async () => {
    const { calls, windows } = countersOf([[], [{ instance: 'TZ', value: 3000 }], [], [], []]);
    const collector = win32Temperature({ windows });
    const counts: number[] = [];
    for (let read = 0; read < 8; read += 1) counts.push((await collector.read()).sensors.length);
    expect(counts).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
    expect(calls.reads).toBe(5);
  });
});

describe('uptime', () => {
  it('counts threads at most every 30 s', async () => {
    let mono = 0;
    let asked = 0;
    const library = fakeWindows({ performance: () => ((asked += 1), Promise.resolve(bytesOf(WINE.info))) });
    const clock = { now: () => 0, mono: () => mono, boot: () => 3_600_000 };
    const collector = portableUptime(machineDeps('none', { clock, processSeconds: () => 5 }), win32Tasks({ clock, windows: () => Promise.resolve(library) }));
    const { values } = collector.toReading(await collector.read(), null);
    expect(values).toMatchObject({ system: 3600, app: 5 });
    expect(values.tasks).toBeGreaterThan(6);
    mono = 29_999;
    await collector.read();
    expect(asked).toBe(1);
    mono = 30_000;
    await collector.read();
    expect(asked).toBe(2);
  });
});
