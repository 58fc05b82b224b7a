/**
 * Groups notifications that come within seconds of each other: a few are shown singly, many as one summary, which is
 * updated when more follow. Pure; times are monotonic milliseconds.
 */

/** An item that can be grouped; a later one replaces an earlier one with the same key. */
export interface Batched {
  readonly key: string;
}

interface Timed<T> {
  readonly item: T;
  readonly at: number;
}

/** Items waiting to be shown, items shown recently, and the current summary. */
export interface NotificationGroup<T extends Batched> {
  readonly waiting: readonly Timed<T>[];
  readonly recent: readonly Timed<T>[];
  readonly grouped: { readonly items: readonly T[]; readonly at: number } | null;
}

/** What to show now. */
export type GroupOutcome<T> =
  | { readonly kind: 'single'; readonly items: readonly T[] }
  /** `items`: all of the summary; `fresh`: the new ones; `replaced`: those shown singly before. */
  | { readonly kind: 'summary'; readonly items: readonly T[]; readonly fresh: readonly T[]; readonly replaced: readonly T[] };

/** This many items within RECENT_MS become one summary. */
export const GROUP_SIZE = 4;
/** Time to wait for further items, ms: slowly sampled metrics react to the same cause a tick or two later. */
const SINGLE_WAIT = 2000;
/** Maximum wait of an item, ms, while others keep coming. */
const SINGLE_MAX_WAIT = 6000;
/** Items shown within this time count towards a summary, ms. */
const RECENT_MS = 30_000;
/** The same two times for updates of a summary, ms. */
const SUMMARY_MAX_WAIT = 60_000;
const SUMMARY_WAIT = 10_000;
/** A summary is finished after this time without new items, ms. */
const GROUP_TIMEOUT = 120_000;

/** The empty group. */
export const NO_GROUP = { waiting: [], recent: [], grouped: null } as const satisfies NotificationGroup<Batched>;

/** Adds an item. */
export function join<T extends Batched>(group: NotificationGroup<T>, item: T, now: number): NotificationGroup<T> {
  const grouped = group.grouped !== null && now - group.grouped.at < GROUP_TIMEOUT ? group.grouped : null;
  const waiting = [...group.waiting.filter((other) => other.item.key !== item.key), { item, at: now }];
  return { waiting, recent: group.recent.filter(({ at }) => now - at < RECENT_MS), grouped };
}

/** Removes an item: it is neither shown nor counted any more. */
export function withdraw<T extends Batched>(group: NotificationGroup<T>, key: string): NotificationGroup<T> {
  const isOther = ({ item }: Timed<T>): boolean => item.key !== key;
  const grouped = group.grouped === null ? null : { ...group.grouped, items: group.grouped.items.filter((item) => item.key !== key) };
  return { waiting: group.waiting.filter(isOther), recent: group.recent.filter(isOther), grouped };
}

/** When the waiting items must be shown; null if there are none. */
export function dueAt<T extends Batched>({ waiting, grouped }: NotificationGroup<T>): number | null {
  const times = waiting.map(({ at }) => at);
  if (times.length === 0) return null;
  const [wait, maxWait] = grouped === null ? [SINGLE_WAIT, SINGLE_MAX_WAIT] : [SUMMARY_WAIT, SUMMARY_MAX_WAIT];
  return Math.min(Math.max(...times) + wait, Math.min(...times) + maxWait);
}

/** Shows the waiting items. */
export function flush<T extends Batched>(group: NotificationGroup<T>, now: number): { readonly group: NotificationGroup<T>; readonly outcome: GroupOutcome<T> } {
  const fresh = group.waiting.map(({ item }) => item);
  const keys = new Set(fresh.map(({ key }) => key));
  const recent = group.recent.filter(({ item, at }) => now - at < RECENT_MS && !keys.has(item.key));
  const before = group.grouped?.items.filter(({ key }) => !keys.has(key)) ?? [];
  if (group.grouped === null && recent.length + fresh.length < GROUP_SIZE) {
    const shown = fresh.map((item) => ({ item, at: now }));
    return { group: { waiting: [], recent: [...recent, ...shown], grouped: null }, outcome: { kind: 'single', items: fresh } };
  }
  const replaced = recent.map(({ item }) => item);
  const items = [...before, ...replaced, ...fresh];
  return { group: { waiting: [], recent: [], grouped: { items, at: now } }, outcome: { kind: 'summary', items, fresh, replaced } };
}
