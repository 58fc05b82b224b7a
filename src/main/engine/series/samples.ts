/** Samples of one series as two columns, and sorting them by time. */

/** A pause longer than this many intervals (or buckets) is a gap. A single late sample is not. */
export const GAP_INTERVALS = 2.5;

/** Times (epoch ms) and values, of equal length. */
export interface Samples {
  readonly time: readonly number[];
  readonly value: readonly number[];
}

function isOrdered(time: readonly number[]): boolean {
  let before = -Infinity;
  for (const at of time) {
    if (at < before) return false;
    before = at;
  }
  return true;
}

/**
 * The same samples, oldest first. Samples of equal time keep the order in which they were taken: after the clock was set
 * back some times occur twice, and both samples are valid.
 */
export function inTimeOrder(samples: Samples): Samples {
  if (isOrdered(samples.time)) return samples;
  const order = samples.time.map((_, index) => index);
  order.sort((a, b) => (samples.time[a] ?? 0) - (samples.time[b] ?? 0) || a - b);
  return {
    time: order.map((index) => samples.time[index] ?? 0),
    value: order.map((index) => samples.value[index] ?? 0),
  };
}

/**
 * Milliseconds before `to` that samples cover, `time` ascending: from each to the next, but no longer than the longest
 * interval that is not a gap, and a usual one where a known gap (`markers`: the first samples after them, ascending) follows.
 */
export function sampledTime(time: ArrayLike<number>, to: number, interval: number, markers: readonly number[] = []): number {
  let sum = 0;
  let mark = 0;
  for (let i = 0; i < time.length; i += 1) {
    const at = time[i] ?? 0;
    const next = time[i + 1] ?? Infinity;
    while ((markers[mark] ?? Infinity) <= at) mark += 1;
    const longest = (markers[mark] ?? Infinity) <= next || next === Infinity ? interval : GAP_INTERVALS * interval;
    sum += Math.max(0, Math.min(next, at + longest, to) - at);
  }
  return sum;
}
