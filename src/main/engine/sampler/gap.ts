/** Detects gaps between two ticks (sleep, a stalled process, a clock that was set). Pure. */
import type { GapReason } from '../../../shared/metrics/reading';
import type { Clock } from '../clock';

/** The clocks read together, milliseconds. */
export interface ClockReading {
  readonly now: number;
  readonly mono: number;
  /** Total sleep since boot; null where no clock tells it. */
  readonly slept: number | null;
}

/** A gap between two ticks. */
export interface FoundGap {
  readonly reason: GapReason;
  /** True where the clocks neither prove nor exclude that the machine slept in it. */
  readonly maySleep: boolean;
}

/** A larger drift of the wall clock from the monotonic one means a clock change or sleep, ms. */
const DRIFT_LIMIT = 2000;
/** A tick later than this many intervals is a gap. */
const LATE_FACTOR = 4;
/** Uncertainty of the boot clock, which some systems count in hundredths of a second or whole seconds, ms. */
const BOOT_GRAIN = 1500;

/** Reads the clocks. `slept` is passed in: reading it costs a system call, and it seldom changes. */
export function readClocks(clock: Clock, slept: number | null): ClockReading {
  return { now: clock.now(), mono: clock.mono(), slept };
}

/** Time since boot that the monotonic clock leaves out, ms: sleep, where it stands still in sleep; next to nothing elsewhere. */
export function leftOutOf(clock: Clock): number {
  return clock.boot() - clock.mono();
}

/** Total sleep since boot, ms; null where no clock tells it. Compared with the clock of the boot time, from which the clock without sleep does not drift. */
export function sleptOf(clock: Clock): number | null {
  const awake = clock.awake === undefined ? clock.mono() : clock.awake();
  return awake === null ? null : clock.boot() - awake;
}

/** True where a clock excludes sleep: the monotonic one, which would have stood still. */
export function excludesSleep(clock: Pick<Clock, 'awake'>): boolean {
  return clock.awake === undefined;
}

/** The gap between two ticks, or null when there is none. `clock` is read only when the clocks disagree or the tick is late. */
export function gapBetween(before: ClockReading, at: ClockReading, interval: number, clock: Clock): FoundGap | null {
  const elapsed = at.mono - before.mono;
  const drift = at.now - before.now - elapsed;
  const late = elapsed > interval * LATE_FACTOR;
  if (Math.abs(drift) <= DRIFT_LIMIT && !late) return null;
  const slept = sleptOf(clock);
  if (slept !== null && before.slept !== null && slept - before.slept > BOOT_GRAIN) return { reason: 'sleep', maySleep: false };
  // A monotonic clock that does not stand still in sleep makes a late tick of it.
  return { reason: Math.abs(drift) > DRIFT_LIMIT ? 'clock' : 'stall', maySleep: late && !excludesSleep(clock) };
}
