import type { OpenAlerts } from '../../../shared/api/alert-schemas';
import { targetKey } from '../../../shared/alerts/snooze';
import type { Snooze, SnoozeTarget } from '../../../shared/alerts/snooze';
import { formatMoment } from '../../lib/range';

/** The snooze of exactly this target, or undefined. */
export function snoozeFor(state: OpenAlerts | null, target: SnoozeTarget): Snooze | undefined {
  return state?.snoozes.find((snooze) => targetKey(snooze.target) === targetKey(target));
}

/** Until when, in words. */
export function formatUntil({ until }: Pick<Snooze, 'until'>): string {
  return until === null ? 'until it recovers' : `until ${formatMoment(until).slice(0, 16)}`;
}
