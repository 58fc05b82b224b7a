/** A timer for a time of the wall clock, which works across sleep and clock changes. */
import type { Clock, Timers } from '../engine/clock';

/**
 * Longest time until the clock is read again, ms: timers stop while the machine sleeps, and the wall clock may be changed.
 */
const CHECK_INTERVAL = 60_000;

/** Calls back at the due time. */
export interface WallClockTimer {
  /** Restarts the timer; call this when the due time has changed. */
  arm(): void;
  stop(): void;
}

/** `due` returns the due time in epoch ms, null for none. `onDue` may be called early: while a time is set, it is called at least once a minute after each `arm`. */
export function createWallClockTimer(clock: Pick<Clock, 'now'>, timers: Timers, due: () => number | null, onDue: () => void): WallClockTimer {
  let cancel: (() => void) | null = null;
  const stop = (): void => {
    cancel?.();
    cancel = null;
  };
  return {
    arm() {
      stop();
      const at = due();
      if (at === null) return;
      const left = at - clock.now();
      // What is overdue was handled when it became due: the next check is a minute later.
      cancel = timers.after(left > 0 ? Math.min(left, CHECK_INTERVAL) : CHECK_INTERVAL, onDue);
    },
    stop,
  };
}
