/**
 * Quiet hours: times of the week without notifications, in local time. An edge that is skipped by a clock change is at the
 * change; of an edge that occurs twice, quiet begins at the first and ends at the second, so that a night is one interval
 * on every day of the year. Pure: the time zone is given as its offset at a time.
 */
import * as z from 'zod';
import { instantsOf, localOffset } from '../series/calendar';
import type { OffsetAt } from '../series/calendar';
import { WEEKDAYS } from './weekdays';

const clockSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 22:30');

/** One range of quiet hours, on each of its days. */
export const quietRangeSchema = z.strictObject({
  /** Days on which it begins. */
  days: z.array(z.enum(WEEKDAYS)).min(1, 'at least one day').max(7),
  from: clockSchema,
  /** On the next day if it is not after `from`; the same time means a whole day. */
  to: clockSchema,
});
/** One range of quiet hours, on each of its days. */
export type QuietRange = z.infer<typeof quietRangeSchema>;

/** From (inclusive) and to (exclusive), epoch milliseconds. */
interface QuietInterval {
  readonly from: number;
  readonly to: number;
}

const DAY = 86_400_000;
/** 1 January 1970 was a Thursday. */
const FIRST_WEEKDAY = WEEKDAYS.indexOf('thu');
/** Days to search for the end of quiet hours; if they never end, it must be searched again then. */
const DAYS_AHEAD = 8;

/** Milliseconds since midnight of "22:30". */
function toMs(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** When the clocks skip a local time: the first time at which they show a later one. */
function clockChangeAt(local: number, offsetAt: OffsetAt): number {
  let before = local - offsetAt(local + DAY);
  let after = local - offsetAt(local - DAY);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle + offsetAt(middle) >= local) after = middle;
    else before = middle;
  }
  return after;
}

function edge(local: number, offsetAt: OffsetAt, which: 0 | -1): number {
  return instantsOf(local, offsetAt).at(which) ?? clockChangeAt(local, offsetAt);
}

/** The local day of a time, counted from 1970. */
function dayOf(time: number, offsetAt: OffsetAt): number {
  return Math.floor((time + offsetAt(time)) / DAY);
}

function intervalOn(day: number, range: QuietRange, offsetAt: OffsetAt): QuietInterval[] {
  const weekday = WEEKDAYS[(((day + FIRST_WEEKDAY) % 7) + 7) % 7];
  if (weekday === undefined || !range.days.includes(weekday)) return [];
  const from = toMs(range.from);
  const to = toMs(range.to) + (toMs(range.to) <= from ? DAY : 0);
  return [{ from: edge(day * DAY + from, offsetAt, 0), to: edge(day * DAY + to, offsetAt, -1) }];
}

/** All intervals that begin between two days before a time and `daysAhead` days after it, in order. */
function intervalsAround(ranges: readonly QuietRange[], time: number, daysAhead: number, offsetAt: OffsetAt): QuietInterval[] {
  const today = dayOf(time, offsetAt);
  const days = Array.from({ length: daysAhead + 3 }, (_, index) => today - 2 + index);
  return days.flatMap((day) => ranges.flatMap((range) => intervalOn(day, range, offsetAt))).toSorted((a, b) => a.from - b.from);
}

/** True within quiet hours. `time` in epoch milliseconds; the time zone is the system's by default. */
export function isQuiet(ranges: readonly QuietRange[], time: number, offsetAt: OffsetAt = localOffset): boolean {
  return intervalsAround(ranges, time, 0, offsetAt).some(({ from, to }) => from <= time && time < to);
}

/**
 * When the quiet hours at a time end, epoch milliseconds; null outside of quiet hours. Adjacent intervals are joined. If the
 * whole week is quiet, a time some days ahead.
 */
export function quietUntil(ranges: readonly QuietRange[], time: number, offsetAt: OffsetAt = localOffset): number | null {
  let end = time;
  for (const { from, to } of intervalsAround(ranges, time, DAYS_AHEAD, offsetAt)) {
    if (from <= end && to > end) end = to;
  }
  return end === time ? null : end;
}
