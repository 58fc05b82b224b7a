/** Snoozes: what is silenced, and until when. Pure. */
import * as z from 'zod';
import { instantsOf, localOffset } from '../series/calendar';
import type { OffsetAt } from '../series/calendar';
import type { Incident } from './incident';

/** Duration of a snooze. */
export const snoozeLengthSchema = z.enum(['15min', '1h', '4h', 'tomorrow', 'recovery']);
/** Duration of a snooze. */
export type SnoozeLength = z.infer<typeof snoozeLengthSchema>;

/** Menu labels of the durations. */
export const SNOOZE_LENGTHS: Readonly<Record<SnoozeLength, string>> = {
  '15min': 'For 15 minutes',
  '1h': 'For 1 hour',
  '4h': 'For 4 hours',
  tomorrow: 'Until tomorrow',
  recovery: 'Until resolved',
};

/** What is silenced: everything, a rule, or one series of a rule. */
export const snoozeTargetSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('rule'), ruleId: z.string().max(60) }),
  z.strictObject({ kind: z.literal('series'), ruleId: z.string().max(60), series: z.string().max(400) }),
]);
/** What is silenced. */
export type SnoozeTarget = z.infer<typeof snoozeTargetSchema>;

/** An active snooze. Times are epoch milliseconds. */
export const snoozeSchema = z.strictObject({
  target: snoozeTargetSchema,
  /** Label of the target. */
  label: z.string().max(400),
  since: z.number(),
  /** Null: until all incidents it covers are resolved. */
  until: z.number().nullable(),
});
/** An active snooze. */
export type Snooze = z.infer<typeof snoozeSchema>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Local time at which "tomorrow" begins. */
const MORNING = 8 * HOUR;
/** Before this local time "tomorrow" is the same morning. */
const NIGHT_ENDS = 4 * HOUR;
/** Maximum duration; a longer one was created before the clock was set back. */
const LONGEST = 2 * DAY;

/** Durations that do not depend on the time of day, ms. */
const SPANS = { '15min': 15 * MINUTE, '1h': HOUR, '4h': 4 * HOUR } as const;

/** 08:00 local time of the next day, or of the same day before 04:00. Epoch milliseconds. */
export function tomorrowMorning(now: number, offsetAt: OffsetAt = localOffset): number {
  const local = now + offsetAt(now);
  const day = Math.floor((local - NIGHT_ENDS) / DAY) + 1;
  const morning = day * DAY + MORNING;
  return instantsOf(morning, offsetAt)[0] ?? morning - offsetAt(morning + DAY);
}

/** End of a snooze; null if it ends with its incidents. */
export function snoozeEnd(length: SnoozeLength, now: number, offsetAt: OffsetAt = localOffset): number | null {
  if (length === 'recovery') return null;
  if (length === 'tomorrow') return tomorrowMorning(now, offsetAt);
  return now + SPANS[length];
}

/** Key of a target: there is at most one snooze per key. */
export function targetKey(target: SnoozeTarget): string {
  if (target.kind === 'all') return 'all';
  return target.kind === 'rule' ? `rule ${target.ruleId}` : `series ${target.ruleId} ${target.series}`;
}

/** True if the target covers the incident. */
export function covers(target: SnoozeTarget, incident: Pick<Incident, 'ruleId' | 'series'>): boolean {
  if (target.kind === 'all') return true;
  if (target.ruleId !== incident.ruleId) return false;
  return target.kind === 'rule' || target.series === incident.series;
}

/** True if a snooze has ended; `open` are the open incidents. */
export function isOver(snooze: Snooze, now: number, open: readonly Pick<Incident, 'ruleId' | 'series'>[]): boolean {
  const { target, until } = snooze;
  if (until === null) return !open.some((incident) => covers(target, incident));
  return now >= until || until - now > LONGEST;
}

/** The snooze that silences an incident, the widest one; null if there is none. */
export function snoozeOf(snoozes: readonly Snooze[], incident: Pick<Incident, 'ruleId' | 'series'>): Snooze | null {
  const rank = { all: 0, rule: 1, series: 2 } as const;
  const found = snoozes.filter(({ target }) => covers(target, incident));
  return found.toSorted((a, b) => rank[a.target.kind] - rank[b.target.kind])[0] ?? null;
}
