/**
 * Which time to believe. A system clock may never have been set (1970 on a board without a battery, the date of the firmware
 * with an empty one), may be wrong until the time service corrects it, or wrong for days. Whatever deletes or expires by age
 * asks here instead of taking the clock at its word. Pure; docs/decisions/0012-clocks.md has the reasons.
 *
 * - Time before CLOCK_FLOOR is impossible: such a clock changes nothing that is believed, which goes on with running time.
 * - A step back is followed at once, because an earlier time deletes nothing. The higher time stays on record until the
 *   program has run long enough below it; coming back to it takes as long as the clock was below it.
 * - A jump forward is measured from what is believed, and followed only after the program has run at the new time for a
 *   while, longer for longer jumps.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Epoch ms. No version of this program is older, so a clock that shows less is wrong. May be raised with a release. */
export const CLOCK_FLOOR = Date.UTC(2026, 0, 1);

/** A first clock further than this after CLOCK_FLOOR, ms, is treated as a jump. Nearer, it may be a new installation. */
const FIRST_LIMIT = 5 * 365 * DAY;
/** A jump is believed after this fraction of its length has passed at the new time; at least after an hour, at most two weeks. */
const BELIEVED_AFTER = { share: 1 / 24, least: HOUR, most: 14 * DAY } as const;
/** Two readings closer than this, ms, agree: callers may be late, and a time service moves a clock a little. */
const SLACK = 5 * 60_000;
/**
 * The first clock is on probation for this long, ms of running time: set back, it is forgotten; agreeing with it does not end
 * the wait of another; and a jump from it waits at least as long.
 */
const PROBATION = DAY;

/** What is believed of the time. All times epoch ms, all durations ms of running time. Plain numbers, to be stored. */
export interface TrustedClock {
  /** The time that counts as the present; 0 while no clock was believable yet. */
  readonly now: number;
  /** How long the clock has been ahead, since a jump that is not believed yet; 0 without one. */
  readonly sinceJump: number;
  /** The time such a jump claims. It goes on with running time, and later jumps do not raise it. */
  readonly claimed?: number;
  /** Where the clock was set back: what was believed before, going on with running time, and for how long it was below. */
  readonly high?: number;
  readonly below?: number;
  /** How long the first clock has been believed, while on probation. */
  readonly tried?: number;
}

/** False for a time that no clock can show that was ever set. */
export function isPlausibleTime(time: number): boolean {
  return time >= CLOCK_FLOOR;
}

/** How long the program must run at a new time before a jump of this length is believed, ms. */
function waitFor(jump: number): number {
  return Math.min(Math.max(BELIEVED_AFTER.least, jump * BELIEVED_AFTER.share), BELIEVED_AFTER.most);
}

/** The same belief `elapsed` ms later, as far as running time alone tells. */
function goOn(clock: TrustedClock, elapsed: number): TrustedClock {
  const { now, claimed, high } = clock;
  return {
    ...clock,
    now: now + elapsed,
    ...(claimed === undefined ? {} : { claimed: claimed + elapsed }),
    ...(high === undefined ? {} : { high: high + elapsed }),
  };
}

/** The jump that is being watched: the time it claims, and for how long the clock has claimed at least that. */
interface Jump {
  readonly claimed: number;
  readonly since: number;
}

/** One reading later. A clock that no longer goes as far begins anew; one that goes further does not raise what is watched. */
function watch({ claimed: line, sinceJump }: TrustedClock, claimed: number, elapsed: number): Jump {
  if (line === undefined) return { claimed, since: sinceJump + elapsed };
  return claimed < line - SLACK ? { claimed, since: 0 } : { claimed: Math.min(line, claimed), since: sinceJump + elapsed };
}

/** The belief with a jump that has to wait. One just seen has waited for nothing, so there is nothing to remember of it. */
function waiting({ claimed: _line, ...rest }: TrustedClock, { claimed, since }: Jump): TrustedClock {
  return since > 0 ? { ...rest, sinceJump: since, claimed } : { ...rest, sinceJump: 0 };
}

/** No clock was believed yet. One near the floor is, on probation; another has to wait. */
function firstClock(clock: TrustedClock, claimed: number, elapsed: number): TrustedClock {
  if (!isPlausibleTime(claimed)) return clock;
  if (claimed - CLOCK_FLOOR <= FIRST_LIMIT) return { now: claimed, sinceJump: 0, tried: 0 };
  const jump = watch(clock, claimed, elapsed);
  return jump.since >= waitFor(jump.claimed - CLOCK_FLOOR) ? { now: jump.claimed, sinceJump: 0, tried: 0 } : waiting(clock, jump);
}

/** The clock was set back just now, or still shows such a time. It is followed; how long decides over what was believed before. */
function setBack(clock: TrustedClock, claimed: number, elapsed: number): TrustedClock {
  if (clock.tried !== undefined) return { ...clock, now: claimed, tried: 0 };
  const high = clock.high ?? clock.now;
  const below = clock.high === undefined ? 0 : (clock.below ?? 0) + elapsed;
  return below >= waitFor(high - claimed) ? { now: claimed, sinceJump: 0 } : { ...clock, now: claimed, high, below };
}

/** The clock shows what is believed. */
function agree(clock: TrustedClock, claimed: number, elapsed: number): TrustedClock {
  const { tried } = clock;
  return tried === undefined || tried + elapsed >= PROBATION ? { now: claimed, sinceJump: 0 } : { ...clock, now: claimed, tried: tried + elapsed };
}

/** How long a jump has to wait: from the time in force, or, if it goes where the clock was before it was set back, from there. */
function waitOf({ now, high, below = 0, tried }: TrustedClock, claimed: number): number {
  if (high === undefined || claimed < high - SLACK) return Math.max(waitFor(claimed - now), tried === undefined ? 0 : PROBATION);
  return Math.max(below, claimed > high + SLACK ? waitFor(claimed - high) : 0);
}

/** The clock is ahead of the time in force. What it shows may be a later jump than the one that is over: that waits from the next reading on. */
function ahead(clock: TrustedClock, claimed: number, elapsed: number): TrustedClock {
  const jump = watch(clock, claimed, elapsed);
  return jump.since < waitOf(clock, jump.claimed) ? waiting(clock, jump) : { now: jump.claimed, sinceJump: 0 };
}

/**
 * Advances what is believed by one reading of the system clock. `clock`: the result of the last call, or what was stored of
 * it, or null; `claimed`: the system clock, epoch ms; `elapsed`: monotonic ms since the last call, 0 for the first of a run.
 */
export function advanceTrustedClock(clock: TrustedClock | null, claimed: number, elapsed: number): TrustedClock {
  if (clock === null || !isPlausibleTime(clock.now)) {
    return firstClock(clock?.claimed === undefined ? { now: 0, sinceJump: 0 } : { ...goOn(clock, elapsed), now: 0 }, claimed, elapsed);
  }
  const on = goOn(clock, elapsed);
  if (!isPlausibleTime(claimed)) return on;
  if (claimed > on.now + SLACK) return ahead(on, claimed, elapsed);
  if (claimed < on.now - SLACK || on.high !== undefined) return setBack(on, claimed, elapsed);
  return agree(on, claimed, elapsed);
}
