/** Detects gaps between two ticks (sleep, a stalled process, a clock that was set). Pure. */
import type { GapReason } from '../../../shared/metrics/reading';
import type { Clock } from '../clock';

/** The clocks read together, milliseconds. */
export interface ClockReading {
  readonly now: number;
  readonly mono: number;
  /** boot − mono: grows only during sleep. */
  readonly slept: number;
}

/** A larger drift of the wall clock from the monotonic one means a clock change or sleep, ms. */
const DRIFT_LIMIT = 2000;
/** A tick later than this many intervals is a gap. */
const LATE_FACTOR = 4;
/** Uncertainty of the boot clock, which some systems count in hundredths of a second or whole seconds, ms. */
const BOOT_GRAIN = 1500;

/** Reads the clocks. `slept` is passed in: reading it costs a system call, and it seldom changes. */
export function readClocks(clock: Clock, slept: number): ClockReading {
  return { now: clock.now(), mono: clock.mono(), slept };
}

/** Current value of boot − mono. */
export function sleptOf(clock: Clock): number {
  return clock.boot() - clock.mono();
}

/**
 * Reason of the gap between two ticks, or null when there is none. `slept` is called only when the clocks disagree or the
 * tick is late.
 */
export function gapBetween(before: ClockReading, at: ClockReading, interval: number, slept: () => number): GapReason | null {
  const elapsed = at.mono - before.mono;
  const drift = at.now - before.now - elapsed;
  const late = elapsed > interval * LATE_FACTOR;
  if (Math.abs(drift) <= DRIFT_LIMIT && !late) return null;
  if (slept() - before.slept > BOOT_GRAIN) return 'sleep';
  return Math.abs(drift) > DRIFT_LIMIT ? 'clock' : 'stall';
}
