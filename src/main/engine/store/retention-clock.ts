/**
 * The time that retention counts from. A wrongly set clock must not delete anything, so a jump forward is accepted only after
 * the program has run at the new time for a while, longer for longer jumps; a step back is accepted at once.
 */

const HOUR = 3_600_000;

/** A jump is accepted after this fraction of its length has passed at the new time, at least after an hour. */
const ACCEPTED_AFTER = 1 / 24;
/** Delay of maintenance that is not taken for a jump of the clock, ms. */
const SLACK = 5 * 60_000;

/** State of the clock. */
export interface RetentionClock {
  /** The time retention uses as the present, epoch ms. */
  readonly now: number;
  /** Milliseconds the program has run since a jump that is not accepted yet; 0 without one. */
  readonly sinceJump: number;
}

/**
 * Advances the clock. `claimed`: time of the system clock, or of the newest sample if that is older, epoch ms; `elapsed`:
 * monotonic ms since the last call.
 */
export function advanceRetentionClock(clock: RetentionClock | null, claimed: number, elapsed: number): RetentionClock {
  if (clock === null || claimed <= clock.now + elapsed + SLACK) return { now: claimed, sinceJump: 0 };
  const sinceJump = clock.sinceJump + elapsed;
  const jump = claimed - clock.now;
  if (sinceJump >= Math.max(HOUR, jump * ACCEPTED_AFTER)) return { now: claimed, sinceJump: 0 };
  return { now: clock.now + elapsed, sinceJump };
}
