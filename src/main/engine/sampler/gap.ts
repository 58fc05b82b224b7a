/** Tells a hole in time from an ordinary tick. Pure. */
import type { GapReason } from '../../../shared/metrics/reading';
import type { Clock } from '../clock';

/** The three clocks at one moment, milliseconds. */
export interface ClockReading {
  readonly now: number;
  readonly mono: number;
  /** boot − mono: grows only while the machine sleeps. */
  readonly slept: number;
}

/** A wall clock that leaves the monotonic one by more than this was stepped, or the machine slept, ms. */
const DRIFT_LIMIT = 2000;
/** Ticks may come late by this factor before the time between is called a hole. */
const LATE_FACTOR = 4;
/** Uncertainty of the boot clock, which some systems count in hundredths or whole seconds, ms. */
const BOOT_GRAIN = 1500;

/** Reads the clocks. `slept` is read anew only when asked for: it costs a system call. */
export function readClocks(clock: Clock, slept: number): ClockReading {
  return { now: clock.now(), mono: clock.mono(), slept };
}

/** Present value of boot − mono. */
export function sleptOf(clock: Clock): number {
  return clock.boot() - clock.mono();
}

/**
 * Why the time between two ticks is a hole, or null when it is none. `slept` is only called when the clocks
 * disagree or the tick is late.
 */
export function gapBetween(before: ClockReading, at: ClockReading, interval: number, slept: () => number): GapReason | null {
  const elapsed = at.mono - before.mono;
  const drift = at.now - before.now - elapsed;
  const late = elapsed > interval * LATE_FACTOR;
  if (Math.abs(drift) <= DRIFT_LIMIT && !late) return null;
  if (slept() - before.slept > BOOT_GRAIN) return 'sleep';
  return Math.abs(drift) > DRIFT_LIMIT ? 'clock' : 'stall';
}
