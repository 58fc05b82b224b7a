/** When it is asked for updates. Pure. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Time between two checks that were answered, and how far it varies, ms: copies that started together do not ask together. */
const INTERVAL = 24 * HOUR;
const SPREAD = 4 * HOUR;
/** First and longest wait after a failure, ms. */
const RETRY = HOUR;

/** How long after the start the first check is, ms: the start is busy, and a new user may want to turn it off first. `random` is 0–1. */
export const startDelay = (random: number): number => (3 + 7 * random) * MINUTE;

/** When to check next. `failures`: checks in a row that failed, this one included. `random` is 0–1. Times in epoch ms. */
export function nextCheck(now: number, failures: number, random: number): number {
  if (failures === 0) return now + INTERVAL + (2 * random - 1) * SPREAD;
  // A captive portal is gone in an hour; a server that is gone is not asked again and again.
  return now + Math.min(INTERVAL, RETRY * 2 ** Math.min(failures - 1, 10)) * (1 + random / 4);
}

/** Whether a check is due. A time further ahead than any that is planned was written while the clock was wrong. */
export function isDue(now: number, nextAt: number | null): boolean {
  return nextAt === null || now >= nextAt || nextAt - now > INTERVAL * 1.25 + SPREAD;
}
