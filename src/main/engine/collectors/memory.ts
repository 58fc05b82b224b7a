/** Memory and swap: what the platforms read, and the shares computed from it. */
import { memory } from '../../../shared/metrics/memory';
import type { ReadingOf, Value } from '../../../shared/metrics/reading';
import { formatValue } from '../../../shared/units';
import { percent, rounded } from './numbers';

/** Sizes in bytes; null where unknown. */
export interface MemoryRaw {
  readonly total: number;
  readonly available: Value;
  /** True if the system does not report available memory and free + buffers + cached is used instead. */
  readonly estimated: boolean;
  readonly cached: Value;
  readonly swapTotal: Value;
  readonly swapUsed: Value;
  /** Bytes allowed by a cgroup; null without a limit. */
  readonly limit: Value;
}

function noteOf(raw: MemoryRaw): string {
  const mode = raw.estimated ? 'used = total − (free + buffers + cached), estimated: this kernel does not report available memory' : 'used = total − available';
  return raw.limit !== null && raw.limit < raw.total ? `${mode}; limited to ${formatValue(raw.limit, 'bytes')} by a cgroup` : mode;
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
