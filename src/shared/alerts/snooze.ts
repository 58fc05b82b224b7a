/** Snoozes: what is silenced, and until when. Pure. */
import * as z from 'zod';
import { instantsOf, localOffset } from '../series/calendar';
import type { OffsetAt } from '../series/calendar';
import type { Incident } from './incident';

/** How long a person may ask for silence. */
export const snoozeLengthSchema = z.enum(['15min', '1h', 'tomorrow', 'recovery']);
/** How long a person may ask for silence. */
export type SnoozeLength = z.infer<typeof snoozeLengthSchema>;

/** Every length in words, as a menu offers it. */
export const SNOOZE_LENGTHS: Readonly<Record<SnoozeLength, string>> = {
  '15min': 'For 15 minutes',
  '1h': 'For 1 hour',
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

/** A snooze in force. Times are epoch milliseconds. */
export const snoozeSchema = z.strictObject({
  target: snoozeTargetSchema,
  /** What is silenced, for a person. */
  label: z.string().max(400),
  since: z.number(),
  /** Null: until nothing it covers is open any more. */
  until: z.number().nullable(),
});
/** A snooze in force. */
export type Snooze = z.infer<typeof snoozeSchema>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** When "tomorrow" begins, local. */
const MORNING = 8 * HOUR;
/** Who is still up at this time means the coming morning by "tomorrow", local. */
const NIGHT_ENDS = 4 * HOUR;
/** No snooze is longer: one that seems so was made before the clock was set back. */
const LONGEST = 2 * DAY;

/** 08:00 of the next day, local; before 04:00 the day has not yet ended. Epoch milliseconds. */
export function tomorrowMorning(now: number, offsetAt: OffsetAt = localOffset): number {
  const local = now + offsetAt(now);
  const day = Math.floor((local - NIGHT_ENDS) / DAY) + 1;
  const morning = day * DAY + MORNING;
  return instantsOf(morning, offsetAt)[0] ?? morning - offsetAt(morning + DAY);
}

/** When a snooze of this length ends; null for one that ends with its incidents. */
export function snoozeEnd(length: SnoozeLength, now: number, offsetAt: OffsetAt = localOffset): number | null {
  if (length === 'recovery') return null;
  if (length === 'tomorrow') return tomorrowMorning(now, offsetAt);
  return now + (length === '1h' ? HOUR : 15 * MINUTE);
}

/** Equal for two targets that silence the same: there is one snooze of each. */
export function targetKey(target: SnoozeTarget): string {
  if (target.kind === 'all') return 'all';
  return target.kind === 'rule' ? `rule ${target.ruleId}` : `series ${target.ruleId} ${target.series}`;
}

/** True when the target takes in the incident. */
export function covers(target: SnoozeTarget, incident: Pick<Incident, 'ruleId' | 'series'>): boolean {
  if (target.kind === 'all') return true;
  if (target.ruleId !== incident.ruleId) return false;
  return target.kind === 'rule' || target.series === incident.series;
}

/** True when a snooze has ended; `open` are the incidents that last. */
export function isOver(snooze: Snooze, now: number, open: readonly Pick<Incident, 'ruleId' | 'series'>[]): boolean {
  const { target, until } = snooze;
  if (until === null) return !open.some((incident) => covers(target, incident));
  return now >= until || until - now > LONGEST;
}

/** The snooze that silences an incident, the widest first; null when none does. */
export function snoozeOf(snoozes: readonly Snooze[], incident: Pick<Incident, 'ruleId' | 'series'>): Snooze | null {
  const rank = { all: 0, rule: 1, series: 2 } as const;
  const found = snoozes.filter(({ target }) => covers(target, incident));
  return found.toSorted((a, b) => rank[a.target.kind] - rank[b.target.kind])[0] ?? null;
}
