/** What the app itself costs. */
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { self } from '../../../shared/metrics/self';
import type { SelfSource } from './deps';
import { rate, roundTo, rounded } from './numbers';
import type { Previous } from './collector';

/** Processor time of one process; `birth` tells it from a later one of the same number. */
export interface ProcessTime {
  readonly birth: number;
  readonly cpuSeconds: number;
}

/** One read of the app's own counters. */
export interface SelfRaw {
  /** By process id. */
  readonly processes: ReadonlyMap<number, ProcessTime>;
  /** Of all processes together; null when it is not known. */
  readonly memoryBytes: Value;
  /** How the memory is meant. */
  readonly note: string | null;
  readonly perCollector: Readonly<Partial<Record<FamilyId, Value>>>;
  readonly tickMs: Value;
  readonly databaseBytes: Value;
  readonly bytesWritten: Value;
}

/** What the source tells on every platform. */
export function sourceRaw(source: SelfSource): Omit<SelfRaw, 'processes' | 'memoryBytes' | 'note'> {
  return {
    perCollector: source.perCollector(),
    tickMs: source.tickMs(),
    databaseBytes: source.databaseBytes(),
    bytesWritten: source.bytesWritten(),
  };
}

/**
 * Processor seconds spent between two reads. A process that is new has spent all it has; what an ended one
 * spent after the read before is lost. Null when there is no process to tell.
 */
function cpuSpent(now: SelfRaw['processes'], before: SelfRaw['processes']): Value {
  if (now.size === 0 || before.size === 0) return null;
  let spent = 0;
  for (const [pid, { birth, cpuSeconds }] of now) {
    const earlier = before.get(pid);
    const known = earlier !== undefined && earlier.birth === birth ? earlier.cpuSeconds : 0;
    spent += Math.max(0, cpuSeconds - known);
  }
  return spent;
}

/** Rates and levels; the collectors are the devices. */
export function selfReading(raw: SelfRaw, previous: Previous<SelfRaw> | null): ReadingOf<'self'> {
  const devices: Record<string, DeviceReading<'time'>> = {};
  for (const id of FAMILY_IDS) {
    const time = raw.perCollector[id];
    if (time !== undefined) devices[id] = { label: familyOf(id).label, values: { time: roundTo(time, self.device.metrics.time.resolution) } };
  }
  const spent = previous === null ? null : cpuSpent(raw.processes, previous.raw.processes);
  const values = {
    cpu: spent === null || previous === null ? null : (100 * spent) / previous.seconds,
    memory: raw.memoryBytes,
    tick: raw.tickMs,
    database: raw.databaseBytes,
    written: previous === null ? null : rate(raw.bytesWritten, previous.raw.bytesWritten, previous.seconds),
  };
  return { values: rounded(self.metrics, values), devices, ...(raw.note === null ? {} : { note: raw.note }) };
}
