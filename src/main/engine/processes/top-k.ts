/** The first few in order, without sorting the many. Pure. */

/**
 * The `count` items that come first by `compare` (negative when a comes before b), in order; equal ones in the order
 * they came.
 */
export function topK<T>(items: Iterable<T>, count: number, compare: (a: T, b: T) => number): T[] {
  let kept: T[] = [];
  let last: T | undefined;
  for (const item of items) {
    // Once there are enough, what comes after the last of them cannot be among them.
    if (last !== undefined && compare(item, last) >= 0) continue;
    kept.push(item);
    if (kept.length < count * 2) continue;
    kept = kept.toSorted(compare).slice(0, count);
    last = kept.at(-1);
  }
  return kept.toSorted(compare).slice(0, count);
}

/** Largest value first; missing ones last. */
export function byValue<T>(valueOf: (item: T) => number | null): (a: T, b: T) => number {
  return (a, b) => (valueOf(b) ?? Number.NEGATIVE_INFINITY) - (valueOf(a) ?? Number.NEGATIVE_INFINITY) || 0;
}
