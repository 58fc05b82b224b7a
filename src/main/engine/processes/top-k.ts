/** Selects the first k of many items in order, without sorting all. Pure. */

/** The `count` items that come first by `compare` (negative: a before b), in order; equal ones in their original order. */
export function topK<T>(items: Iterable<T>, count: number, compare: (a: T, b: T) => number): T[] {
  let kept: T[] = [];
  let last: T | undefined;
  for (const item of items) {
    // Once there are enough, an item after the last of them is not selected.
    if (last !== undefined && compare(item, last) >= 0) continue;
    kept.push(item);
    if (kept.length < count * 2) continue;
    kept = kept.toSorted(compare).slice(0, count);
    last = kept.at(-1);
  }
  return kept.toSorted(compare).slice(0, count);
}

/** Comparison for the largest value first, missing values last. */
export function byValue<T>(valueOf: (item: T) => number | null): (a: T, b: T) => number {
  return (a, b) => (valueOf(b) ?? Number.NEGATIVE_INFINITY) - (valueOf(a) ?? Number.NEGATIVE_INFINITY) || 0;
}
