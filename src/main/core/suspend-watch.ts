/**
 * Notices that the machine runs although the system said that it falls asleep and never that it woke: some do not say so, and
 * some do not sleep at all. Only time in which the program runs is counted: a sleeping machine fires no timer.
 */
import type { Timers } from '../engine/clock';

/** Running time after which the machine counts as awake, ms: a machine that is about to sleep goes on for a few seconds. */
export const AWAKE_AFTER = 30_000;
/** Counted in steps, ms: after a sleep one timer is overdue at once, on systems whose timers count sleep, and says little. */
const STEP = 1000;

/** Watches from `start` until `stop`. */
export interface SuspendWatch {
  start(): void;
  stop(): void;
  isRunning(): boolean;
}

/** Not started yet; `onAwake` is called once for each start, unless it is stopped before. */
export function createSuspendWatch(timers: Timers, onAwake: () => void): SuspendWatch {
  let cancel: (() => void) | null = null;
  const stop = (): void => {
    cancel?.();
    cancel = null;
  };
  const wait = (left: number): void => {
    cancel = timers.after(STEP, () => {
      if (left > STEP) return wait(left - STEP);
      stop();
      onAwake();
    });
  };
  return {
    start() {
      stop();
      wait(AWAKE_AFTER);
    },
    stop,
    isRunning: () => cancel !== null,
  };
}
