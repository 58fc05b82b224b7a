/** The same hours on another day: ranges moved by calendar days, which are not always 24 hours long. */

interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Milliseconds since the wall's midnight. */
  readonly rest: number;
}

function wallTimeAt(time: number, format: Intl.DateTimeFormat): WallTime {
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const rest = ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000 + (((time % 1000) + 1000) % 1000);
  return { year: part('year'), month: part('month'), day: part('day'), rest };
}

function utcOf(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day) + wall.rest;
}

/**
 * The moment at which clocks in `timeZone` show the same time of day, `days` days later (or, negative, earlier).
 * An hour that a change of clocks leaves out becomes the hour after it; of one it repeats, the first is meant.
 */
export function shiftDays(time: number, days: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  const wall = wallTimeAt(time, format);
  const target = utcOf({ ...wall, day: wall.day + days });
  const offsetAt = (at: number): number => utcOf(wallTimeAt(at, format)) - at;
  // The offset before the target is tried first, hence the first of two moments with the same time of day.
  const before = target - offsetAt(target - 86_400_000);
  const after = target - offsetAt(target + 86_400_000);
  const found = [before, after].find((at) => utcOf(wallTimeAt(at, format)) === target);
  return found ?? before;
}

/** The same hours yesterday (−1), last week (−7) or any other number of days away; both ends move by the calendar. */
export function shiftRange(range: { readonly from: number; readonly to: number }, days: number, timeZone: string): { from: number; to: number } {
  return { from: shiftDays(range.from, days, timeZone), to: shiftDays(range.to, days, timeZone) };
}
