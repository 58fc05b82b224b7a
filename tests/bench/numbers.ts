/** The few statistics the benchmark needs; a list with nothing to tell gives null. */

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** Smallest and largest value. */
export function rangeOf(values: readonly (number | null)[]): { min: number; max: number } | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : { min: Math.min(...known), max: Math.max(...known) };
}

/** a − b, where both are known. */
export function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

/** a ÷ b, where both are known and b is not 0. */
export function over(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : a / b;
}

/** The value that a share of all, 0–1, do not exceed (nearest rank). */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** What is told of many delays, in ms. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
}

/** The spread of delays; null where there are none. */
export function spreadOf(values: readonly number[]): Spread | null {
  const at = (share: number): number => quantile(values, share) ?? Number.NaN;
  return values.length === 0 ? null : { count: values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), longest: at(1) };
}
