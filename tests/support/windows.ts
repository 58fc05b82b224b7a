/** Structures as Windows fills them in, recorded and built by hand, and a library that answers with them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressedBytes } from '../../src/main/engine/windows/process-entries';
import type { KnownInterface } from '../../src/main/engine/windows/interface-rows';
import type { WindowsLibrary } from '../../src/main/engine/windows/library';
import type { OwnProcess } from '../../src/main/engine/windows/process-entries';

interface Recording {
  readonly interfaceTable: string;
  readonly knownInterfaces: readonly KnownInterface[];
  readonly processes: { readonly address: string; readonly bytes: string };
  readonly own: OwnProcess;
  readonly user: string;
  readonly basic: string;
  readonly performance: string;
  /** What Node told of memory at the same time: all and free. */
  readonly memory: readonly [number, number];
  readonly info: string;
  readonly descriptor: string;
  readonly deviceNames: string;
}

/** What Wine 8 answered on Debian: the one recording that needs no Windows. */
export const WINE = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/windows/wine-8.json'), 'utf8')) as Recording;

/** The bytes of a recording. */
export const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** The recorded list of processes. */
export const wineProcesses = (): AddressedBytes => ({ bytes: bytesOf(WINE.processes.bytes), address: BigInt(WINE.processes.address) });

/** Texts that end with a NUL each, and an empty one. */
export const multi = (...texts: readonly string[]): Buffer => Buffer.from(`${texts.join('\0')}\0\0`, 'utf16le');

const write64 = (bytes: Buffer, at: number, value: number | bigint): void => void bytes.writeBigUInt64LE(BigInt(value), at);

/** A row of an interface; what is left out is that of a wired card that is up and was never used. */
export interface RowFacts {
  readonly luid: bigint;
  readonly alias: string;
  readonly description?: string;
  readonly mac?: string;
  readonly type?: number;
  /** Bits: 1 hardware, 2 filter. */
  readonly flags?: number;
  readonly operStatus?: number;
  /** Bytes, packets, others, discards, errors received; the same sent. */
  readonly received?: readonly (number | bigint)[];
  readonly sent?: readonly (number | bigint)[];
}

/** MIB_IF_ROW2. */
export function interfaceRow({ luid, alias, description = '', mac = '', type = 6, flags = 1, operStatus = 1, received = [], sent = [] }: RowFacts): Buffer {
  const row = Buffer.alloc(1352);
  write64(row, 0, luid);
  row.write(alias, 28, 512, 'utf16le');
  row.write(description, 542, 512, 'utf16le');
  const address = Buffer.from(mac.replaceAll(':', ''), 'hex');
  row.writeUInt32LE(address.length, 1056);
  address.copy(row, 1060);
  row.writeUInt32LE(type, 1128);
  row.writeUInt8(flags, 1152);
  row.writeUInt32LE(operStatus, 1156);
  received.forEach((value, index) => write64(row, 1208 + 8 * index, value));
  sent.forEach((value, index) => write64(row, 1280 + 8 * index, value));
  return row;
}

/** MIB_IF_TABLE2. */
export function interfaceTable(rows: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(rows.length);
  return Buffer.concat([header, ...rows]);
}

/** An entry of a process. */
export interface EntryFacts {
  readonly pid: number;
  readonly name: string;
  readonly parent?: number;
  /** Epoch ms. */
  readonly startedAt?: number;
  readonly busySeconds?: number;
  readonly memory?: number;
  readonly privateMemory?: number;
  readonly read?: number;
  readonly written?: number;
  readonly threads?: number;
}

/** A moment as Windows counts: in units of 100 ns since 1601. */
const filetime = (epochMs: number): bigint => (BigInt(Math.round(epochMs)) + 11_644_473_600_000n) * 10_000n;

function processEntry(facts: EntryFacts, address: bigint): Buffer {
  const { pid, name, parent = 4, startedAt, busySeconds = 0, memory = 0, privateMemory = 0, read = 0, written = 0, threads = 2 } = facts;
  const text = Buffer.from(name, 'utf16le');
  const nameAt = 0x100 + threads * 80;
  const entry = Buffer.alloc(Math.ceil((nameAt + text.length + 2) / 8) * 8);
  entry.writeUInt32LE(threads, 0x04);
  write64(entry, 0x08, privateMemory);
  write64(entry, 0x20, startedAt === undefined ? 0n : filetime(startedAt));
  write64(entry, 0x28, Math.round(busySeconds * 6e6));
  write64(entry, 0x30, Math.round(busySeconds * 4e6));
  entry.writeUInt16LE(text.length, 0x38);
  write64(entry, 0x40, text.length === 0 ? 0n : address + BigInt(nameAt));
  write64(entry, 0x50, pid);
  write64(entry, 0x58, parent);
  write64(entry, 0x90, memory);
  write64(entry, 0xe8, read);
  write64(entry, 0xf0, written);
  text.copy(entry, nameAt);
  return entry;
}

