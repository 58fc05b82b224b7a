/** Tells when tokens end, so that what they hold open ends too. */
import type { Clock, Timers } from '../engine/clock';
import type { StoredToken } from './credential-schema';

/** Longest sleep of one timer, ms: timers take no more than 24 days, and the wall clock may be put forward. */
const LONGEST = 3_600_000;

/** Watches the ends. */
export interface Expiry {
  /** Looks again: the tokens are others now. */
  look(): void;
  stop(): void;
}

/** Starts nothing before it first looks; `onEnd` is told the ids of tokens as they end. */
export function createExpiry(clock: Pick<Clock, 'now'>, timers: Timers, tokens: () => readonly StoredToken[], onEnd: (ids: readonly string[]) => void): Expiry {
  const ended = new Set<string>();
  let cancel = (): void => undefined;
  const look = (): void => {
    cancel();
    const now = clock.now();
    const over = tokens().filter((token) => token.expiresAt <= now && !ended.has(token.id)).map(({ id }) => id);
    over.forEach((id) => ended.add(id));
    const coming = tokens().map(({ expiresAt }) => expiresAt).filter((at) => at > now);
    if (coming.length > 0) cancel = timers.after(Math.min(LONGEST, Math.min(...coming) - now), look);
    if (over.length > 0) onEnd(over);
  };
  return { look, stop: () => cancel() };
}
