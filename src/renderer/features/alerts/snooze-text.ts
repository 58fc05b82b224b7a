/** Text for snoozes. Pure. */
import type { OpenAlerts } from '../../../shared/api/alert-schemas';
import { targetKey } from '../../../shared/alerts/snooze';
import type { Snooze, SnoozeTarget } from '../../../shared/alerts/snooze';
import { formatDateTime } from '../../lib/range';

/** The snooze of exactly this target, or undefined. */
export function snoozeFor(state: OpenAlerts | null, target: SnoozeTarget): Snooze | undefined {
  return state?.snoozes.find((snooze) => targetKey(snooze.target) === targetKey(target));
}

/** "until 2026-11-30 14:05" (local time), or "until resolved" for a snooze without an end time. */
export function formatUntil({ until }: Pick<Snooze, 'until'>): string {
  return until === null ? 'until resolved' : `until ${formatDateTime(until).slice(0, 16)}`;
}
