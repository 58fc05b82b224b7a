/** When an engine is asked for the space of its images and build cache. Pure; times in epoch ms. */

const HOUR = 3_600_000;

/** Shortest time between two questions to one engine, ms, and how far it varies: several machines do not ask one server together. */
export const ASK_INTERVAL = 6 * HOUR;
const SPREAD = HOUR;
/** How often the time doubles after failures: a day at most. */
const MAX_DOUBLINGS = 2;

/** When to ask next. `failures`: questions in a row without an answer. `random` is 0–1. */
export function nextAsk(now: number, failures: number, random: number): number {
  return now + ASK_INTERVAL * 2 ** Math.min(failures, MAX_DOUBLINGS) + SPREAD * random;
}

/** Whether an engine may be asked. A time further ahead than any that is planned was written while the clock was wrong. */
export function isAskDue(now: number, nextAt: number | null): boolean {
  return nextAt === null || now >= nextAt || nextAt > nextAsk(now, MAX_DOUBLINGS, 1);
}
