/** Text for times of the week, and changes to their days. Pure. */
import type { QuietRange } from '../../shared/alerts/quiet-hours';
import { WEEKDAYS } from '../../shared/alerts/weekdays';
import type { Weekday } from '../../shared/alerts/weekdays';

/** Short names for the buttons. */
export const DAY_ABBREVIATIONS: Readonly<Record<Weekday, string>> = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' };

/** Full names for screen readers. */
export const DAY_LABELS: Readonly<Record<Weekday, string>> = { mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday', fri: 'Friday', sat: 'Saturday', sun: 'Sunday' };

/** "Every day", "Mon–Fri", "Mon, Wed". */
export function formatDays(days: readonly Weekday[]): string {
  const chosen = WEEKDAYS.filter((day) => days.includes(day));
  if (chosen.length === WEEKDAYS.length) return 'Every day';
  const runs: Weekday[][] = [];
  for (const day of chosen) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && WEEKDAYS.indexOf(day) === WEEKDAYS.indexOf(last) + 1) run.push(day);
    else runs.push([day]);
  }
  return runs
    .flatMap((run) => {
      const [first, last] = [run[0], run.at(-1)];
      if (first === undefined || last === undefined) return [];
      return run.length > 2 ? [`${DAY_ABBREVIATIONS[first]}–${DAY_ABBREVIATIONS[last]}`] : run.map((day) => DAY_ABBREVIATIONS[day]);
    })
    .join(', ');
}

/** A remark on a range that does not end on the day it starts; empty for all others. */
export function formatRangeEnd({ from, to }: QuietRange): string {
  if (from === to) return 'the whole day';
  return to < from ? 'until the next day' : '';
}

/** Adds the day to a range, or removes it; the last day stays. */
export function toggleDay({ days, ...rest }: QuietRange, day: Weekday): QuietRange {
  const next = days.includes(day) ? days.filter((other) => other !== day) : [...days, day];
  return { ...rest, days: next.length === 0 ? days : WEEKDAYS.filter((one) => next.includes(one)) };
}

/** The first values of a new range: every night. */
export const NEW_RANGE: QuietRange = { days: [...WEEKDAYS], from: '22:00', to: '07:00' };
