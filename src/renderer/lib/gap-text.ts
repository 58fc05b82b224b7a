/** Text of gaps in the history. */
import type { GapReason } from '../../shared/metrics/reading';
import type { Gap } from '../../shared/series/gaps';
import { formatValue } from '../../shared/units';

/** Heading of a gap, by its reason. */
export const GAP_REASON_LABELS: Readonly<Record<GapReason, string>> = {
  start: 'Traywatch was not running',
  sleep: 'Asleep',
  pause: 'Monitoring paused',
  clock: 'System clock changed',
  stall: 'No data',
};

/** The gap that contains a time, or null. */
export function gapAt(gaps: readonly Gap[], time: number): Gap | null {
  return gaps.find(({ from, to }) => time >= from && time < to) ?? null;
}

/** "Asleep for 3 h 04 min"; without a duration where the clock was changed, since the times on both sides do not compare. */
export function describeGap({ from, to, reason }: Gap): string {
  if (reason === 'clock') return GAP_REASON_LABELS.clock;
  const text = `${GAP_REASON_LABELS[reason]} for ${formatValue((to - from) / 1000, 'seconds')}`;
  return reason === 'stall' ? `${text} (collection stalled)` : text;
}
