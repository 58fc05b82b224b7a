/**
 * The same time of day on another day, in local time. A day is not always 24 hours: where clocks change, some times of
 * day are missing and some come twice. Pure: the zone is given as its offset at a time.
 */

/** Milliseconds local time is ahead of UTC at an epoch time (ms). */
export type OffsetAt = (time: number) => number;

const DAY = 86_400_000;

/** The offset of the machine's own zone. */
export const localOffset: OffsetAt = (time) => -new Date(time).getTimezoneOffset() * 60_000;

/** The epoch times a local time may stand for: none where the clocks jumped over it, two where they were set back. */
export function instantsOf(local: number, offsetAt: OffsetAt): readonly number[] {
  const before = local - offsetAt(local - DAY);
  const after = local - offsetAt(local + DAY);
  return [...new Set([before, after])].filter((time) => time + offsetAt(time) === local).sort((a, b) => a - b);
}

/** The same time of day `days` later (or earlier, below 0); null where that day has no such time. The first of two. */
export function sameTime(time: number, days: number, offsetAt: OffsetAt): number | null {
  return instantsOf(time + offsetAt(time) + days * DAY, offsetAt)[0] ?? null;
}

/** The same times of day `days` later or earlier. An edge that day does not have moves on by as much as the clocks did. */
export function sameWindow(window: { readonly from: number; readonly to: number }, days: number, offsetAt: OffsetAt): { from: number; to: number } {
  const edge = (time: number): number => {
    const local = time + offsetAt(time) + days * DAY;
    return sameTime(time, days, offsetAt) ?? local - offsetAt(local - DAY);
  };
  const from = edge(window.from);
  return { from, to: Math.max(from + 1, edge(window.to)) };
}

/** Where a point of another day is drawn: at which index it was, and when; or a hole the clocks made. */
export interface ShiftedPoint {
  /** Null for a hole that stands between two points. */
  readonly index: number | null;
  readonly time: number;
}

/**
 * Moves ascending times by whole days. Times the target day does not have are left out, of times it has twice the first
 * stands, and an hour only the target day has becomes a hole.
 */
export function shiftTimes(times: readonly number[], days: number, offsetAt: OffsetAt): readonly ShiftedPoint[] {
  const moved: ShiftedPoint[] = [];
  let last: { from: number; to: number } | null = null;
  times.forEach((time, index) => {
    const to = sameTime(time, days, offsetAt);
    if (to === null || (last !== null && to <= last.to)) return;
    if (last !== null && to - last.to > time - last.from) moved.push({ index: null, time: last.to + (time - last.from) });
    moved.push({ index, time: to });
    last = { from: time, to };
  });
  return moved;
}
