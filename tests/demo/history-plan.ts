/** What history of a made-up machine is written, and when the machine sleeps in it. Pure. */
import { hash } from './random';
import type { Machine } from './moment';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What to write: `days` before `end` (epoch ms) into the new file at `path`; `root` is a folder for the machine's files. */
export interface HistoryPlan {
  readonly machine: Machine;
  readonly path: string;
  readonly root: string;
  readonly days: number;
  readonly end: number;
  readonly zone: number;
}

/** True while a machine that sleeps at night does; never shortly before the end, as it is awake now. */
export function isAsleep({ machine: { spec }, end, zone }: Pick<HistoryPlan, 'machine' | 'end' | 'zone'>, time: number): boolean {
  if (spec.sleeps === null || end - time < 2 * HOUR) return false;
  const [from, to] = spec.sleeps;
  const day = Math.floor((time + zone) / DAY);
  // It goes to bed, and gets up, half an hour earlier or later.
  const shift = hash(day, 21) - 0.5;
  const hour = ((time + zone) / HOUR) % 24;
  return hour >= from + 0.4 * shift || hour < to + shift;
}
