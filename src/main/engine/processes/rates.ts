/** Computes CPU and I/O rates of processes from two snapshots. */
import { roundTo } from '../collectors/numbers';
import type { ProcessInfo } from '../../../shared/processes/process-schemas';
import type { Value } from '../../../shared/metrics/reading';
import { forEachInSlices } from '../time-slicing';
import type { TimeSlicing } from '../time-slicing';
import type { RawProcessSnapshot, RawProcess } from './process-source';

/** The earlier of the two snapshots. */
export interface Baseline {
  readonly mono: number;
  /** Start of its youngest process: a younger one that it lacks has started since. */
  readonly youngest: number;
  find(key: string): RawProcess | undefined;
}

/** Makes a snapshot a baseline. */
export function toBaseline({ mono, processes }: RawProcessSnapshot): Baseline {
  const byKey = new Map<string, RawProcess>();
  let youngest = Number.NEGATIVE_INFINITY;
  for (const one of processes) {
    byKey.set(one.key, one);
    if (one.born > youngest) youngest = one.born;
  }
  return { mono, youngest, find: (key) => byKey.get(key) };
}

/** Growth per second; null if a value is missing or the counter decreased. */
function perSecond(now: Value, before: Value, seconds: number): Value {
  return now === null || before === null || now < before || !(seconds > 0) ? null : (now - before) / seconds;
}

/** Value of a counter in the baseline: 0 for a process started since, null if unknown. */
function baselineValue(one: RawProcess, baseline: Baseline, counter: 'busySeconds' | 'readBytes' | 'writtenBytes'): Value {
  const before = baseline.find(one.key);
  if (before !== undefined) return before[counter];
  return one.born >= baseline.youngest ? 0 : null;
}

/** Percent of one core since the baseline, all threads of the process together. */
function cpuOf(one: RawProcess, baseline: Baseline | null, seconds: number): Value {
  if (one.busySeconds === null || baseline === null) return one.cpu;
  const share = perSecond(one.busySeconds, baselineValue(one, baseline, 'busySeconds'), seconds);
  return share === null ? null : share * 100;
}

/** One process with its rates; without a baseline they are null. `seconds` since the baseline. */
export function toProcess(one: RawProcess, baseline: Baseline | null, seconds: number): ProcessInfo {
  const { pid, key, name, command, user, memory, startedAt, container } = one;
  const rate = (counter: 'readBytes' | 'writtenBytes'): Value => (baseline === null || one[counter] === null ? null : perSecond(one[counter], baselineValue(one, baseline, counter), seconds));
  return {
    pid,
    key,
    name,
    command,
    user,
    cpu: roundTo(cpuOf(one, baseline, seconds), 0.1),
    memory,
    read: roundTo(rate('readBytes'), 1),
    written: roundTo(rate('writtenBytes'), 1),
    startedAt,
    container,
  };
}

/** All processes of a snapshot with their rates since the baseline. */
export async function toProcesses(snapshot: RawProcessSnapshot, baseline: Baseline | null, slicing: TimeSlicing): Promise<ProcessInfo[]> {
  const seconds = baseline === null ? 0 : (snapshot.mono - baseline.mono) / 1000;
  const processes: ProcessInfo[] = [];
  await forEachInSlices(snapshot.processes, (one) => processes.push(toProcess(one, baseline, seconds)), slicing);
  return processes;
}
