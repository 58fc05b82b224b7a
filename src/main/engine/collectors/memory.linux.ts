/** Memory from /proc/meminfo. */
import { join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import type { CgroupLimits } from './cgroup.linux';
import { parseFault } from './faults';
import { HeldFile, WHOLE } from './files';
import { memoryReading } from './memory';
import type { MemoryRaw } from './memory';
import { ArcFile } from './memory-arc.linux';
import type { ArcSize } from './memory-arc.linux';
import { PagingFiles } from './memory-paging.linux';
import type { Collector } from './collector';

const MEMINFO = '/proc/meminfo';

/** Bytes of one line; null if the kernel has no such line. Throws a ParseError if the line has no number. */
function bytesOf(text: string, name: string): Value {
  const at = text.startsWith(`${name}:`) ? 0 : text.indexOf(`\n${name}:`) + 1;
  if (at === 0 && !text.startsWith(`${name}:`)) return null;
  const start = at + name.length + 1;
  const kib = Number.parseInt(text.slice(start, start + 24), 10);
  if (!(kib >= 0)) throw parseFault(MEMINFO, `line "${name}" has no size`);
  return kib * 1024;
}

function requiredBytesOf(text: string, name: string): number {
  const bytes = bytesOf(text, name);
  if (bytes === null) throw parseFault(MEMINFO, `has no line "${name}"`);
  return bytes;
}

/**
 * Bytes of the ZFS cache that can be had back: its size − its minimum, like htop. 0 if the cache is larger than the memory
 * in use: then it is not in this memory (a container sees the arcstats of its host).
 */
function reclaimable(arc: ArcSize | null, inUse: number): number {
  return arc === null || arc.size > inUse ? 0 : Math.max(0, arc.size - arc.min);
}

/**
 * Bytes that can be had without swapping, where the kernel does not report it: what is free, and the pages and slabs that it
 * would give up. Shared memory is counted among the pages, and is none of these. Only what is free where the rest is more
 * than there is: it is then not of this memory.
 */
function estimateAvailable(text: string, { total, free, pages, shared }: Readonly<Record<'total' | 'free' | 'pages' | 'shared', number>>): number {
  const [active, inactive] = [bytesOf(text, 'Active(file)'), bytesOf(text, 'Inactive(file)')];
  const files = active === null || inactive === null ? pages - shared : active + inactive;
  const estimate = free + Math.max(0, files) + (bytesOf(text, 'SReclaimable') ?? 0);
  return estimate > total ? free : estimate;
}

/**
 * What the kernel reports as available; null if it does not. 0 is what kernels report that do not know; more than there is,
 * what a container sees where its total is its own and the rest is the host's. `free` does not believe either.
 */
function reportedAvailable(text: string, total: number): Value {
  const reported = bytesOf(text, 'MemAvailable');
  return reported === null || reported === 0 || reported > total ? null : reported;
}

/**
 * Parses /proc/meminfo. Cached is buffers + page cache + reclaimable slab − shared memory + reclaimable ZFS cache: what the
 * kernel can reclaim, counted like htop; `free` does not subtract shared memory. Available is MemAvailable + reclaimable
 * ZFS cache. Kernels before 3.14 have no MemAvailable: it is then estimated, as where it makes no sense. Throws a ParseError.
 */
export function parseMeminfo(text: string, arc: ArcSize | null = null): Omit<MemoryRaw, 'limit' | 'paging'> {
  const total = requiredBytesOf(text, 'MemTotal');
  if (total === 0) throw parseFault(MEMINFO, 'MemTotal is 0');
  const free = requiredBytesOf(text, 'MemFree');
  const pages = requiredBytesOf(text, 'Cached') + (bytesOf(text, 'Buffers') ?? 0);
  const reported = reportedAvailable(text, total);
  const shared = bytesOf(text, 'Shmem') ?? 0;
  const [swapTotal, swapFree] = [bytesOf(text, 'SwapTotal'), bytesOf(text, 'SwapFree')];
  const zfsCache = reclaimable(arc, total - free);
  return {
    total,
    available: (reported ?? estimateAvailable(text, { total, free, pages, shared })) + zfsCache,
    estimated: reported === null,
    cached: Math.max(0, pages + (bytesOf(text, 'SReclaimable') ?? 0) - shared) + zfsCache,
    zfsCache,
    swapTotal,
    swapUsed: swapTotal === null || swapFree === null ? null : Math.max(0, swapTotal - swapFree),
  };
}

/**
 * Reads the files synchronously; they stay open between reads. arcstats is looked for every five minutes by the monotonic
 * clock, and read only where it is. Swapping and pressure are read every ten seconds.
 */
export function linuxMemory(root: string, limits: () => CgroupLimits, mono: () => number = () => 0): Collector<'memory', MemoryRaw> {
  const meminfo = new HeldFile(join(root, MEMINFO), 4096, WHOLE.record);
  const arc = new ArcFile(root, mono);
  const paging = new PagingFiles(root, mono);
  return {
    family: 'memory',
    read: () => ({ ...parseMeminfo(meminfo.text(), arc.current()), limit: limits().memory, paging: paging.current() }),
    toReading: memoryReading,
    close: () => {
      meminfo.close();
      arc.close();
      paging.close();
    },
  };
}
