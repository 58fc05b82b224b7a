/** Two looks at all processes understood: what each did in the time between. */
import { roundTo } from '../collectors/numbers';
import type { ProcessInfo } from '../../../shared/processes/process-schemas';
import type { Value } from '../../../shared/metrics/reading';
import { forEachInSlices } from '../time-slicing';
import type { TimeSlicing } from '../time-slicing';
import type { RawProcessSnapshot, RawProcess } from './process-source';

/** A look to reckon from. */
export interface Baseline {
  readonly mono: number;
  /** Start of the youngest process: what is younger, and was not there, has begun since. */
  readonly youngest: number;
  find(key: string): RawProcess | undefined;
}

/** Makes a look a base. */
export function toBaseline({ mono, processes }: RawProcessSnapshot): Baseline {
  const byKey = new Map<string, RawProcess>();
  let youngest = Number.NEGATIVE_INFINITY;
  for (const one of processes) {
    byKey.set(one.key, one);
    if (one.born > youngest) youngest = one.born;
  }
  return { mono, youngest, find: (key) => byKey.get(key) };
}

/** Growth per second; a counter that is missing at an end or went backwards has none. */
function perSecond(now: Value, before: Value, seconds: number): Value {
  return now === null || before === null || now < before || !(seconds > 0) ? null : (now - before) / seconds;
}

/** What a counter stood at in the base; a process that began since started from nothing. */
function startOf(one: RawProcess, base: Baseline, counter: 'busySeconds' | 'readBytes' | 'writtenBytes'): Value {
  const before = base.find(one.key);
  if (before !== undefined) return before[counter];
  return one.born >= base.youngest ? 0 : null;
}

/** Percent of one core since the base, all threads of the process together. */
function cpuOf(one: RawProcess, base: Baseline | null, seconds: number): Value {
  if (one.busySeconds === null || base === null) return one.cpu;
  const share = perSecond(one.busySeconds, startOf(one, base, 'busySeconds'), seconds);
  return share === null ? null : share * 100;
}

/** One process as a person sees it; without a base it has no rates. `seconds` have gone since the base. */
export function toProcess(one: RawProcess, base: Baseline | null, seconds: number): ProcessInfo {
  const { pid, key, name, command, user, memory, startedAt } = one;
  const rate = (counter: 'readBytes' | 'writtenBytes'): Value => (base === null || one[counter] === null ? null : perSecond(one[counter], startOf(one, base, counter), seconds));
  return {
    pid,
    key,
    name,
    command,
    user,
    cpu: roundTo(cpuOf(one, base, seconds), 0.1),
    memory,
    read: roundTo(rate('readBytes'), 1),
    written: roundTo(rate('writtenBytes'), 1),
    startedAt,
  };
}

/** All processes of a look, as far as the time since the base tells. */
export async function toProcesses(snapshot: RawProcessSnapshot, base: Baseline | null, slicing: TimeSlicing): Promise<ProcessInfo[]> {
  const seconds = base === null ? 0 : (snapshot.mono - base.mono) / 1000;
  const processes: ProcessInfo[] = [];
  await forEachInSlices(snapshot.processes, (one) => processes.push(toProcess(one, base, seconds)), slicing);
  return processes;
}
