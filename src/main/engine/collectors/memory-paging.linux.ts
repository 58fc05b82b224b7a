/**
 * Signs that memory is short: pages moved to and from swap (/proc/vmstat), which swap that is (/proc/swaps), and the time
 * tasks waited for memory (/proc/pressure/memory, kernel doc accounting/psi.rst).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseUnits } from '../processes/parse.linux';
import { accessFault } from './faults';
import { isAbsent } from './files';
import { hasOwnMeminfo } from './memory-arc.linux';
import { NO_PAGING, SwapTraffic } from './memory';
import type { Paging, PagingRaw } from './memory';
import { LOOK_MS, OptionalFile, PressureFile, READ_MS } from './pressure.linux';

/** The number in the line `name number`; null without such a line. */
function numberOf(text: string, name: string): number | null {
  const at = text.startsWith(`${name} `) ? 0 : text.indexOf(`\n${name} `) + 1;
  if (at === 0 && !text.startsWith(`${name} `)) return null;
  const found = Number.parseInt(text.slice(at + name.length + 1, at + name.length + 25), 10);
  return found >= 0 ? found : null;
}

/** Bytes swapped in and out since boot, from vmstat; null if the kernel has no swap built in. */
export function parseVmstat(text: string, pageBytes: number, at: number): Paging | null {
  const [pagesIn, pagesOut] = [numberOf(text, 'pswpin'), numberOf(text, 'pswpout')];
  return pagesIn === null || pagesOut === null ? null : { inBytes: pagesIn * pageBytes, outBytes: pagesOut * pageBytes, at };
}

/**
 * True if pages may be moved to and from a disk: false where swap is compressed memory (zram), or where a disk is only the
 * reserve of that and nothing is on it.
 */
export function swapsToDisk(swaps: string): boolean {
  const areas = swaps.split('\n').slice(1).filter((line) => line.trim() !== '');
  const isMemory = (line: string): boolean => /^\/dev\/zram\d+\s/.test(line);
  if (!areas.some(isMemory)) return true;
  return areas.some((line) => !isMemory(line) && Number(line.trim().split(/\s+/).at(-2)) > 0);
}

/** Bytes of a page: the unit of vmstat; 4096 where the kernel does not say. */
function pageBytesOf(root: string): number {
  const path = join(root, '/proc/self/auxv');
  try {
    return parseUnits(readFileSync(path)).pageBytes;
  } catch (error) {
    if (!isAbsent(error)) throw accessFault(error, path);
    return parseUnits(Buffer.alloc(0)).pageBytes;
  }
}

/** Reads the files every ten seconds, for vmstat takes as long as meminfo; what they said is kept in between. */
export class PagingFiles {
  readonly #root: string;
  readonly #mono: () => number;
  readonly #vmstat: OptionalFile;
  readonly #swaps: OptionalFile;
  readonly #pressure: PressureFile;
  readonly #traffic = new SwapTraffic();
  #pageBytes: number | null = null;
  #readAt = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isForeign = false;
  #last = NO_PAGING;

  constructor(root: string, mono: () => number) {
    this.#root = root;
    this.#mono = mono;
    this.#vmstat = new OptionalFile(join(root, '/proc/vmstat'), 8192);
    this.#swaps = new OptionalFile(join(root, '/proc/swaps'), 1024);
    this.#pressure = new PressureFile(root, 'memory', mono);
  }

  /** What is known now. Throws a CollectorError. */
  current(): PagingRaw {
    const now = this.#mono();
    if (now - this.#readAt < READ_MS) return this.#last;
    this.#readAt = now;
    this.#last = this.#isOfHost(now) ? NO_PAGING : this.#read(now);
    return this.#last;
  }

  close(): void {
    for (const file of [this.#vmstat, this.#swaps, this.#pressure]) file.close();
  }

  /** True in a container with a meminfo of its own, where these files are about the memory of its host. */
  #isOfHost(now: number): boolean {
    if (now - this.#lookedAt >= LOOK_MS) {
      this.#lookedAt = now;
      this.#isForeign = hasOwnMeminfo(this.#root);
    }
    return this.#isForeign;
  }

  #read(now: number): PagingRaw {
    this.#pageBytes ??= pageBytesOf(this.#root);
    const vmstat = this.#vmstat.text(now);
    return {
      ...this.#traffic.take(vmstat === null ? null : parseVmstat(vmstat, this.#pageBytes, now)),
      toDisk: swapsToDisk(this.#swaps.text(now) ?? ''),
      pressure: this.#pressure.current(now)?.some ?? null,
    };
  }
}
