/** Parses the files of /proc/<pid>, see proc(5). Pure. */
import { sanitizeCommand } from './sanitize';

/** The fields of `stat` that are used. */
export interface Stat {
  /** Name in the kernel: cut to 15 bytes except for kernel threads, invalid UTF-8 replaced. */
  readonly name: string;
  readonly isKernel: boolean;
  /** User and system time of all threads, clock ticks. */
  readonly ticks: number;
  /** Start time since boot, clock ticks. */
  readonly born: number;
  /** Resident pages. */
  readonly pages: number;
}

/** PF_KTHREAD of the kernel's include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;

/** Indices of the cells after the name; the state is cell 0. */
const CELL = { flags: 6, utime: 11, stime: 12, born: 19, pages: 21 } as const;

/**
 * Parses `stat`; null if it is truncated. The name may contain spaces, line breaks and parentheses, but nothing after it
 * does, so it ends at the last parenthesis. Cells are split in one native call: this runs once a minute, too seldom to be
 * compiled, and a loop over the bytes would take as long as the kernel needs for the file.
 */
export function parseStat(text: string): Stat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const cells = text.slice(close + 2).split(' ', CELL.pages + 2);
  // One more cell than needed must exist, so that the last needed one is complete.
  if (cells.length < CELL.pages + 2) return null;
  const ticks = Number(cells[CELL.utime]) + Number(cells[CELL.stime]);
  const born = Number(cells[CELL.born]);
  const pages = Number(cells[CELL.pages]);
  if (!(ticks >= 0) || !(born >= 0) || !(pages >= 0)) return null;
  return {
    name: text.slice(open + 1, close),
    isKernel: Math.floor(Number(cells[CELL.flags]) / KERNEL_THREAD) % 2 === 1,
    ticks,
    born,
    pages,
  };
}

/** PF_FORKNOEXEC of the kernel's include/linux/sched.h: forked, and has not started a program since. */
const FORKED = 0x40;

/** States of a process that waits without being interruptible, and of one that has ended; see proc(5). */
const WAITING = 'D';
const ENDED = new Set(['Z', 'X', 'x']);

/** What a process is doing, as far as it matters for reading its other files. */
export interface Activity {
  /** It waits for a device or a file system, which may never respond. */
  readonly isWaiting: boolean;
  /** It has no program of its own yet and may be starting one, from a file system that may not respond. */
  readonly isForked: boolean;
  readonly hasEnded: boolean;
}

/** From a `stat` that is not truncated. */
export function parseActivity(text: string): Activity {
  const cells = text.slice(text.lastIndexOf(')') + 2).split(' ', CELL.flags + 1);
  const [state = ''] = cells;
  return { isWaiting: state === WAITING, isForked: Math.floor(Number(cells[CELL.flags]) / FORKED) % 2 === 1, hasEnded: ENDED.has(state) };
}

/** Effective user id from `status`, the one `ps` shows; null if missing. */
export function parseUid(status: string): number | null {
  const uid = /^Uid:\t\d+\t(\d+)/m.exec(status)?.[1];
  return uid === undefined ? null : Number(uid);
}

/** Bytes read from and written to storage, from `io`; null if missing. */
export function parseIo(text: string): { readonly readBytes: number; readonly writtenBytes: number } | null {
  const read = /^read_bytes: (\d+)/m.exec(text)?.[1];
  const written = /^write_bytes: (\d+)/m.exec(text)?.[1];
  return read === undefined || written === undefined ? null : { readBytes: Number(read), writtenBytes: Number(written) };
}

/** Command line from `cmdline`, and its first argument. Arguments end in NUL, or are one text that the program wrote over them. */
export function parseCommand(text: string): { readonly command: string | null; readonly first: string } {
  const [first = ''] = text.split('\0', 1);
  return { command: sanitizeCommand(text.replaceAll('\0', ' ')), first };
}

/** User names by user id from passwd(5); the first line of an id counts, malformed lines are ignored. */
export function parsePasswd(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , uid = ''] = line.split(':', 3);
    if (name !== '' && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}

/** The units of the counts in `stat`. */
export interface KernelUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

/** Types of entries in the auxiliary vector, see getauxval(3). */
const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/** How processors of either byte order and word size write a pair of type and value. */
const WORDS = [
  { bytes: 8, read: (auxv: Buffer, at: number): bigint => auxv.readBigUInt64LE(at) },
  { bytes: 8, read: (auxv: Buffer, at: number): bigint => auxv.readBigUInt64BE(at) },
  { bytes: 4, read: (auxv: Buffer, at: number): bigint => BigInt(auxv.readUInt32LE(at)) },
] as const;

/** Units from an `auxv`, pairs of type and value; the values of x64 if missing. A page has a power of two bytes, which shows how to read it. */
export function parseUnits(auxv: Buffer): KernelUnits {
  for (const { bytes, read } of WORDS) {
    const found = new Map<bigint, number>();
    for (let at = 0; at + 2 * bytes <= auxv.length; at += 2 * bytes) found.set(read(auxv, at), Number(read(auxv, at + bytes)));
    const pageBytes = found.get(AT_PAGESZ) ?? 0;
    if (pageBytes >= 4096 && pageBytes <= 2 ** 20 && Number.isInteger(Math.log2(pageBytes))) return { pageBytes, ticksPerSecond: found.get(AT_CLKTCK) ?? 100 };
  }
  return { pageBytes: 4096, ticksPerSecond: 100 };
}
