/** A timer for the expiry of API tokens: streams opened with a token end when it expires. */
import type { Clock, Timers } from '../engine/clock';
import type { StoredToken } from './credential-schema';

/** Longest delay of one timer, ms: timers take at most 24 days, and the wall clock may be set forward. */
const MAX_DELAY = 3_600_000;

/** Reports tokens as they expire. */
export interface ExpiryTimer {
  /** Must be called when the tokens have changed. */
  reschedule(): void;
  stop(): void;
}

/** Nothing is scheduled before the first `reschedule`; `onExpired` gets the ids of tokens that have just expired, each once. */
export function createExpiryTimer(clock: Pick<Clock, 'now'>, timers: Timers, tokens: () => readonly StoredToken[], onExpired: (ids: readonly string[]) => void): ExpiryTimer {
  const reported = new Set<string>();
  let cancel = (): void => undefined;
  const reschedule = (): void => {
    cancel();
    const now = clock.now();
    const expired = tokens().filter((token) => token.expiresAt <= now && !reported.has(token.id)).map(({ id }) => id);
    expired.forEach((id) => reported.add(id));
    const coming = tokens().map(({ expiresAt }) => expiresAt).filter((at) => at > now);
    if (coming.length > 0) cancel = timers.after(Math.min(MAX_DELAY, Math.min(...coming) - now), reschedule);
    if (expired.length > 0) onExpired(expired);
  };
  return { reschedule, stop: () => cancel() };
}
