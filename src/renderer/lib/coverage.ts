/** Text of how much of a range was measured. */
import { familyOf } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import { formatValue } from '../../shared/units';
import { describeRange, formatDateTime, SPAN_IDS, SPANS } from './range';
import type { RangeChoice, Span, TimeWindow } from './range';

/** Less missing than this share of a range is not mentioned: samples are not exact to the millisecond. */
const WHOLE = 0.99;

/** "20 s", "7 d", "6 d 04 h": a duration without parts that are zero. */
export function shortDuration(seconds: number): string {
  return formatValue(seconds, 'seconds').replace(/ 00 \S+$/, '');
}

/** Whether less than the range was sampled; `interval`: longest time between two samples, s. */
export function isPartial(sampled: number, range: number, interval = 0): boolean {
  return sampled < range * WHOLE && range - sampled > 2.5 * interval;
}

/** The longest time between two samples of a family, seconds. */
export function longestInterval(family: FamilyId): number {
  const { background, viewed } = familyOf(family).samplingInterval;
  return Math.max(background ?? viewed, viewed) / 1000;
}

/** Length of a window, seconds. */
export function windowSeconds({ from, to }: TimeWindow): number {
  return (to - from) / 1000;
}

/** Length of a range, seconds. */
export function rangeSeconds(choice: RangeChoice): number {
  return (choice.kind === 'live' ? SPANS[choice.span].ms : choice.to - choice.from) / 1000;
}

/** A range as its button names it, otherwise its length. */
function rangeText(seconds: number): string {
  const span = SPAN_IDS.find((one) => SPANS[one].ms === Math.round(seconds) * 1000);
  return span === undefined ? shortDuration(seconds) : SPANS[span].label;
}

/** "20 s of 7 d". */
export function coverageText(sampled: number, range: number): string {
  return `${shortDuration(sampled)} of ${rangeText(range)}`;
}

/** "History begins 2026-11-30 07:37", local time. */
export function beginText(begins: number): string {
  return `History begins ${formatDateTime(begins).slice(0, -3)}`;
}

/** The begin of the history, if it is after the begin of a window; null otherwise. */
export function beginWithin(begins: number | null, { from, to }: TimeWindow): number | null {
  // A pixel of a wide chart.
  return begins === null || begins - from < (to - from) / 1000 ? null : begins;
}

/** Whether a live range reaches back beyond the begin of the history. */
export function isBeyond(span: Span, begins: number | null, now: number): boolean {
  return beginWithin(begins, { from: now - SPANS[span].ms, to: now }) !== null;
}

/** "last 7 days", and where the history begins if that is later. */
export function describeShown(choice: RangeChoice, window: TimeWindow, begins: number | null): string {
  const begin = beginWithin(begins, window);
  return begin === null ? describeRange(choice) : `${describeRange(choice)} · ${beginText(begin)}`;
}
