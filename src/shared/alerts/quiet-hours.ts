/**
 * Hours of the week in which nobody is to be disturbed, in local time. An edge the clocks jump over is the moment of
 * the jump; of an edge that comes twice, quiet begins at the first and ends at the second, so that a night is one
 * stretch on every day of the year. Pure: the zone is given as its offset at a time.
 */
import * as z from 'zod';
import { instantsOf, localOffset } from '../series/calendar';
import type { OffsetAt } from '../series/calendar';
import { WEEKDAYS } from './weekdays';

const clockSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 22:30');

/** One stretch, on each of its days. */
export const quietRangeSchema = z.strictObject({
  /** The days it begins on. */
  days: z.array(z.enum(WEEKDAYS)).min(1, 'at least one day').max(7),
  from: clockSchema,
  /** Where it is not after `from` it is on the next day; the same time means a whole day. */
  to: clockSchema,
});
/** One stretch, on each of its days. */
export type QuietRange = z.infer<typeof quietRangeSchema>;

/** From (inclusive) and to (exclusive), epoch milliseconds. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

const DAY = 86_400_000;
/** 1 January 1970 was a Thursday. */
const FIRST_WEEKDAY = WEEKDAYS.indexOf('thu');
/** How far ahead the end of quiet is looked for: where it never ends, it is looked for anew then. */
const DAYS_AHEAD = 8;

/** Milliseconds since midnight of "22:30". */
function toMs(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** The moment the clocks jump over a local time: the first at which they show a later one. */
function jumpOver(local: number, offsetAt: OffsetAt): number {
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
  return instantsOf(local, offsetAt).at(which) ?? jumpOver(local, offsetAt);
}

/** The day a time is on, counted in local days from 1970. */
function dayOf(time: number, offsetAt: OffsetAt): number {
  return Math.floor((time + offsetAt(time)) / DAY);
}

function stretchOn(day: number, range: QuietRange, offsetAt: OffsetAt): Stretch[] {
  const weekday = WEEKDAYS[(((day + FIRST_WEEKDAY) % 7) + 7) % 7];
  if (weekday === undefined || !range.days.includes(weekday)) return [];
  const from = toMs(range.from);
  const to = toMs(range.to) + (toMs(range.to) <= from ? DAY : 0);
  return [{ from: edge(day * DAY + from, offsetAt, 0), to: edge(day * DAY + to, offsetAt, -1) }];
}

/** All stretches that begin from two days before a time to so many days after it, in order. */
function stretchesAround(ranges: readonly QuietRange[], time: number, daysAhead: number, offsetAt: OffsetAt): Stretch[] {
  const today = dayOf(time, offsetAt);
  const days = Array.from({ length: daysAhead + 3 }, (_, index) => today - 2 + index);
  return days.flatMap((day) => ranges.flatMap((range) => stretchOn(day, range, offsetAt))).toSorted((a, b) => a.from - b.from);
}

/** True within quiet hours. `time` in epoch milliseconds; the zone is the machine's own unless given. */
export function isQuiet(ranges: readonly QuietRange[], time: number, offsetAt: OffsetAt = localOffset): boolean {
  return stretchesAround(ranges, time, 0, offsetAt).some(({ from, to }) => from <= time && time < to);
}

/**
 * When the quiet of a time ends, epoch milliseconds; null when it is not quiet then. Stretches that touch are one.
 * Where the whole week is quiet, a time some days ahead.
 */
export function quietUntil(ranges: readonly QuietRange[], time: number, offsetAt: OffsetAt = localOffset): number | null {
  let end = time;
  for (const { from, to } of stretchesAround(ranges, time, DAYS_AHEAD, offsetAt)) {
    if (from <= end && to > end) end = to;
  }
  return end === time ? null : end;
}
