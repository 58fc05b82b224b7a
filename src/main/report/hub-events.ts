/** What of reporting is an event of the timeline. Pure. */
import type { EventInput } from '../../shared/timeline/event-schemas';
import type { ReporterStatus } from './reporter';

/** What was told last, and since when the hub is away, monotonic ms; null while it is not. */
export interface HubTold {
  readonly since: number | null;
  readonly told: 'hub_away' | 'hub_refused' | null;
}

/** Before the first status. */
export const NOTHING_TOLD: HubTold = { since: null, told: null };

/** A hub is away after so long, ms: one that is started again or updated is not worth a line. */
const AWAY_AFTER = 5 * 60_000;
const MINUTE = 60_000;

const minutes = (ms: number): string => (ms < 90 * MINUTE ? `${Math.round(ms / MINUTE)} min` : `${Math.round(ms / (60 * MINUTE))} h`);

/** The event that a status makes, if any, and what to remember. `now`: monotonic ms. */
export function hubEvent(before: HubTold, { state, reason, behind }: ReporterStatus, hub: string, now: number): { readonly told: HubTold; readonly event: EventInput | null } {
  const since = before.since ?? now;
  const details = { hub };
  if (state === 'refused') {
    const event: EventInput = { type: 'hub_refused', severity: 'warning', message: `Nothing is reported to ${hub}. ${reason ?? ''}`.trim(), details };
    return { told: { since, told: 'hub_refused' }, event: before.told === 'hub_refused' ? null : event };
  }
  if (state === 'retrying') {
    const isDue = before.told === null && now - since >= AWAY_AFTER;
    const event: EventInput = { type: 'hub_away', severity: 'warning', message: `${hub} has not been reached for ${minutes(now - since)}. What it misses is sent when it is back. ${reason ?? ''}`.trim(), details };
    return { told: { since, told: isDue ? 'hub_away' : before.told }, event: isDue ? event : null };
  }
  const event: EventInput = { type: 'hub_back', message: `${hub} takes reports again${behind >= MINUTE ? `; it is sent the ${minutes(behind)} that it missed` : ''}`, details };
  return { told: NOTHING_TOLD, event: before.told === null ? null : event };
}
