/** Resources used by the app: what the platforms read, and the reading made from it. */
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { self } from '../../../shared/metrics/self';
import type { SelfSource } from './deps';
import { rate, roundTo, rounded } from './numbers';
import type { Previous } from './collector';

/** CPU time of one process; `birth`, its start, distinguishes it from a later one with the same id. */
export interface ProcessTime {
  readonly birth: number;
  readonly cpuSeconds: number;
}

/** One read of the app's counters. */
export interface SelfRaw {
  /** By process id. */
  readonly processes: ReadonlyMap<number, ProcessTime>;
  /** Of all processes together; null if unknown. */
  readonly memoryBytes: Value;
  /** Note on how memory was counted. */
  readonly note: string | null;
  readonly perCollector: Readonly<Partial<Record<FamilyId, Value>>>;
  readonly tickMs: Value;
  readonly databaseBytes: Value;
  readonly bytesWritten: Value;
}

/** The part that comes from the source on every platform. */
export function sourceRaw(source: SelfSource): Omit<SelfRaw, 'processes' | 'memoryBytes' | 'note'> {
  return {
    perCollector: source.perCollector(),
    tickMs: source.tickMs(),
    databaseBytes: source.databaseBytes(),
    bytesWritten: source.bytesWritten(),
  };
}

/**
 * CPU seconds used between two reads. A new process counts with all its time; what an ended process used after the
 * previous read is lost. Null without processes.
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

/** Reading of the app itself; its devices are the collectors. */
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
