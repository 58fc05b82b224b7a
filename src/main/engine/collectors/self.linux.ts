/** CPU and memory of the app's processes, from /proc/<pid>/stat, status and children. */
import { join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import type { CollectorDeps } from './deps';
import { ownMachine } from './own-machine';
import { parseFault } from './faults';
import { optionalText } from './files';
import { maxOf, sumOf } from './numbers';
import { selfReading, sourceRaw } from './self';
import type { ProcessTime, SelfRaw } from './self';
import type { Collector } from './collector';

/** Clock ticks per second of the times in /proc; 100 on every architecture Electron runs on (proc(5), USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Indices of the cells after the name, which ends at the last `)`; state is cell 0 (proc(5)). */
const CELL = { utime: 11, stime: 12, starttime: 19 } as const;

/** CPU time and start time of a process. Throws a ParseError. */
export function parseProcessStat(text: string, path: string): ProcessTime {
  const cells = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const cell = (index: number): number => Number(cells[index] ?? Number.NaN);
  const ticks = cell(CELL.utime) + cell(CELL.stime);
  const birth = cell(CELL.starttime);
  if (!(ticks >= 0) || !(birth >= 0)) throw parseFault(path, 'is truncated or not numeric');
  return { birth, cpuSeconds: ticks / TICKS_PER_SECOND };
}

/** Resident bytes of one process by kind; null for a process that has ended. */
export interface ResidentMemory {
  /** Private: heaps and stacks. */
  readonly anon: Value;
  /** Mapped files: the program and its libraries, which all processes of the app share. */
  readonly file: Value;
  /** Shared memory, such as the buffers of a window. */
  readonly shmem: Value;
}

/** From the lines `RssAnon`, `RssFile` and `RssShmem` of status (kernel 4.5 and later). */
export function parseResident(text: string): ResidentMemory {
  const bytes = (name: string): Value => {
    const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  };
  return { anon: bytes('RssAnon'), file: bytes('RssFile'), shmem: bytes('RssShmem') };
}

/**
 * Memory of the processes together, close to the sum of their proportional set sizes: the anonymous memory of each, plus
 * the largest file and shared part once. The kernel can compute proportional sizes (smaps_rollup), but walks all pages for
 * it, some hundred times the work. Two errors of about the same size offset each other: pages that forked processes still
 * share count in each, and files not mapped by the largest process do not count.
 */
export function totalResidentBytes(processes: readonly ResidentMemory[]): Value {
  return sumOf([sumOf(processes.map(({ anon }) => anon)), maxOf(processes.map(({ file }) => file)), maxOf(processes.map(({ shmem }) => shmem))]);
}

/** The name in a line of stat: between the first `(` and the last `)`. */
const nameIn = (stat: string): string => stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));

/** A process, the path of its stat file and the content. */
interface Found {
  readonly pid: number;
  readonly path: string;
  readonly stat: string;
}

/**
 * The given processes and their descendants of the same name: Chromium does not report the processes it forks its
 * renderers from. Children of another name may be left over from a script that became this app. Without the `children`
 * file (a kernel option) only the given processes. Ended processes are left out.
 */
function findProcesses(proc: string, pids: readonly number[]): Found[] {
  const parentName = new Map<number, string | null>(pids.map((pid) => [pid, null]));
  const found: Found[] = [];
  for (const [pid, expected] of parentName) {
    const path = join(proc, `${pid}/stat`);
    const stat = optionalText(path) ?? '';
    const name = nameIn(stat);
    if (stat === '' || (expected !== null && name !== expected)) continue;
    found.push({ pid, path, stat });
    const children = optionalText(join(proc, `${pid}/task/${pid}/children`)) ?? '';
    for (const child of children.split(' ')) if (child !== '' && !parentName.has(Number(child))) parentName.set(Number(child), name);
  }
  return found;
}

/** Reads all processes of the app and the programs it keeps running (nvidia-smi) synchronously: they are few, and a thread switch would cost more than reading. */
export function linuxSelf({ self, programs, ...system }: Pick<CollectorDeps, 'platform' | 'root' | 'self' | 'demo' | 'programs'>): Collector<'self', SelfRaw> {
  const proc = join(ownMachine(system).root, '/proc');
  return {
    family: 'self',
    read: () => {
      const found = findProcesses(proc, [...self.pids(), ...programs.followed()]);
      const memory = found.map(({ pid }) => parseResident(optionalText(join(proc, `${pid}/status`)) ?? ''));
      return {
        processes: new Map(found.map(({ pid, path, stat }) => [pid, parseProcessStat(stat, path)])),
        memoryBytes: totalResidentBytes(memory),
        note: found.length > 1 ? `${found.length} processes; shared memory counts once` : null,
        ...sourceRaw(self),
      };
    },
    toReading: selfReading,
  };
}
