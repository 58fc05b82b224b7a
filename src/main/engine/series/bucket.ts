/** Widths and edges of buckets. All edges are multiples of the width since the epoch, hence aligned to UTC. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths a person reads at a glance, ms. Beyond the last, whole days. */
const NICE_STEPS = [
  ...[1, 2, 5, 10, 15, 20, 30].map((n) => n * SECOND),
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map((n) => n * HOUR),
  DAY,
] as const;

/** The smallest nice width (ms) that covers `range` ms with at most `points` buckets, and is no finer than `finest`. */
export function niceStep(range: number, points: number, finest = 0): number {
  const wanted = Math.max(range / points, finest);
  return NICE_STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / DAY) * DAY;
}

/** Start of the bucket that holds `time`. */
export function bucketStart(time: number, step: number): number {
  return Math.floor(time / step) * step;
}
