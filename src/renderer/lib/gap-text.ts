/** Reasons of holes in words. */
import type { GapReason } from '../../shared/metrics/reading';
import type { Span } from '../../shared/series/gaps';
import { formatValue } from '../../shared/units';

/** What was the matter, as a heading over a hole. */
export const REASON_WORDS: Readonly<Record<GapReason, string>> = {
  start: 'Traywatch was not running',
  sleep: 'Asleep',
  pause: 'Monitoring paused',
  clock: 'The clock was set',
  stall: 'Nothing could be read',
};

/** The hole a time lies in, or null. */
export function spanAt(spans: readonly Span[], time: number): Span | null {
  return spans.find(({ from, to }) => time >= from && time < to) ?? null;
}

/** "Asleep for 3 h 04 min". */
export function describeSpan({ from, to, reason }: Span): string {
  return `${REASON_WORDS[reason]} for ${formatValue((to - from) / 1000, 'seconds')}`;
}
