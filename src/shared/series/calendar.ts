/**
 * The same local time of day on another day. A day does not always have 24 hours: when clocks change, some local times are
 * skipped and some occur twice. Pure: the time zone is given as its offset at a time.
 */

/** Offset of local time from UTC at an epoch time, both in ms; positive east of Greenwich. */
export type OffsetAt = (time: number) => number;

const DAY = 86_400_000;

/** The offset of the system's time zone. */
export const localOffset: OffsetAt = (time) => -new Date(time).getTimezoneOffset() * 60_000;

/** The epoch times of a local time, ascending: none if it was skipped, two if it occurs twice. */
export function instantsOf(local: number, offsetAt: OffsetAt): readonly number[] {
  const before = local - offsetAt(local - DAY);
  const after = local - offsetAt(local + DAY);
  return [...new Set([before, after])].filter((time) => time + offsetAt(time) === local).sort((a, b) => a - b);
}

/** The same local time `days` later (earlier if negative); null if that day skips it, the first if it occurs twice. */
export function sameTime(time: number, days: number, offsetAt: OffsetAt): number | null {
  return instantsOf(time + offsetAt(time) + days * DAY, offsetAt)[0] ?? null;
}

/** The same window `days` later or earlier. An edge that day skips moves by as much as the clocks did. */
export function sameWindow(window: { readonly from: number; readonly to: number }, days: number, offsetAt: OffsetAt): { from: number; to: number } {
  const edge = (time: number): number => {
    const local = time + offsetAt(time) + days * DAY;
    return sameTime(time, days, offsetAt) ?? local - offsetAt(local - DAY);
  };
  const from = edge(window.from);
  return { from, to: Math.max(from + 1, edge(window.to)) };
}

/** A point of another day, shifted: its index there and its new time; or a gap caused by a clock change. */
export interface ShiftedPoint {
  /** Null for a gap between two points. */
  readonly index: number | null;
  readonly time: number;
}

/**
 * Shifts ascending times by whole days. Times that the target day skips are left out, of those that occur twice the first
 * is used, and an hour that only the target day has becomes a gap.
 */
export function shiftTimes(times: readonly number[], days: number, offsetAt: OffsetAt): readonly ShiftedPoint[] {
  const shifted: ShiftedPoint[] = [];
  let last: { from: number; to: number } | null = null;
  times.forEach((time, index) => {
    const to = sameTime(time, days, offsetAt);
    if (to === null || (last !== null && to <= last.to)) return;
    if (last !== null && to - last.to > time - last.from) shifted.push({ index: null, time: last.to + (time - last.from) });
    shifted.push({ index, time: to });
    last = { from: time, to };
  });
  return shifted;
}
