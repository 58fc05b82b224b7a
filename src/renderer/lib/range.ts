/** Ranges of time that pages show, and the text of times and ranges. */

/** Length of a live range, which ends now and moves along. */
export type Span = '5m' | '1h' | '12h' | '24h' | '7d' | '30d' | '1y' | '2y';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every span, shortest first: its labels, its length in ms, and the number of points to query. */
export const SPANS: Readonly<Record<Span, { readonly label: string; readonly long: string; readonly ms: number; readonly points: number }>> = {
  '5m': { label: '5 min', long: 'last 5 minutes', ms: 5 * MINUTE, points: 300 },
  '1h': { label: '1 h', long: 'last hour', ms: HOUR, points: 600 },
  '12h': { label: '12 h', long: 'last 12 hours', ms: 12 * HOUR, points: 720 },
  '24h': { label: '24 h', long: 'last 24 hours', ms: 24 * HOUR, points: 720 },
  '7d': { label: '7 d', long: 'last 7 days', ms: 7 * DAY, points: 672 },
  '30d': { label: '30 d', long: 'last 30 days', ms: 30 * DAY, points: 720 },
  '1y': { label: '1 y', long: 'last year', ms: 365 * DAY, points: 730 },
  '2y': { label: '2 y', long: 'last two years', ms: 730 * DAY, points: 730 },
};

/** All spans, shortest first. */
export const SPAN_IDS = Object.keys(SPANS) as readonly Span[];

/** The range of a page. A fixed one keeps the span to which "Back to live" returns. */
export type RangeChoice =
  | { readonly kind: 'live'; readonly span: Span }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number; readonly span: Span };

/** Two times, epoch ms. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Shortest range that can be shown, ms. */
export const SHORTEST = 10_000;
/** Live ranges up to this length are extended by each batch; longer ones are queried again, ms. */
const LONGEST_APPENDED = HOUR;

/** Whether a text is a span. */
export function isSpan(text: string): text is Span {
  return Object.hasOwn(SPANS, text);
}

/** Start and end of a range at `now`. A clock that was never set may be near 1970, before which there is nothing to ask for. */
export function windowOf(choice: RangeChoice, now: number): TimeWindow {
  if (choice.kind === 'fixed') return { from: choice.from, to: choice.to };
  const { ms } = SPANS[choice.span];
  return { from: now > 0 ? Math.max(0, now - ms) : now - ms, to: now };
}

/** Number of points to query: at most the pixels of a wide chart, and at most one a second. */
export function pointsOf(choice: RangeChoice): number {
  if (choice.kind === 'live') return SPANS[choice.span].points;
  return Math.max(1, Math.min(720, Math.ceil((choice.to - choice.from) / 1000)));
}

/** Whether the range is kept up to date by appending batches. */
export function isAppended(choice: RangeChoice): boolean {
  return choice.kind === 'live' && SPANS[choice.span].ms <= LONGEST_APPENDED;
}

/** A fixed range between two times: ordered, not in the future, and not shorter than the shortest range. */
export function fixedRange(a: number, b: number, span: Span, now: number): RangeChoice {
  const to = Math.min(Math.max(a, b), now);
  const from = Math.max(0, Math.min(Math.min(a, b), to - SHORTEST));
  return { kind: 'fixed', from: Math.round(from), to: Math.round(to), span };
}

/** Narrows (factor < 1) or widens a window around a point in it. */
export function zoomed(window: TimeWindow, around: number, factor: number): TimeWindow {
  return { from: around - (around - window.from) * factor, to: around + (window.to - around) * factor };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Local date and time in the format of a datetime-local field, to the second. */
export function toFieldTime(time: number): string {
  const date = new Date(time);
  return `${toDay(date)}T${toClock(date, true)}`;
}

/** The time in a datetime-local field; null if it is empty or not a date. */
export function fromFieldTime(text: string): number | null {
  const time = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isFinite(time) ? time : null;
}

function toDay(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function toClock(date: Date, seconds: boolean): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}${seconds ? `:${two(date.getSeconds())}` : ''}`;
}

/** 2026-11-21 03:04:05, local: always of the same width, so that a changing readout does not move. */
export function formatDateTime(time: number): string {
  const date = new Date(time);
  return `${toDay(date)} ${toClock(date, true)}`;
}

/** 2026-11-21 0304, local: date and time for the name of a file. */
export function toFileTime(time: number): string {
  const date = new Date(time);
  return `${toDay(date)} ${toClock(date, false).replace(':', '')}`;
}

/** 03:04:05, local. */
export function formatClock(time: number): string {
  return toClock(new Date(time), true);
}

/** Label of a tick on the time axis: the time; the day at midnight or in long ranges; the month in ranges of years. */
export function formatAxisTime(time: number, spanMs: number): string {
  const date = new Date(time);
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  if (spanMs > 90 * DAY && date.getDate() === 1) return `${date.getFullYear()}-${two(date.getMonth() + 1)}`;
  if (spanMs > 20 * DAY) return day;
  const midnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  if (midnight && spanMs > HOUR) return day;
  return toClock(date, spanMs <= 10 * MINUTE);
}

/** Text of a range: "last 5 minutes", or its two times. */
export function describeRange(choice: RangeChoice): string {
  return choice.kind === 'live' ? SPANS[choice.span].long : `${formatDateTime(choice.from)} to ${formatDateTime(choice.to)}`;
}
