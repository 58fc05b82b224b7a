/** Memory and swap: what the platforms read, and the shares computed from it. */
import { memory } from '../../../shared/metrics/memory';
import type { ReadingOf, Value } from '../../../shared/metrics/reading';
import { formatValue } from '../../../shared/units';
import type { Previous } from './collector';
import { percent, rate, rounded } from './numbers';

/** Bytes moved between memory and swap since boot, null where the system does not count them, and when that was read (monotonic ms). */
export interface Paging {
  readonly inBytes: Value;
  readonly outBytes: Value;
  readonly at: number;
}

/** What is read less often than memory itself. */
export interface PagingRaw {
  /** The latest two reads; null where unknown, `before` also after a pause. */
  readonly before: Paging | null;
  readonly now: Paging | null;
  /** False while all swap in use is compressed memory. */
  readonly toDisk: boolean;
  /** Percent of the last minute in which tasks waited for memory. */
  readonly pressure: Value;
}

/** Where none of it can be read. */
export const NO_PAGING: PagingRaw = { before: null, now: null, toDisk: true, pressure: null };

/** How often the counters of swapping are read, ms. */
export const PAGING_MS = 10_000;

/** Reads closer than this are no two, ms: ticks are not exact. */
const LEAST_PAGING_MS = PAGING_MS - 1000;

/** The latest two reads of the counters of swapping, ten seconds apart. */
export class SwapTraffic {
  #before: Paging | null = null;
  #now: Paging | null = null;

  /** What is known with the latest read; null if there is none. */
  take(latest: Paging | null): Pick<PagingRaw, 'before' | 'now'> {
    const passed = latest === null || this.#now === null ? null : latest.at - this.#now.at;
    if (passed === null || passed >= LEAST_PAGING_MS) {
      // After a pause the difference would be spread over it.
      this.#before = passed !== null && passed <= 2 * LEAST_PAGING_MS ? this.#now : null;
      this.#now = latest;
    }
    return { before: this.#before, now: this.#now };
  }
}

/** Sizes in bytes; null where unknown. */
export interface MemoryRaw {
  readonly total: number;
  readonly available: Value;
  /** True if the system does not report available memory, and it is estimated from what is free and what is cached. */
  readonly estimated: boolean;
  readonly cached: Value;
  /** Bytes of the ZFS cache that count as available and cached; 0 without ZFS. */
  readonly zfsCache: number;
  readonly swapTotal: Value;
  readonly swapUsed: Value;
  /** Bytes allowed by a cgroup; null without a limit. */
  readonly limit: Value;
  readonly paging: PagingRaw;
  /** What the sizes mean on this system; null or absent where that is total − available as the kernel reports it. */
  readonly definition?: string | null;
  /** Set where the system makes swap when it needs some: what there is of it is nearly full by nature, and none is no limit. */
  readonly swapGrows?: true;
}

/**
 * Bytes per second read from swap and written to it. Null without swap, after a gap, and while only one read is known. Moving
 * pages into compressed memory is no traffic of a disk: 0.
 */
function swapRates({ paging: { before, now, toDisk }, swapTotal, swapGrows }: MemoryRaw, previous: Previous<MemoryRaw> | null): { swapIn: Value; swapOut: Value } {
  const hasSwap = swapGrows === true || (swapTotal !== null && swapTotal > 0);
  if (previous === null || before === null || now === null || !hasSwap) return { swapIn: null, swapOut: null };
  if (!toDisk) return { swapIn: 0, swapOut: 0 };
  const seconds = (now.at - before.at) / 1000;
  return { swapIn: rate(now.inBytes, before.inBytes, seconds), swapOut: rate(now.outBytes, before.outBytes, seconds) };
}

function noteOf({ estimated, zfsCache, limit, total, paging, swapTotal, definition, swapGrows }: MemoryRaw): string {
  const parts = [definition ?? (estimated ? 'used = total − (free + cached files), estimated: this kernel does not report available memory' : 'used = total − available')];
  if (swapGrows === true) parts.push('swap grows on demand, so no share of it is shown');
  if (zfsCache > 0) parts.push(`${formatValue(zfsCache, 'bytes')} of the ZFS cache count as available`);
  if (limit !== null && limit < total) parts.push(`limited to ${formatValue(limit, 'bytes')} by a cgroup`);
  if (!paging.toDisk && swapTotal !== null && swapTotal > 0) parts.push('swap is compressed memory (zram), which is not counted as swapping');
  return parts.join('; ');
}

/** Sizes and shares. Swap usage is null without swap, and where swap grows on demand. */
export function memoryReading(raw: MemoryRaw, previous: Previous<MemoryRaw> | null): ReadingOf<'memory'> {
  const { total, cached, swapTotal, swapUsed, swapGrows } = raw;
  const available = raw.available === null ? null : Math.min(raw.available, total);
  const used = available === null ? null : total - available;
  return {
    values: rounded(memory.metrics, {
      usage: percent(used, total),
      used,
      available,
      cached,
      total,
      swapUsage: swapGrows === true ? null : percent(swapUsed, swapTotal),
      swapUsed,
      swapTotal,
      ...swapRates(raw, previous),
      pressure: raw.paging.pressure,
    }),
    devices: {},
    note: noteOf(raw),
  };
}
