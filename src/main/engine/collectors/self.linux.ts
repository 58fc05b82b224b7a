/** The app's own processes from /proc/<pid>/stat and /proc/<pid>/status. */
import { join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import type { CollectorDeps } from './deps';
import { parseFault } from './faults';
import { optionalTextLater } from './files';
import { selfReading, sourceRaw } from './self';
import type { ProcessTime, SelfRaw } from './self';
import type { Collector } from './types';

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

/** Resident bytes from the line `VmRSS:  1234 kB`; null for a process that has no memory any more. */
export function parseResident(text: string): Value {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

/** One process; null when it has ended. */
async function readProcess(root: string, pid: number): Promise<{ pid: number; time: ProcessTime; rss: Value } | null> {
  const path = join(root, '/proc', String(pid), 'stat');
  const stat = await optionalTextLater(path);
  if (stat === null || stat === '') return null;
  const status = await optionalTextLater(join(root, '/proc', String(pid), 'status'));
  return { pid, time: parseProcessStat(stat, path), rss: parseResident(status ?? '') };
}

/** Reads every process the source names. */
export function linuxSelf({ root, self }: Pick<CollectorDeps, 'root' | 'self'>): Collector<'self', SelfRaw> {
  return {
    family: 'self',
    read: async () => {
      const processes = new Map<number, ProcessTime>();
      let rssBytes: Value = null;
      for (const found of await Promise.all(self.pids().map((pid) => readProcess(root, pid)))) {
        if (found === null) continue;
        processes.set(found.pid, found.time);
        if (found.rss !== null) rssBytes = (rssBytes ?? 0) + found.rss;
      }
      return { processes, rssBytes, ...sourceRaw(self) };
    },
    toReading: selfReading,
  };
}
