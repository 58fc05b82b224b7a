/**
 * Entries of NtQuerySystemInformation(SystemProcessInformation): SYSTEM_PROCESS_INFORMATION, of which winternl.h names a part
 * and whose 64-bit layout has not changed since Windows 7; and what a process tells of itself. Pure.
 */
import { Fields, layoutFault, textOf } from './fields';

/** Offsets in SYSTEM_PROCESS_INFORMATION, 64 bit. */
const ENTRY = {
  next: 0x00,
  threads: 0x04,
  privateWorkingSet: 0x08,
  createTime: 0x20,
  userTime: 0x28,
  kernelTime: 0x30,
  nameLength: 0x38,
  nameAddress: 0x40,
  pid: 0x50,
  parent: 0x58,
  workingSet: 0x90,
  readBytes: 0xe8,
  writtenBytes: 0xf0,
} as const;

/** Bytes of an entry before its threads. */
const ENTRY_BYTES = 0x100;

/** More processes than there can be: a list that does not end. */
const MAX_ENTRIES = 1_000_000;

/** Times are in units of 100 ns; moments count from 1601 (FILETIME). */
const PER_SECOND = 1e7;
const EPOCH_1601_MS = 11_644_473_600_000;

/** One process. Counters count from its start. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Name of its program's file; empty for the idle process. */
  readonly name: string;
  /** When it was created, in units of 100 ns since 1601: with the pid it identifies the process. */
  readonly created: bigint;
  readonly threads: number;
  /** CPU seconds of all its threads, in programs and in the kernel. */
  readonly busySeconds: number;
  /** Resident bytes, with what it shares. */
  readonly workingSet: number;
  /** Resident bytes of its own; 0 where the system does not count them. */
  readonly privateWorkingSet: number;
  /** Bytes it has read and written: files, pipes and devices. */
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** Epoch ms of a moment that Windows counts from 1601; null for none. */
export function epochOf(filetime: bigint): number | null {
  return filetime === 0n ? null : Math.round(Number(filetime) / 1e4 - EPOCH_1601_MS);
}

/** Bytes as the system has filled them in, with the address they were at: the names in them are named by address. */
export interface AddressedBytes {
  readonly bytes: Buffer;
  readonly address: bigint;
}

function nameIn(fields: Fields, at: number, address: bigint): string {
  const length = fields.u16(at + ENTRY.nameLength);
  const where = fields.id64(at + ENTRY.nameAddress);
  if (length === 0 || where === 0n) return '';
  const offset = where - address;
  if (offset < 0n || offset >= BigInt(fields.size)) throw layoutFault(fields.structure, 'a name lies outside of it');
  return textOf(fields.part(Number(offset), length).bytes);
}

function parseEntry(fields: Fields, at: number, address: bigint): ProcessEntry {
  return {
    pid: fields.u64(at + ENTRY.pid),
    parent: fields.u64(at + ENTRY.parent),
    name: nameIn(fields, at, address),
    created: fields.id64(at + ENTRY.createTime),
    threads: fields.u32(at + ENTRY.threads),
    busySeconds: (fields.u64(at + ENTRY.userTime) + fields.u64(at + ENTRY.kernelTime)) / PER_SECOND,
    workingSet: fields.u64(at + ENTRY.workingSet),
    privateWorkingSet: fields.u64(at + ENTRY.privateWorkingSet),
    readBytes: fields.u64(at + ENTRY.readBytes),
    writtenBytes: fields.u64(at + ENTRY.writtenBytes),
  };
}

/** All processes, the idle process among them. Throws a ParseError. */
export function parseProcesses({ bytes, address }: AddressedBytes): ProcessEntry[] {
  const fields = new Fields('SYSTEM_PROCESS_INFORMATION', bytes);
  const entries: ProcessEntry[] = [];
  for (let at = 0; ; ) {
    fields.part(at, ENTRY_BYTES);
    entries.push(parseEntry(fields, at, address));
    const next = fields.u32(at + ENTRY.next);
    if (next === 0) return entries;
    if (next < ENTRY_BYTES || entries.length === MAX_ENTRIES) throw layoutFault(fields.structure, `the next entry is ${next} bytes on`);
    at += next;
  }
}

/** What this process knows of itself without asking in this way. */
export interface OwnProcess {
  readonly pid: number;
  readonly parent: number;
  /** Name of the program's file, without its folder. */
  readonly name: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Resident bytes. */
  readonly memory: number;
}

/**
 * A start may be told with this difference, ms: it is computed from an age, and the clock may have been set to another time
 * zone since. No other field is a moment of these days.
 */
const SAME_START_MS = 25 * 3_600_000;

/** Names are the same but for their case, and for one in the short form of old file systems. */
const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase() || a.includes('~') || b.includes('~');

/** Compares the entry of this process with what it knows of itself. Throws a ParseError: then the entries are not laid out as this file says. */
export function checkProcesses(entries: readonly ProcessEntry[], own: OwnProcess): void {
  const entry = entries.find(({ pid }) => pid === own.pid);
  const wrong = (what: string): never => {
    throw layoutFault('SYSTEM_PROCESS_INFORMATION', `${what} of this process is another`);
  };
  if (entry === undefined) return wrong('the id');
  if (!isSameName(entry.name, own.name)) return wrong('the name');
  if (entry.parent !== own.parent) return wrong('the parent');
  const startedAt = epochOf(entry.created);
  if (startedAt === null || Math.abs(startedAt - own.startedAt) > SAME_START_MS) return wrong('the start');
  if (!(entry.workingSet > own.memory / 2 && entry.workingSet < own.memory * 2)) return wrong('the memory');
}

/** The text of a UNICODE_STRING that is followed by its characters, as for ProcessCommandLineInformation. Throws a ParseError. */
export function parseFollowingText(bytes: Buffer): string {
  const fields = new Fields('UNICODE_STRING', bytes);
  const length = fields.u16(0);
  return textOf(fields.part(16, length).bytes);
}

/** The security identifier of TOKEN_USER (winnt.h), such as `S-1-5-18`, which follows it. Throws a ParseError. */
export function parseTokenUser(bytes: Buffer): string {
  const fields = new Fields('SID', bytes).part(16, bytes.length - 16);
  const revision = fields.u8(0);
  const count = fields.u8(1);
  // Six bytes with the highest first, unlike everything else.
  const authority = fields.part(2, 6).bytes.readUIntBE(0, 6);
  return ['S', revision, authority, ...Array.from({ length: count }, (_, index) => fields.u32(8 + 4 * index))].join('-');
}
