/** Bucket widths and edges. Edges are multiples of the width since the epoch, hence aligned to UTC. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Round widths, ms. Beyond the last, whole days. */
const ROUND_WIDTHS = [
  ...[1, 2, 5, 10, 15, 20, 30].map((n) => n * SECOND),
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map((n) => n * HOUR),
  DAY,
] as const;

/** The smallest round width (ms) that covers `range` ms with at most `points` buckets and is at least `finest` ms. */
export function niceStep(range: number, points: number, finest = 0): number {
  const wanted = Math.max(range / points, finest);
  return ROUND_WIDTHS.find((step) => step >= wanted) ?? Math.ceil(wanted / DAY) * DAY;
}

/** Start of the bucket that contains `time`, both epoch ms. */
export function bucketStart(time: number, step: number): number {
  return Math.floor(time / step) * step;
}
