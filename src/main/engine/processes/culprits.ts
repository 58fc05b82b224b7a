/** Ranks processes by CPU, memory or disk use, singly or by program. Pure. */
import type { Culprit } from '../../../shared/alerts/incident';
import type { ProcessMeasure } from '../../../shared/metrics/define';
import type { ProcessInfo, TopProcess } from '../../../shared/processes/process-schemas';
import { byValue, topK } from './top-k';

/** Maximum number of programs. */
const MAX_PROGRAMS = 5;
/** Programs below this share of the largest one are left out. */
const MIN_SHARE = 0.05;

const UNIT = { cpu: 'percent', memory: 'bytes', disk: 'bytesPerSecond' } as const satisfies Record<ProcessMeasure, Culprit['unit']>;

const NOTHING: ReadonlyMap<string, number> = new Map();

/** Only where it is in one. */
const inContainer = (container: string | null): { readonly container?: string } => (container === null ? {} : { container });

/** A process with what it uses of a graphics card, percent, which is ranked in place of its CPU use. */
const asGpu = (one: ProcessInfo, loads: ReadonlyMap<number, number>): ProcessInfo => ({ ...one, cpu: loads.get(one.pid) ?? null });

/** Value of a process for a measure; null if unknown. */
export function measureOf({ cpu, memory, read, written }: ProcessInfo, measure: ProcessMeasure): number | null {
  if (measure === 'cpu') return cpu;
  if (measure === 'memory') return memory;
  return read === null && written === null ? null : (read ?? 0) + (written ?? 0);
}

/** A group's value is at least that of its largest process, and at most their sum. */
interface Group {
  /** Of the program and its container. */
  readonly key: string;
  readonly name: string;
  readonly container: string | null;
  readonly members: readonly ProcessInfo[];
  readonly sum: number;
  readonly largest: number;
  /** Of the largest process. */
  readonly pid: number;
}

/** Neither a name nor that of a container has a NUL. */
const keyOf = ({ name, container }: ProcessInfo): string => (container === null ? name : `${name}\0${container}`);

/** Processes by program, without those that are not known to use any. The same program in another container is another one. */
function groupsOf(processes: readonly ProcessInfo[], measure: ProcessMeasure): readonly Group[] {
  const groups = new Map<string, { key: string; name: string; container: string | null; members: ProcessInfo[]; sum: number; largest: number; pid: number }>();
  for (const one of processes) {
    const value = measureOf(one, measure);
    if (value === null || value <= 0) continue;
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, name: one.name, container: one.container, members: [one], sum: value, largest: value, pid: one.pid });
    else {
      group.sum += value;
      group.members.push(one);
      if (value > group.largest) Object.assign(group, { pid: one.pid, largest: value });
    }
  }
  return [...groups.values()];
}

/** The groups that may be listed, in whatever way their processes are told apart further. */
function likelyGroups(processes: readonly ProcessInfo[], measure: ProcessMeasure): readonly Group[] {
  const groups = groupsOf(processes, measure);
  const least = groups.reduce((most, { largest }) => Math.max(most, largest), 0) * MIN_SHARE;
  return groups.filter(({ sum }) => sum >= least);
}

/** Process ids of those that may be listed, singly or by program. */
export function likelyPids(processes: readonly ProcessInfo[], measure: ProcessMeasure, count: number): readonly number[] {
  const programs = likelyGroups(processes, measure).flatMap(({ members }) => members.map(({ pid }) => pid));
  return [...new Set([...programs, ...topBy(processes, measure, count).map(({ pid }) => pid)])];
}

/** The groups of several processes by memory that may be listed: their resident sizes, which share memory, cannot be added. */
export function sharingGroups(processes: readonly ProcessInfo[]): ReadonlyMap<string, readonly ProcessInfo[]> {
  return new Map(likelyGroups(processes, 'memory').filter(({ members }) => members.length > 1).map(({ key, members }) => [key, members]));
}

/**
 * The programs that use most, largest first: processes of one name in one place are one program, and the process id is that of the
 * largest of them. Their values are summed unless `together` has that of the group. Empty if no process is known to use
 * any.
 */
export function toCulprits(processes: readonly ProcessInfo[], measure: ProcessMeasure, together: ReadonlyMap<string, number> = NOTHING): readonly Culprit[] {
  const groups = groupsOf(processes, measure).map(({ key, name, container, pid, sum }) => ({ name, ...inContainer(container), pid, value: together.get(key) ?? sum }));
  const largest = topK(groups, MAX_PROGRAMS, byValue(({ value }) => value));
  const least = (largest[0]?.value ?? 0) * MIN_SHARE;
  return largest.filter(({ value }) => value >= least).map((one) => ({ ...one, value: Math.round(one.value * 10) / 10, unit: UNIT[measure] }));
}

function toTop({ name, pid, cpu, memory, container }: ProcessInfo): TopProcess {
  return { name, pid, cpu, memory, ...inContainer(container) };
}

/** The `count` processes that use most, largest first, without those whose value is zero or unknown. */
export function topBy(processes: readonly ProcessInfo[], measure: ProcessMeasure, count: number): readonly TopProcess[] {
  const valueOf = (one: ProcessInfo): number | null => measureOf(one, measure);
  return topK(processes, count, byValue(valueOf)).filter((one) => (valueOf(one) ?? 0) > 0).map(toTop);
}

/** The same as `toCulprits` and `topBy` for the processes that use most of the graphics cards, in percent of a card by process id. */
export function gpuCulprits(processes: readonly ProcessInfo[], loads: ReadonlyMap<number, number>, count: number): { readonly culprits: readonly Culprit[]; readonly top: readonly TopProcess[] } {
  const users = processes.map((one) => asGpu(one, loads));
  const byPid = new Map(processes.map((one) => [one.pid, one]));
  const top = topBy(users, 'cpu', count).flatMap(({ pid }) => {
    const one = byPid.get(pid);
    return one === undefined ? [] : [toTop(one)];
  });
  return { culprits: toCulprits(users, 'cpu'), top };
}
