/** Ranges of time a chart may show, and how they are written. */

/** A range that ends now and moves with it. */
export type Span = '5m' | '1h' | '12h' | '24h' | '7d' | '30d' | '1y' | '2y';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every span in order: its words, its length in ms, and the points asked for. */
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

/** What a chart page shows. A fixed range remembers the span to go back to. */
export type RangeChoice =
  | { readonly kind: 'live'; readonly span: Span }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number; readonly span: Span };

/** Two times, epoch ms. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Nothing shorter can be zoomed into, ms. */
export const SHORTEST = 10_000;
/** Live ranges up to this long grow with each batch; longer ones are asked for again. */
const LONGEST_APPENDED = HOUR;

/** True for a word that names a span. */
export function isSpan(word: string): word is Span {
  return Object.hasOwn(SPANS, word);
}

/** The times a choice means at `now`. */
export function windowOf(choice: RangeChoice, now: number): TimeWindow {
  return choice.kind === 'fixed' ? { from: choice.from, to: choice.to } : { from: now - SPANS[choice.span].ms, to: now };
}

/** Points to ask for: no more than a wide chart has pixels, and no more than one a second. */
export function pointsOf(choice: RangeChoice): number {
  if (choice.kind === 'live') return SPANS[choice.span].points;
  return Math.max(1, Math.min(720, Math.ceil((choice.to - choice.from) / 1000)));
}

/** True when the range is kept up by appending batches. */
export function isAppended(choice: RangeChoice): boolean {
  return choice.kind === 'live' && SPANS[choice.span].ms <= LONGEST_APPENDED;
}

/** Puts two times in order, not in the future, and not closer than the shortest range. */
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

/** Local date and time as a datetime-local field wants it, to the second. */
export function toFieldTime(time: number): string {
  const date = new Date(time);
  return `${toDay(date)}T${toClock(date, true)}`;
}

/** The time a datetime-local field holds, null when it is empty or no date. */
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

/** 2026-11-21 03:04:05, local: always as wide, so that a moving readout stands still. */
export function formatMoment(time: number): string {
  const date = new Date(time);
  return `${toDay(date)} ${toClock(date, true)}`;
}

/** 2026-11-21 0304, local: the same in the name of a file. */
export function toFileTime(time: number): string {
  const date = new Date(time);
  return `${toDay(date)} ${toClock(date, false).replace(':', '')}`;
}

/** 03:04:05, local. */
export function formatClock(time: number): string {
  return toClock(new Date(time), true);
}

/** What a mark on the time axis says: the clock; the day where midnight falls or the range is long; the month over years. */
export function formatAxisTime(time: number, spanMs: number): string {
  const date = new Date(time);
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  if (spanMs > 90 * DAY && date.getDate() === 1) return `${date.getFullYear()}-${two(date.getMonth() + 1)}`;
  if (spanMs > 20 * DAY) return day;
  const midnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  if (midnight && spanMs > HOUR) return day;
  return toClock(date, spanMs <= 10 * MINUTE);
}

/** A choice in words: "last 5 minutes", or its two times. */
export function describeRange(choice: RangeChoice): string {
  return choice.kind === 'live' ? SPANS[choice.span].long : `${formatMoment(choice.from)} to ${formatMoment(choice.to)}`;
}
