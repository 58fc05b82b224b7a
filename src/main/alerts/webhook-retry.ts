/** The delays between attempts: exponential backoff with jitter, and Retry-After. Pure. */

/** Delays between attempts, ms. */
export interface Backoff {
  readonly first: number;
  readonly max: number;
}

/** The default: from 5 s, doubled each time, to 10 min. */
export const BACKOFF: Backoff = { first: 5000, max: 600_000 };
/** Longest delay that a server may request, ms. */
const MAX_RETRY_AFTER = 3_600_000;

/**
 * The delay of a Retry-After header, ms: seconds, or a date (RFC 9110, 10.2.3). Null when it is absent or invalid.
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, MAX_RETRY_AFTER);
  // Date.parse also accepts numbers and other text that is no HTTP date.
  const time = /^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(time) ? Math.min(Math.max(0, time - now), MAX_RETRY_AFTER) : null;
}

/**
 * The delay after the given number of consecutive failures, from 1, in ms: doubled each time, reduced by up to a quarter by
 * `random` (0–1), so that many machines do not retry at the same time. Never shorter than `retryAfter`.
 */
export function retryDelay(failures: number, retryAfter: number | null, random: number, { first, max }: Backoff = BACKOFF): number {
  const full = Math.min(max, first * 2 ** Math.min(30, failures - 1));
  return Math.max(Math.round(full * (1 - random / 4)), retryAfter ?? 0);
}
