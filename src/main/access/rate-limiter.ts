/** Holds back who tries too often: allowances that refill with time, one for each key and one for all together. */
import type { Clock } from '../engine/clock';

/** How often something may be tried: `burst` times at once, then once more every `every` ms. */
interface Allowance {
  readonly burst: number;
  readonly every: number;
}

/** What the limiter is built from. */
export interface RateLimiterOptions {
  readonly clock: Pick<Clock, 'boot'>;
  readonly perKey: Allowance;
  readonly overall: Allowance;
  /** Keys remembered; the one unused for longest is forgotten first. Default 1000. */
  readonly maxKeys?: number;
}

/** Counts tries. */
export interface RateLimiter {
  /** Takes one try: 0 when it may be made, else the milliseconds until one may. A refused try costs nothing. */
  take(key: string): number;
  /** Gives the key its whole allowance back, and takes back the one try it cost all together. */
  reset(key: string): void;
  /** Gives everybody everything back. */
  resetAll(): void;
}

/**
 * An allowance is kept as the time at which it will be full again (the generic cell rate algorithm): one number, and no
 * error that adds up. How long a try has to wait, and when the allowance is full after it.
 */
function ask(fullAt: number, { burst, every }: Allowance, now: number): { readonly wait: number; readonly fullAt: number } {
  const after = Math.max(fullAt, now) + every;
  return { wait: Math.max(0, after - burst * every - now), fullAt: after };
}

/** Makes a limiter. */
export function createRateLimiter({ clock, perKey, overall, maxKeys = 1000 }: RateLimiterOptions): RateLimiter {
  const fullAt = new Map<string, number>();
  let allFullAt = 0;
  return {
    take(key) {
      const now = clock.boot();
      const before = fullAt.get(key) ?? 0;
      const own = ask(before, perKey, now);
      const all = ask(allFullAt, overall, now);
      const wait = Math.max(own.wait, all.wait);
      // The order of insertion is the order of use.
      fullAt.delete(key);
      fullAt.set(key, wait > 0 ? before : own.fullAt);
      if (fullAt.size > maxKeys) for (const oldest of fullAt.keys()) if (fullAt.size > maxKeys) fullAt.delete(oldest);
      if (wait > 0) return Math.ceil(wait);
      allFullAt = all.fullAt;
      return 0;
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
