/** Quiet hours in words. Pure. */
import type { QuietRange } from '../../../shared/alerts/quiet-hours';
import { WEEKDAYS } from '../../../shared/alerts/weekdays';
import type { Weekday } from '../../../shared/alerts/weekdays';

/** Days as they stand on buttons. */
export const DAY_NAMES: Readonly<Record<Weekday, string>> = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' };

/** Days as they are read out. */
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
      return run.length > 2 ? [`${DAY_NAMES[first]}–${DAY_NAMES[last]}`] : run.map((day) => DAY_NAMES[day]);
    })
    .join(', ');
}

/** When a stretch ends, where that is not the same day. */
export function formatRangeEnd({ from, to }: QuietRange): string {
  if (from === to) return 'the whole day';
  return to < from ? 'until the next day' : '';
}

/** Days turned on or off; the last one stays. */
export function toggleDay({ days, ...rest }: QuietRange, day: Weekday): QuietRange {
  const next = days.includes(day) ? days.filter((other) => other !== day) : [...days, day];
  return { ...rest, days: next.length === 0 ? days : WEEKDAYS.filter((one) => next.includes(one)) };
}

/** What a new stretch starts from: every night. */
export const NEW_QUIET: QuietRange = { days: [...WEEKDAYS], from: '22:00', to: '07:00' };
