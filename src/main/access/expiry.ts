/**
 * Expiry. Devices expire by the run time: the time in which the app has run, over all its runs. The wall clock is no measure
 * for absence: a machine may start at 1970, or be set years ahead for a minute. While the app does not run nobody can sign
 * in, so that time need not count; a browser forgets its cookie by its own clock. API tokens have a date and expire by the
 * wall clock, and at the latest after so much run time: one created while the clock was years ahead would live for years.
 * A wrong clock refuses them only as long as it is wrong.
 */
import { isPlausibleTime } from '../engine/clock-trust';
import type { Clock, Timers } from '../engine/clock';
import type { StoredToken, TokenFamily } from './credential-schema';

/** A device that the app did not see for so much run time is signed out, ms. */
export const IDLE_LIMIT = 30 * 86_400_000;

/** The run time now: `stored` of earlier runs, and of this one what the boot clock says, which nobody can set. Pure. */
export function runTimeOf(stored: number, startedAt: number, boot: number): number {
  return stored + Math.max(0, boot - startedAt);
}

/** True for a family that was not used for too long. Pure. */
export function isIdle({ seenAt }: Pick<TokenFamily, 'seenAt'>, runTime: number): boolean {
  return runTime - seenAt > IDLE_LIMIT;
}

/**
 * When a token expires, epoch ms by the clock as it is now: at its date, or when the app has run for as long as it was to
 * live. A date from before the clock was ever set is none. Pure.
 */
export function tokenExpiry({ createdAt, createdRun, expiresAt }: Pick<StoredToken, 'createdAt' | 'createdRun' | 'expiresAt'>, now: number, runTime: number): number {
  if (createdRun === undefined) return expiresAt;
  const latest = now + (expiresAt - createdAt) - (runTime - createdRun);
  return isPlausibleTime(createdAt) ? Math.min(expiresAt, latest) : latest;
}

/** Longest delay of one timer, ms: timers take at most 24 days, and the wall clock may be set forward. */
const MAX_DELAY = 3_600_000;

/** Reports tokens as they expire. */
export interface ExpiryTimer {
  /** Must be called when the tokens have changed. */
  reschedule(): void;
  stop(): void;
}

/** Nothing is scheduled before the first `reschedule`; `onExpired` gets the ids of tokens that have just expired, each once. */
export function createExpiryTimer(clock: Pick<Clock, 'now'>, timers: Timers, tokens: () => readonly Pick<StoredToken, 'id' | 'expiresAt'>[], onExpired: (ids: readonly string[]) => void): ExpiryTimer {
  const reported = new Set<string>();
  let cancel = (): void => undefined;
  const reschedule = (): void => {
    cancel();
    const now = clock.now();
    // After a clock that was set back they expire a second time.
    for (const { id, expiresAt } of tokens()) if (expiresAt > now) reported.delete(id);
    const expired = tokens().filter((token) => token.expiresAt <= now && !reported.has(token.id)).map(({ id }) => id);
    expired.forEach((id) => reported.add(id));
    const coming = tokens().map(({ expiresAt }) => expiresAt).filter((at) => at > now);
    if (coming.length > 0) cancel = timers.after(Math.min(MAX_DELAY, Math.min(...coming) - now), reschedule);
    if (expired.length > 0) onExpired(expired);
  };
  return { reschedule, stop: () => cancel() };
}
