/** When a Mac last slept and woke, as its kernel tells it: asked for once, at a late tick. */
import type { Programs } from '../programs/programs';
import type { AskWhetherSlept } from './sleep-word';
import { WORD_WAIT } from './sleep-word';

/** By its absolute path: a program of that name elsewhere in PATH is not asked. */
const SYSCTL = '/usr/sbin/sysctl';
/** How far the clock may be set between the tick before a sleep and the wake, or the wake and the tick after it, ms. */
const SLACK = 2000;

/** `{ sec = 1764489000, usec = 123456 } Sun Nov 30 08:50:00 2025`, a struct timeval (sys/time.h): epoch ms; null for other text. */
function toTime(line: string | undefined): number | null {
  const [, sec, usec] = /\{\s*sec\s*=\s*(\d+),\s*usec\s*=\s*(\d+)\s*\}/.exec(line ?? '') ?? [];
  return sec === undefined || usec === undefined ? null : Number(sec) * 1000 + Number(usec) / 1000;
}

/**
 * Whether the machine woke in a gap, by the output of `sysctl -n kern.sleeptime kern.waketime`; null for output that is not
 * understood. `from` and `to`: the ticks around the gap, epoch ms. A machine that never slept says 0 for both. Pure.
 */
export function wokeIn(output: string, from: number, to: number): boolean | null {
  const [slept, woke] = output.trim().split('\n').map(toTime);
  if (slept === undefined || slept === null || woke === undefined || woke === null) return null;
  return woke >= from - SLACK && woke <= to + SLACK;
}

/** Asks a Mac whether it slept. */
export function askDarwin(programs: Pick<Programs, 'read'>): AskWhetherSlept {
  return async (from, to) => {
    try {
      return wokeIn(await programs.read(SYSCTL, ['-n', 'kern.sleeptime', 'kern.waketime'], WORD_WAIT), from, to);
    } catch {
      // No answer is one of the answers: the system may still say by itself that it woke.
      return null;
    }
  };
}
