/**
 * Gathers what comes within seconds of each other: a few are shown one by one, many as one summary, and what joins a
 * storm later updates that summary once. Pure; times are milliseconds of a clock that is never stepped.
 */

/** Anything that can be gathered; a later one of the same key takes the place of an earlier one. */
export interface Batched {
  readonly key: string;
}

interface Dated<T> {
  readonly item: T;
  readonly at: number;
}

/** What is waiting, what was shown lately, and the storm that lasts. */
export interface NotificationGroup<T extends Batched> {
  readonly waiting: readonly Dated<T>[];
  readonly recent: readonly Dated<T>[];
  readonly grouped: { readonly items: readonly T[]; readonly at: number } | null;
}

/** What is to be shown now. */
export type GroupOutcome<T> =
  | { readonly kind: 'single'; readonly items: readonly T[] }
  /** All of the storm so far, and those of them that were shown by themselves before. */
  | { readonly kind: 'summary'; readonly items: readonly T[]; readonly fresh: readonly T[]; readonly replaced: readonly T[] };

/** So many within RECENT make a storm. */
export const GROUP_SIZE = 4;
/** Alone, something waits so long for company, ms: slow readers see the same trouble a tick or two later. */
const SETTLE = 2000;
/** However many keep coming, the first waits no longer than this. */
const PATIENCE = 6000;
/** What was shown so long ago still counts towards a storm. */
const RECENT = 30_000;
/** A storm's summary is not shown again before this, and not before nothing came for GROUP_SETTLE. */
const GROUP_PATIENCE = 60_000;
const GROUP_SETTLE = 10_000;
/** A storm is over when nothing came for so long. */
const GROUP_END = 120_000;

/** Nothing gathered yet. */
export const NO_GROUP = { waiting: [], recent: [], grouped: null } as const satisfies NotificationGroup<Batched>;

/** Takes something in. */
export function join<T extends Batched>(group: NotificationGroup<T>, item: T, now: number): NotificationGroup<T> {
  const grouped = group.grouped !== null && now - group.grouped.at < GROUP_END ? group.grouped : null;
  const waiting = [...group.waiting.filter((other) => other.item.key !== item.key), { item, at: now }];
  return { waiting, recent: group.recent.filter(({ at }) => now - at < RECENT), grouped };
}

/** Takes something back: it is neither shown any more, nor counted with others. */
export function withdraw<T extends Batched>(group: NotificationGroup<T>, key: string): NotificationGroup<T> {
  const isOther = ({ item }: Dated<T>): boolean => item.key !== key;
  const grouped = group.grouped === null ? null : { ...group.grouped, items: group.grouped.items.filter((item) => item.key !== key) };
  return { waiting: group.waiting.filter(isOther), recent: group.recent.filter(isOther), grouped };
}

/** When what waits is to be shown; null when nothing waits. */
export function dueAt<T extends Batched>({ waiting, grouped }: NotificationGroup<T>): number | null {
  const times = waiting.map(({ at }) => at);
  if (times.length === 0) return null;
  const [settle, patience] = grouped === null ? [SETTLE, PATIENCE] : [GROUP_SETTLE, GROUP_PATIENCE];
  return Math.min(Math.max(...times) + settle, Math.min(...times) + patience);
}

/** Shows what waits. */
export function flush<T extends Batched>(group: NotificationGroup<T>, now: number): { readonly group: NotificationGroup<T>; readonly outcome: GroupOutcome<T> } {
  const fresh = group.waiting.map(({ item }) => item);
  const keys = new Set(fresh.map(({ key }) => key));
  const recent = group.recent.filter(({ item, at }) => now - at < RECENT && !keys.has(item.key));
  const before = group.grouped?.items.filter(({ key }) => !keys.has(key)) ?? [];
  if (group.grouped === null && recent.length + fresh.length < GROUP_SIZE) {
    const shown = fresh.map((item) => ({ item, at: now }));
    return { group: { waiting: [], recent: [...recent, ...shown], grouped: null }, outcome: { kind: 'single', items: fresh } };
  }
  const replaced = recent.map(({ item }) => item);
  const items = [...before, ...replaced, ...fresh];
  return { group: { waiting: [], recent: [], grouped: { items, at: now } }, outcome: { kind: 'summary', items, fresh, replaced } };
}
