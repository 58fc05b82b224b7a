/** Text of the time of a value in a chart: a moment, or the length of the point whose average it is. */
import { formatClock, formatDateTime } from './range';
import type { TimeWindow } from './range';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Points up to this long are read as moments, ms. */
const MOMENT = 2000;

/** Local date and time without the seconds where all of them are 0. */
function formatEdge(time: number, step: number, withDate: boolean): string {
  const text = withDate ? formatDateTime(time) : formatClock(time);
  if (step >= DAY && withDate) return text.slice(0, 10);
  return step % MINUTE === 0 ? text.slice(0, -3) : text;
}

/** "07:36:05" for a sample; "07:30–07:45, average" for a point of a quarter of an hour. With the date in windows longer than a day. */
export function describePointTime(time: number, step: number, window: TimeWindow): string {
  const withDate = window.to - window.from > DAY;
  if (step <= MOMENT) return formatEdge(time, step, withDate);
  // Points begin at multiples of their length.
  const start = Math.round(time / step) * step;
  const end = formatEdge(start + step, step, withDate && step >= DAY);
  return `${formatEdge(start, step, withDate)}–${end}, average`;
}
