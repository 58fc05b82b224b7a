/** Wakes at a time of the wall clock. */
import type { Clock, Timers } from '../engine/clock';

/**
 * Milliseconds after which the clock is looked at again in any case: timers stand still while the machine sleeps, and
 * the wall clock may be set.
 */
const CHECK_AGAIN = 60_000;

/** Rings when it is time. */
export interface WallClockTimer {
  /** Sets it anew; call this when what is waited for has changed. */
  arm(): void;
  stop(): void;
}

/** `due` is asked for the epoch milliseconds to ring at, null for never. While something is due, `ring` is called at least once a minute. */
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
      // What is due already was looked at when it came due: the next look is a minute away.
      cancel = timers.after(left > 0 ? Math.min(left, CHECK_AGAIN) : CHECK_AGAIN, onDue);
    },
    stop,
  };
}
