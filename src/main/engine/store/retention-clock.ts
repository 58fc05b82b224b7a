/**
 * The time that retention counts from. A clock that is set wrong must delete nothing, so a jump forward is believed
 * only after the program has run at the new time for a while, longer for longer jumps; a step back at once.
 */

const HOUR = 3_600_000;

/** A jump is believed after this part of it has passed at the new time, and no sooner than an hour. */
const BELIEVED_AFTER = 1 / 24;
/** What maintenance may be late by without the clock having jumped, ms. */
const SLACK = 5 * 60_000;

/** Where retention stands. */
export interface RetentionClock {
  /** What it takes for the present time, epoch ms. */
  readonly now: number;
  /** Milliseconds the program has run since a jump that is not believed yet. */
  readonly sinceJump: number;
}

/** The next age: `claimed` is what the clock says (or the newest sample, if that is older), `elapsed` the monotonic ms since the last. */
export function advanceRetentionClock(age: RetentionClock | null, claimed: number, elapsed: number): RetentionClock {
  if (age === null || claimed <= age.now + elapsed + SLACK) return { now: claimed, sinceJump: 0 };
  const sinceJump = age.sinceJump + elapsed;
  const jump = claimed - age.now;
  if (sinceJump >= Math.max(HOUR, jump * BELIEVED_AFTER)) return { now: claimed, sinceJump: 0 };
  return { now: age.now + elapsed, sinceJump };
}
