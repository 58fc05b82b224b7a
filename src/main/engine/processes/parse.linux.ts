/** Understands the files of /proc/<pid>; see proc(5). Pure. */
import { Cursor } from '../collectors/cursor';
import { cleanCommand } from './clean';

/** What `stat` tells. */
export interface Stat {
  /** As the kernel has it: bytes of whatever kind, cut at 15 unless it is a thread of the kernel. */
  readonly name: string;
  readonly nameBytes: number;
  readonly isKernel: boolean;
  /** User and system time of all threads, in clock ticks. */
  readonly ticks: number;
  /** Start since boot, in clock ticks. */
  readonly born: number;
  /** Resident pages. */
  readonly pages: number;
}

const OPEN = '('.charCodeAt(0);
const CLOSE = ')'.charCodeAt(0);
/** PF_KTHREAD of the kernel's include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;

/**
 * Understands `stat`; null when it is cut short. The name may hold spaces, line breaks and parentheses, but nothing
 * after it does: it ends at the last one.
 */
export function parseStat(bytes: Buffer): Stat | null {
  const open = bytes.indexOf(OPEN);
  const close = bytes.lastIndexOf(CLOSE);
  if (open < 0 || close < open) return null;
  const cursor = new Cursor(bytes);
  cursor.position = close + 1;
  // state, ppid, pgrp, session, tty, tpgid
  cursor.skip(6);
  const flags = cursor.number();
  // minflt, cminflt, majflt, cmajflt
  cursor.skip(4);
  const ticks = cursor.number() + cursor.number();
  // cutime, cstime, priority, nice, threads, itrealvalue
  cursor.skip(6);
  const born = cursor.number();
  // vsize
  cursor.skip(1);
  const pages = cursor.number();
  if (pages < 0 || born < 0 || ticks < 0) return null;
  return {
    name: bytes.toString('utf8', open + 1, close),
    nameBytes: close - open - 1,
    isKernel: Math.floor(flags / KERNEL_THREAD) % 2 === 1,
    ticks,
    born,
    pages,
  };
}

/** Effective user of `status`, the one that counts for what a process may do, and that `ps` names; null when it tells none. */
export function parseUid(status: string): number | null {
  const uid = /^Uid:\t\d+\t(\d+)/m.exec(status)?.[1];
  return uid === undefined ? null : Number(uid);
}

/** Bytes that storage had to move for a process; null when it does not tell. */
export function parseIo(text: string): { readonly readBytes: number; readonly writtenBytes: number } | null {
  const read = /^read_bytes: (\d+)/m.exec(text)?.[1];
  const written = /^write_bytes: (\d+)/m.exec(text)?.[1];
  return read === undefined || written === undefined ? null : { readBytes: Number(read), writtenBytes: Number(written) };
}

/** Arguments end in NUL each, or are one text that the program wrote over them. */
export function parseCommand(text: string): { readonly command: string | null; readonly first: string } {
  const [first = ''] = text.split('\0', 1);
  return { command: cleanCommand(text.replaceAll('\0', ' ')), first };
}

/** Names by user id from passwd(5); the first line of an id counts, and what is no line of it does not. */
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

/** Entries of the auxiliary vector by their types of getauxval(3): AT_PAGESZ and AT_CLKTCK. */
const PAGE_SIZE = 6n;
const CLOCK_TICKS = 17n;

/** From a 64-bit `auxv`, pairs of type and value; what x64 has where it tells nothing. */
export function parseUnits(auxv: Buffer): KernelUnits {
  const found = new Map<bigint, number>();
  for (let at = 0; at + 16 <= auxv.length; at += 16) found.set(auxv.readBigUInt64LE(at), Number(auxv.readBigUInt64LE(at + 8)));
  return { pageBytes: found.get(PAGE_SIZE) ?? 4096, ticksPerSecond: found.get(CLOCK_TICKS) ?? 100 };
}
