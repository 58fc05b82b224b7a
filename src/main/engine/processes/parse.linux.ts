/** Understands the files of /proc/<pid>; see proc(5). Pure. */
import { sanitizeCommand } from './sanitize';

/** What `stat` tells. */
export interface Stat {
  /** As the kernel has it: cut at 15 bytes unless it is a thread of the kernel, and what was no text in it replaced. */
  readonly name: string;
  readonly isKernel: boolean;
  /** User and system time of all threads, in clock ticks. */
  readonly ticks: number;
  /** Start since boot, in clock ticks. */
  readonly born: number;
  /** Resident pages. */
  readonly pages: number;
}

/** PF_KTHREAD of the kernel's include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;

/** Cells behind the name, the state being the first: flags, utime, stime, starttime and rss. */
const CELL = { flags: 6, utime: 11, stime: 12, born: 19, pages: 21 } as const;

/**
 * Understands `stat`; null when it is cut short. The name may hold spaces, line breaks and parentheses, but nothing
 * after it does: it ends at the last one. Cells are split in one native call: this runs once a minute, too seldom to be
 * compiled, and a loop over the bytes would take as long as the kernel takes for the file.
 */
export function parseStat(text: string): Stat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const cells = text.slice(close + 2).split(' ', CELL.pages + 2);
  // The cell after the last one needed is there, so that none of them was cut.
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
  return { command: sanitizeCommand(text.replaceAll('\0', ' ')), first };
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
