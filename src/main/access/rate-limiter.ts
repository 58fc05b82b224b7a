/** A rate limiter: allowances that refill over time (GCRA), one for each key and one over all keys. */
import type { Clock } from '../engine/clock';

/** `burst` attempts at once, then one every `every` ms. */
interface Allowance {
  readonly burst: number;
  readonly every: number;
}

/** What the limiter is built from. */
export interface RateLimiterOptions {
  readonly clock: Pick<Clock, 'boot'>;
  readonly perKey: Allowance;
  readonly overall: Allowance;
  /** Keys remembered; the least recently used is dropped first. Default 1000. */
  readonly maxKeys?: number;
}

/** Counts attempts. */
export interface RateLimiter {
  /** Counts an attempt: returns 0 when it is allowed, else the milliseconds until one is. A refused attempt is not counted. */
  take(key: string): number;
  /** Milliseconds until an attempt of the key is allowed; counts nothing. */
  wait(key: string): number;
  /** Takes one attempt of the key back, and the one of the overall allowance. */
  refund(key: string): void;
  /** Restores the key's allowance and the one attempt of the overall allowance. */
  reset(key: string): void;
  /** Restores all allowances. */
  resetAll(): void;
}

/**
 * An allowance is stored as the time at which it will be full again (the generic cell rate algorithm): one number without
 * accumulating error. Returns how long an attempt has to wait, and when the allowance is full after it.
 */
function consume(fullAt: number, { burst, every }: Allowance, now: number): { readonly wait: number; readonly fullAt: number } {
  const after = Math.max(fullAt, now) + every;
  return { wait: Math.max(0, after - burst * every - now), fullAt: after };
}

/** Creates a limiter with full allowances. */
export function createRateLimiter({ clock, perKey, overall, maxKeys = 1000 }: RateLimiterOptions): RateLimiter {
  const fullAt = new Map<string, number>();
  let allFullAt = 0;
  return {
    take(key) {
      const now = clock.boot();
      const before = fullAt.get(key) ?? 0;
      const own = consume(before, perKey, now);
      const all = consume(allFullAt, overall, now);
      const wait = Math.max(own.wait, all.wait);
      // Keys are deleted and set again: the map's order of insertion is then the order of use.
      fullAt.delete(key);
      fullAt.set(key, wait > 0 ? before : own.fullAt);
      if (fullAt.size > maxKeys) for (const oldest of fullAt.keys()) if (fullAt.size > maxKeys) fullAt.delete(oldest);
      if (wait > 0) return Math.ceil(wait);
      allFullAt = all.fullAt;
      return 0;
    },
    wait: (key) => Math.ceil(Math.max(consume(fullAt.get(key) ?? 0, perKey, clock.boot()).wait, consume(allFullAt, overall, clock.boot()).wait)),
    refund(key) {
      const own = fullAt.get(key);
      if (own !== undefined) fullAt.set(key, own - perKey.every);
      allFullAt -= overall.every;
    },
    reset(key) {
      fullAt.delete(key);
      allFullAt -= overall.every;
    },
    resetAll() {
      fullAt.clear();
      allFullAt = 0;
    },
  };
}
