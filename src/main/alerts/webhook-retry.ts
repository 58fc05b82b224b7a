/** When to try again. Pure. */

/** How long is waited between attempts, ms. */
export interface Backoff {
  readonly first: number;
  readonly most: number;
}

/** The usual waits: from 5 s, doubled each time, to 10 min. */
export const BACKOFF: Backoff = { first: 5000, most: 600_000 };
/** A server may ask for more patience than ours, up to this, ms. */
const MOST_ASKED = 3_600_000;

/**
 * Milliseconds a Retry-After header asks for: seconds, or a date (RFC 9110, 10.2.3). Null when it says nothing that can
 * be understood.
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, MOST_ASKED);
  // Date.parse also takes numbers and other things that are no dates here.
  const time = /^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(time) ? Math.min(Math.max(0, time - now), MOST_ASKED) : null;
}

/**
 * The wait after the given number of failures in a row, from 1: doubled each time, with up to a quarter taken off by
 * `random` (0–1), so that many machines do not come back at one moment. Never sooner than the server asked for.
 */
export function waitAfter(failures: number, asked: number | null, random: number, { first, most }: Backoff = BACKOFF): number {
  const full = Math.min(most, first * 2 ** Math.min(30, failures - 1));
  return Math.max(Math.round(full * (1 - random / 4)), asked ?? 0);
}
