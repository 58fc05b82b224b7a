/**
 * Many deadlines over one timer. Nearly all of them are called off long before, and in Electron each timer that is set wakes a
 * thread and turns Chromium's loop once more: as much as the request that it was set for.
 */
import type { Clock, Timers } from './clock';

interface Deadline {
  /** Monotonic ms. */
  readonly due: number;
  readonly fn: () => void;
}

/**
 * Timers that share one of `timers`. It is set for the earliest, and stays when that is called off; nothing is called before its time.
 */
export function createDeadlines(timers: Timers, clock: Pick<Clock, 'mono'>): Timers {
  const waiting = new Set<Deadline>();
  let cancel: () => void = () => undefined;
  /** When the timer fires; infinite while none is set. */
  let setFor = Number.POSITIVE_INFINITY;
  const set = (due: number): void => {
    cancel();
    setFor = due;
    cancel = timers.after(Math.max(0, due - clock.mono()), fire);
  };
  function fire(): void {
    setFor = Number.POSITIVE_INFINITY;
    const now = clock.mono();
    const reached = [...waiting].filter(({ due }) => due <= now).sort((a, b) => a.due - b.due);
    const next = [...waiting].reduce((earliest, { due }) => (due > now ? Math.min(earliest, due) : earliest), Number.POSITIVE_INFINITY);
    // Before anything is called: it may throw, or set another.
    if (next < setFor) set(next);
    // One may call off another.
    for (const one of reached) if (waiting.delete(one)) one.fn();
  }
  return {
    after(ms, fn) {
      const one: Deadline = { due: clock.mono() + ms, fn };
      waiting.add(one);
      if (one.due < setFor) set(one.due);
      return () => void waiting.delete(one);
    },
  };
}
