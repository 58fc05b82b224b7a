/**
 * Whether a service is up, from its probes: down after several failures in a row, up again after several successes. The first
 * success of a new service is enough. Pure.
 */

/** What is known of one service. */
export interface Verdict {
  /** Null until it is decided for the first time. */
  readonly isUp: boolean | null;
  /** In a row, since the last success or the last time it was not measured. */
  readonly failures: number;
  /** In a row, since the last failure. */
  readonly successes: number;
}

/** Results in a row that decide. */
const DOWN_AFTER = 3;
const UP_AFTER = 2;

/** Nothing is known yet. */
export const UNDECIDED: Verdict = { isUp: null, failures: 0, successes: 0 };

/** Counts a result. A service does not fall by this alone: see `isFalling`. */
export function afterProbe({ isUp, failures, successes }: Verdict, ok: boolean): Verdict {
  if (!ok) return { isUp, failures: failures + 1, successes: 0 };
  const good = successes + 1;
  return { isUp: isUp !== false || good >= UP_AFTER, failures: 0, successes: good };
}

/** It has failed often enough to count as down, and does not yet: whether it was this machine's network is asked first. */
export const isFalling = ({ isUp, failures }: Verdict): boolean => isUp !== false && failures >= DOWN_AFTER;

/** It counts as down. */
export const fallen = (verdict: Verdict): Verdict => ({ ...verdict, isUp: false });

/** It was not measured for a while: results before and after are not in a row. */
export const interrupted = ({ isUp }: Verdict): Verdict => ({ isUp, failures: 0, successes: 0 });

/** A row of results has begun that would change what it counts as. */
const isChanging = ({ isUp, failures, successes }: Verdict): boolean => (isUp === false ? successes > 0 : failures > 0);

/** Wait for the next probe while something is changing, ms: three failures at an interval of a day must not take three days. */
export const SOONER = 20_000;

/** Ms until it is to be probed again. */
export const delayAfter = (verdict: Verdict, interval: number): number => (isChanging(verdict) ? Math.min(interval, SOONER) : interval);
