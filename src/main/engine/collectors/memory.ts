/** Memory and swap: what the platforms read, and the shares computed from it. */
import { memory } from '../../../shared/metrics/memory';
import type { ReadingOf, Value } from '../../../shared/metrics/reading';
import { formatValue } from '../../../shared/units';
import { percent, rounded } from './numbers';

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
}

function noteOf({ estimated, zfsCache, limit, total }: MemoryRaw): string {
  const parts = [estimated ? 'used = total − (free + cached files), estimated: this kernel does not report available memory' : 'used = total − available'];
  if (zfsCache > 0) parts.push(`${formatValue(zfsCache, 'bytes')} of the ZFS cache count as available`);
  if (limit !== null && limit < total) parts.push(`limited to ${formatValue(limit, 'bytes')} by a cgroup`);
  return parts.join('; ');
}

/** Sizes and shares. Swap usage is null without swap. */
export function memoryReading(raw: MemoryRaw): ReadingOf<'memory'> {
  const { total, cached, swapTotal, swapUsed } = raw;
  const available = raw.available === null ? null : Math.min(raw.available, total);
  const used = available === null ? null : total - available;
  return {
    values: rounded(memory.metrics, {
      usage: percent(used, total),
      used,
      available,
      cached,
      total,
      swapUsage: percent(swapUsed, swapTotal),
      swapUsed,
      swapTotal,
    }),
    devices: {},
    note: noteOf(raw),
  };
}
