/**
 * When the counters of interfaces began, where that is not the start of the machine: in a container they are those of its
 * network namespace, which is as old as its first process, while the uptime is that of the machine around it.
 */
import { join } from 'node:path';
import type { CounterStart } from '../../../shared/metrics/reading';
import { optionalText } from './files';

/** Units of times in /proc/<pid>/stat per second: fixed for programs on all architectures Linux runs Node on (proc_pid_stat(5)). */
const USER_HZ = 100;
/** Cell of the start time, counted from the state, which follows the name in parentheses. */
const START_CELL = 19;
/** A first process started later than this after the machine is that of a container, seconds: an initrd may wait for a password. */
const LATEST_INIT = 600;

/** Seconds from the start of the machine to that of the first process; null where it cannot be told. Pure. */
export function initStart(stat: string): number | null {
  const end = stat.lastIndexOf(')');
  const ticks = end < 0 ? Number.NaN : Number(stat.slice(end + 2).split(' ')[START_CELL]);
  return ticks >= 0 ? ticks / USER_HZ : null;
}

function quietText(path: string): string | null {
  try {
    return optionalText(path);
  } catch {
    return null;
  }
}

/** The start of the container at `now` (epoch ms); undefined outside of one. Reads two files, once. */
export function containerStart(root: string, now: number): CounterStart | undefined {
  const started = initStart(quietText(join(root, '/proc/1/stat')) ?? '');
  const uptime = Number.parseFloat(quietText(join(root, '/proc/uptime')) ?? '');
  if (started === null || !(uptime >= started) || started < LATEST_INIT) return undefined;
  return { time: Math.round(now / 1000 - (uptime - started)) * 1000, reason: 'container' };
}