/** SYSTEM_PROCESS_INFORMATION of all of them, at an address as in life. */
export function processList(all: readonly EntryFacts[], address = 0x7ff6_1234_0000n): AddressedBytes {
  const entries: Buffer[] = [];
  let at = 0;
  for (const facts of all) {
    const entry = processEntry(facts, address + BigInt(at));
    at += entry.length;
    if (entries.length < all.length - 1) entry.writeUInt32LE(entry.length, 0);
    entries.push(entry);
  }
  return { bytes: Buffer.concat(entries), address };
}

/** A table of TCP sockets in these states, or of UDP sockets. */
export function socketTable(kind: 'tcp4' | 'tcp6' | 'udp4' | 'udp6', states: readonly number[]): Buffer {
  const [size, at] = { tcp4: [24, 0], tcp6: [56, 48], udp4: [12, 8], udp6: [28, 24] }[kind] as [number, number];
  const table = Buffer.alloc(4 + states.length * size);
  table.writeUInt32LE(states.length);
  states.forEach((state, index) => table.writeUInt32LE(state, 4 + index * size + at));
  return table;
}

/** SYSTEM_BATTERY_STATE: flags, and numbers of 32 bits in mWh, mW and s. */
export function batteryState({ flags, full, now, rate, time }: { readonly flags: readonly [mains: number, present: number, charging: number, discharging: number]; readonly full: number; readonly now: number; readonly rate: number; readonly time: number }): Buffer {
  const bytes = Buffer.alloc(32);
  flags.forEach((flag, at) => bytes.writeUInt8(flag, at));
  [full, now, rate, time].forEach((value, index) => bytes.writeUInt32LE(value >>> 0, 8 + 4 * index));
  return bytes;
}

/** DISK_PERFORMANCE: bytes, counts, and idle time and the clock in ms. */
export function diskPerformance(disk: number, counts: { readonly readBytes: number; readonly writeBytes: number; readonly reads: number; readonly writes: number; readonly idle: number; readonly time: number }): Buffer {
  const bytes = Buffer.alloc(88);
  write64(bytes, 0, counts.readBytes);
  write64(bytes, 8, counts.writeBytes);
  write64(bytes, 32, Math.round(counts.idle * 1e4));
  bytes.writeUInt32LE(counts.reads, 40);
  bytes.writeUInt32LE(counts.writes, 44);
  write64(bytes, 56, filetime(counts.time));
  bytes.writeUInt32LE(disk, 64);
  bytes.write('PhysDisk', 68, 'utf16le');
  return bytes;
}

/** STORAGE_DEVICE_DESCRIPTOR. */
export function diskDescriptor({ vendor = '', product = '', bus = 17, removable = false }: { readonly vendor?: string; readonly product?: string; readonly bus?: number; readonly removable?: boolean }): Buffer {
  const header = Buffer.alloc(40);
  const texts = Buffer.from(`${vendor}\0${product}\0`, 'latin1');
  header.writeUInt8(removable ? 1 : 0, 10);
  header.writeUInt32LE(vendor === '' ? 0 : 40, 12);
  header.writeUInt32LE(product === '' ? 0 : 40 + vendor.length + 1, 16);
  header.writeUInt32LE(bus, 28);
  return Buffer.concat([header, texts]);
}

/** VOLUME_DISK_EXTENTS on these disks. */
export function diskExtents(disks: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 + 24 * disks.length);
  bytes.writeUInt32LE(disks.length);
  disks.forEach((disk, index) => bytes.writeUInt32LE(disk, 8 + 24 * index));
  return bytes;
}

/** Values of a counter, as PdhGetFormattedCounterArray fills them in: items, then names. */
export function counterItems(items: readonly { readonly instance: string; readonly value: number; readonly status?: number }[], address = 0x1_2345_6780n): AddressedBytes {
  const names = items.map(({ instance }) => Buffer.from(`${instance}\0`, 'utf16le'));
  const head = Buffer.alloc(24 * items.length);
  let at = head.length;
  items.forEach(({ value, status = 0 }, index) => {
    write64(head, 24 * index, address + BigInt(at));
    head.writeUInt32LE(status, 24 * index + 8);
    head.writeDoubleLE(value, 24 * index + 16);
    at += names[index]?.length ?? 0;
  });
  return { bytes: Buffer.concat([head, ...names]), address };
}

/** A library that answers as given, and fails the test for everything else. */
export function fakeWindows(answers: Partial<WindowsLibrary>): WindowsLibrary {
  const refuse = (name: string) => () => {
    throw new Error(`${name} was called`);
  };
  const later = (name: string) => () => Promise.reject(new Error(`${name} was called`));
  return {
    interfaceTable: refuse('interfaceTable'),
    interfaceRow: refuse('interfaceRow'),
    system: refuse('system'),
    processes: later('processes'),
    processDetails: refuse('processDetails'),
    ownUser: refuse('ownUser'),
    awakeTime: refuse('awakeTime'),
    power: later('power'),
    performance: later('performance'),
    sockets: later('sockets'),
    letters: refuse('letters'),
    device: refuse('device'),
    deviceNames: refuse('deviceNames'),
    askDevice: later('askDevice'),
    volume: later('volume'),
    volumePaths: later('volumePaths'),
    counters: later('counters'),
    ...answers,
  };
}
