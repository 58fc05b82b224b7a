/** The app's own processes from /proc/<pid>/stat, status and children. */
import { join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import type { CollectorDeps } from './deps';
import { parseFault } from './faults';
import { optionalText } from './files';
import { maxOf, sumOf } from './numbers';
import { selfReading, sourceRaw } from './self';
import type { ProcessTime, SelfRaw } from './self';
import type { Collector } from './collector';

/** Clock ticks per second of times told to programs; 100 on every architecture Electron runs on (proc(5), USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Cells after the name, which ends at the last `)`: state is the first; utime, stime and starttime by proc(5). */
const CELL = { utime: 11, stime: 12, starttime: 19 } as const;

/** Processor time and start of a process. Throws a ParseError. */
export function parseProcessStat(text: string, path: string): ProcessTime {
  const cells = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const cell = (index: number): number => Number(cells[index] ?? Number.NaN);
  const ticks = cell(CELL.utime) + cell(CELL.stime);
  const birth = cell(CELL.starttime);
  if (!(ticks >= 0) || !(birth >= 0)) throw parseFault(path, 'is cut short or holds no numbers');
  return { birth, cpuSeconds: ticks / TICKS_PER_SECOND };
}

/** Resident bytes of one process by kind; null for a process that has no memory any more. */
export interface ResidentMemory {
  /** Its own: heaps and stacks. */
  readonly anon: Value;
  /** Mapped files: the program and its libraries, which all processes of the app map. */
  readonly file: Value;
  /** Memory made to be shared, such as the pictures of a window. */
  readonly shmem: Value;
}

/** From the lines `RssAnon`, `RssFile` and `RssShmem` of status, kernel 4.5 and later; in kB whatever the page size. */
export function parseResident(text: string): ResidentMemory {
  const bytes = (name: string): Value => {
    const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  };
  return { anon: bytes('RssAnon'), file: bytes('RssFile'), shmem: bytes('RssShmem') };
}

/**
 * What the processes take together, close to the sum of their proportional set sizes: anonymous memory of each,
 * and of what they share the largest part once. The kernel can tell the proportional sizes themselves
 * (smaps_rollup), but walks all pages for it: some hundred times the work. Two errors of about the same size
 * offset each other: pages that forked processes still have in common count in each, and files that not the
 * largest process maps do not count.
 */
export function togetherBytes(processes: readonly ResidentMemory[]): Value {
  return sumOf([sumOf(processes.map(({ anon }) => anon)), maxOf(processes.map(({ file }) => file)), maxOf(processes.map(({ shmem }) => shmem))]);
}

/** The name in a line of stat: what stands between the first `(` and the last `)`. */
const nameIn = (stat: string): string => stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));

/** A process and the path its stat was read from. */
interface Found {
  readonly pid: number;
  readonly path: string;
  readonly stat: string;
}

/**
 * The processes named, and what their main threads started under the same name: Chromium does not name the
 * processes it forks its renderers from. Children of another name may be left over from a script that became
 * this app. Where the kernel does not tell children, those named alone. Ended ones are left out.
 */
function findProcesses(proc: string, named: readonly number[]): Found[] {
  const parentName = new Map<number, string | null>(named.map((pid) => [pid, null]));
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

/** Reads every process of the app. They are few and their files small: waiting for a thread would cost more. */
export function linuxSelf({ root, self }: Pick<CollectorDeps, 'root' | 'self'>): Collector<'self', SelfRaw> {
  const proc = join(root, '/proc');
  return {
    family: 'self',
    read: () => {
      const found = findProcesses(proc, self.pids());
      const memory = found.map(({ pid }) => parseResident(optionalText(join(proc, `${pid}/status`)) ?? ''));
      return {
        processes: new Map(found.map(({ pid, path, stat }) => [pid, parseProcessStat(stat, path)])),
        memoryBytes: togetherBytes(memory),
        note: found.length > 1 ? `${found.length} processes; memory they share counts once` : null,
        ...sourceRaw(self),
      };
    },
    toReading: selfReading,
  };
}
