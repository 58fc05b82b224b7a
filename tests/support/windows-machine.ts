/** A PC for the contract of readers: one disk, one card and a VPN over it, two cores; healthy, or with a library that fails. */
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { CollectorError } from '../../src/main/engine/collectors/collector';
import { win32Collectors } from '../../src/main/engine/collectors/win32';
import { readNetworkInterfaces } from '../../src/main/engine/network-interfaces';
import { QUESTION } from '../../src/main/engine/windows/disk-answers';
import type { WindowsLibrary } from '../../src/main/engine/windows/library';
import { NO_PROGRAMS } from './programs';
import { machineDeps } from './recorded-machine';
import type { TriedMachine } from './tried-machine';
import { batteryState, bytesOf, diskDescriptor, diskExtents, diskPerformance, fakeWindows, interfaceRow, interfaceTable, multi, socketTable, WINE } from './windows';

/** Cards as this machine has them, since the first list is compared with what Node knows, and a VPN, which counts their traffic again. */
function rowsAt(seconds: number): Buffer[] {
  const grown = 1000 + seconds * 100;
  const own = readNetworkInterfaces().map(([alias, [first]], index) =>
    interfaceRow({ luid: BigInt(index + 1), alias, mac: first?.mac ?? '', type: first?.internal === true ? 24 : 6, received: [grown, grown, 0, 0, 0], sent: [grown, grown, 0, 0, 0] }),
  );
  return [...own, interfaceRow({ luid: 99n, alias: 'VPN größe 日本', type: 53, flags: 0, received: [grown, grown], sent: [grown, grown] })];
}

/** PERFORMANCE_INFORMATION. */
function tasks(processes: number, threads: number): Buffer {
  const bytes = Buffer.alloc(104);
  bytes.writeUInt32LE(processes, 92);
  bytes.writeUInt32LE(threads, 96);
  return bytes;
}

const LUID = 'luid_0x00000000_0x0000C1B7_phys_0';

const COUNTERS: Readonly<Record<string, { readonly instance: string; readonly value: number }[]>> = {
  '\\GPU Engine(*)\\Utilization Percentage': [{ instance: `pid_4_${LUID}_eng_0_engtype_3D`, value: 12 }, { instance: `pid_4_${LUID}_eng_1_engtype_Copy`, value: 1 }],
  '\\GPU Adapter Memory(*)\\Dedicated Usage': [{ instance: LUID, value: 123_456_789 }],
  '\\GPU Adapter Memory(*)\\Shared Usage': [{ instance: LUID, value: 4096 }],
  '\\Processor Information(*)\\% Processor Performance': [{ instance: '0,0', value: 120 }, { instance: '0,1', value: 80 }],
  '\\Thermal Zone Information(*)\\High Precision Temperature': [{ instance: '\\_TZ.TZ00', value: 3100 }],
};

/** What the library answers so many seconds after the start. */
function answersAt(seconds: () => number): Partial<WindowsLibrary> {
  return {
    interfaceTable: () => interfaceTable(rowsAt(seconds())),
    interfaceRow: (luid) => rowsAt(seconds()).find((row) => row.readBigUInt64LE(0) === luid) ?? null,
    system: () => null,
    power: () => Promise.resolve(batteryState({ flags: [0, 1, 0, 1], full: 54_000, now: 31_500, rate: -9600, time: 11_800 })),
    performance: () => Promise.resolve(tasks(100, 1500)),
    sockets: (table) => Promise.resolve(socketTable(table, table.startsWith('tcp') ? [2, 5, 5, 11] : [0, 0])),
    letters: () => 0b100,
    device: () => multi('\\Device\\HarddiskVolume3'),
    deviceNames: () => multi('C:', 'PhysicalDrive0'),
    askDevice: (_path, questions) =>
      Promise.resolve(
        questions.map((question) => {
          if (question === QUESTION.extents) return diskExtents([0]);
          if (question === QUESTION.descriptor) return diskDescriptor({ product: 'Samsung SSD 980' });
          return diskPerformance(0, { readBytes: 4096 * (1 + seconds()), writeBytes: 4096, reads: 1 + seconds(), writes: 1, idle: 1000 * seconds(), time: 1_796_000_000_000 + 1000 * seconds() });
        }),
      ),
    volume: () => Promise.resolve({ type: 3, information: { fileSystem: 'NTFS', label: 'Windows', flags: 0 } }),
    volumePaths: () => Promise.resolve([multi('C:\\')]),
    counters: (path) => {
      const items = COUNTERS[path];
      return Promise.resolve(items === undefined ? null : { read: () => Promise.resolve(items), close: () => undefined });
    },
  };
}

const NO_ANSWER = new CollectorError('SystemUnavailable', 'the library gives no answer');

/** A library all of whose calls answer with what `answer` gives, or throw. */
function libraryOf(answer: () => never): WindowsLibrary {
  return new Proxy(fakeWindows({}), { get: (library, name) => (name in library ? answer : undefined) });
}

/** Ways in which everything fails. */
export const WINDOWS_FAILURES: Readonly<Record<string, () => Promise<WindowsLibrary>>> = {
  'not to be loaded': () => Promise.reject(NO_ANSWER),
  'without an answer': () =>
    Promise.resolve(
      libraryOf(() => {
        throw NO_ANSWER;
      }),
    ),
  'of another layout': () => {
    const rubbish = bytesOf(WINE.descriptor).fill(0xff);
    const later = () => Promise.resolve(rubbish);
    return Promise.resolve(
      fakeWindows({
        interfaceTable: () => rubbish,
        system: () => rubbish,
        power: later,
        performance: later,
        sockets: later,
        letters: () => 0b100,
        device: () => rubbish,
        deviceNames: () => multi('PhysicalDrive0'),
        askDevice: (_path, questions) => Promise.resolve(questions.map(() => rubbish)),
        volume: () => Promise.reject(NO_ANSWER),
        volumePaths: () => Promise.reject(NO_ANSWER),
        counters: () => Promise.reject(NO_ANSWER),
      }),
    );
  },
};

/** The PC; `library` in place of the healthy one. */
export function windowsMachine(library?: () => Promise<WindowsLibrary>): TriedMachine {
  let mono = 1000;
  let started = 0;
  const healthy = fakeWindows(answersAt(() => mono / 1000));
  const deps = machineDeps('vm-6.18', {
    platform: 'win32',
    clock: { now: () => 1_800_000_000_000 + mono, mono: () => mono, boot: () => mono },
    programs: { ...NO_PROGRAMS, read: (program) => ((started += 1), NO_PROGRAMS.read(program, [], 0)) },
    windows: library ?? (() => Promise.resolve(healthy)),
  });
  // A virtual machine does not tell its base speed.
  const node = { cpus: () => cpus().map((core) => ({ ...core, speed: 2000 })), freemem, loadavg, totalmem };
  return { collectors: win32Collectors(deps, node), started: () => started, pass: (seconds) => (mono += seconds * 1000) };
}
