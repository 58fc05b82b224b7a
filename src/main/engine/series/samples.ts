/** Samples of one series as two columns, and sorting them by time. */

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
