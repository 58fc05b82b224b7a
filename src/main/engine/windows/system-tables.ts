/** What NtQuerySystemInformation tells of the whole machine (winternl.h and ntexapi.h), alike on x64 and arm64. Pure. */
import { Fields, layoutFault } from './fields';

/** Numbers of SYSTEM_INFORMATION_CLASS, and bytes of what they fill in. */
export const SYSTEM = {
  basic: { number: 0, bytes: 64 },
  performance: { number: 2, bytes: 1024 },
  processes: { number: 5, bytes: 512 * 1024 },
  pageFiles: { number: 18, bytes: 4096 },
  fileCache: { number: 21, bytes: 64 },
} as const;

/** One of them. */
export type SystemClass = (typeof SYSTEM)[keyof typeof SYSTEM];

/** Bytes of a page, and of memory as the kernel counts it, from SYSTEM_BASIC_INFORMATION. Throws a ParseError. */
export function parseBasic(bytes: Buffer): { readonly pageBytes: number; readonly memory: number } {
  const fields = new Fields('SYSTEM_BASIC_INFORMATION', bytes);
  const pageBytes = fields.u32(8);
  return { pageBytes, memory: fields.u32(12) * pageBytes };
}

/** Throws a ParseError if the page size is none, or the memory is not that which Node tells. */
export function checkBasic({ pageBytes, memory }: ReturnType<typeof parseBasic>, total: number): void {
  if (pageBytes < 4096 || pageBytes > 65_536 || Math.abs(memory - total) > total / 4) {
    throw layoutFault('SYSTEM_BASIC_INFORMATION', 'the memory is not that which Node tells');
  }
}

/** Pages, since boot but for those available. */
export interface PagePerformance {
  readonly available: number;
  /** Changed pages written to page files. What was changed in mapped files is apart. */
  readonly written: number;
}

/** From SYSTEM_PERFORMANCE_INFORMATION: AvailablePages and DirtyPagesWriteCount. Throws a ParseError. */
export function parsePerformance(bytes: Buffer): PagePerformance {
  const fields = new Fields('SYSTEM_PERFORMANCE_INFORMATION', bytes);
  return { available: fields.u32(44), written: fields.u32(96) };
}

/** Two reads of what is free differ by what is taken in between, bytes. */
const DRIFT = 256 * 2 ** 20;

/** Throws a ParseError if what is available is not what Node tells at the same time. */
export function checkPerformance({ available }: PagePerformance, pageBytes: number, free: number): void {
  if (Math.abs(available * pageBytes - free) > free / 10 + DRIFT) {
    throw layoutFault('SYSTEM_PERFORMANCE_INFORMATION', 'what is available is not what Node tells');
  }
}

/** Pages of all page files, from a list of SYSTEM_PAGEFILE_INFORMATION; empty bytes are no page file. Throws a ParseError. */
export function parsePageFiles(bytes: Buffer): { readonly total: number; readonly used: number } {
  const fields = new Fields('SYSTEM_PAGEFILE_INFORMATION', bytes);
  let [total, used, at] = [0, 0, 0];
  while (fields.size > 0) {
    total += fields.u32(at + 4);
    used += fields.u32(at + 8);
    const next = fields.u32(at);
    if (next === 0) break;
    at += next;
  }
  if (used > total) throw layoutFault(fields.structure, 'more is used than there is');
  return { total, used };
}

/** Bytes of the file cache with what is on standby, from SYSTEM_FILECACHE_INFORMATION; null where the system counts none. Throws a ParseError. */
export function parseFileCache(bytes: Buffer, pageBytes: number): number | null {
  const pages = new Fields('SYSTEM_FILECACHE_INFORMATION', bytes).u64(40);
  return pages === 0 ? null : pages * pageBytes;
}

/** sizeof(PERFORMANCE_INFORMATION), psapi.h. */
export const PERFORMANCE_BYTES = 104;

/** Processes and threads of the machine, from PERFORMANCE_INFORMATION. Throws a ParseError. */
export function parseTasks(bytes: Buffer): { readonly processes: number; readonly threads: number } {
  const fields = new Fields('PERFORMANCE_INFORMATION', bytes);
  const [processes, threads] = [fields.u32(92), fields.u32(96)];
  // Each process has a thread, and this one runs.
  if (processes === 0 || threads < processes) throw layoutFault(fields.structure, `${threads} threads of ${processes} processes`);
  return { processes, threads };
}
