/** Reads what Linux says about this process and those it started. */
import { readdirSync, readFileSync } from 'node:fs';

/** The file's text; null where the process has ended meanwhile, or /proc is not readable. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Process ids of the children of every thread of this process; empty under a kernel without that list. */
function childPids(): readonly number[] {
  try {
    const lists = readdirSync('/proc/self/task').map((thread) => read(`/proc/self/task/${thread}/children`) ?? '');
    return lists.flatMap((list) => list.split(' ').filter((pid) => pid !== '')).map(Number);
  } catch {
    return [];
  }
}

/** Text of /proc/<pid>/status; null where the process has ended. */
export const statusText = (pid: number): string | null => read(`/proc/${pid}/status`);

/** The texts of this process and of its children. */
export function readStatuses(): { readonly main: string | null; readonly children: readonly string[] } {
  return { main: read('/proc/self/status'), children: childPids().flatMap((pid) => statusText(pid) ?? []) };
}
