/** Reasons of holes in words. */
import type { GapReason } from '../../shared/metrics/reading';
import type { Gap } from '../../shared/series/gaps';
import { formatValue } from '../../shared/units';

/** What was the matter, as a heading over a hole. */
export const GAP_REASON_LABELS: Readonly<Record<GapReason, string>> = {
  start: 'Traywatch was not running',
  sleep: 'Asleep',
  pause: 'Monitoring paused',
  clock: 'The clock was set',
  stall: 'Nothing could be read',
};

/** The hole a time lies in, or null. */
export function gapAt(gaps: readonly Gap[], time: number): Gap | null {
  return gaps.find(({ from, to }) => time >= from && time < to) ?? null;
}

/** "Asleep for 3 h 04 min". */
export function describeGap({ from, to, reason }: Gap): string {
  return `${GAP_REASON_LABELS[reason]} for ${formatValue((to - from) / 1000, 'seconds')}`;
}
