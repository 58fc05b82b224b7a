/** Retention: removes, in small steps, points older than their tier is kept, and the oldest ones beyond the size limit. */
import type { RetentionTime } from '../retention-clock';
import type { StoreContext } from './sealer';
import { dropSurplusDevices, seriesInHead } from './surplus-devices';
import { DAY, CHUNK_KINDS, CHUNK_WINDOW, TIER_INDEXES, TIERS } from '../tiers';
import type { ChunkKind, TierIndex } from '../tiers';

/** Rows of the other tables removed in one step. */
const ROWS = 300;
/** A file is compacted when it has at least this many free pages, and this fraction of all pages. */
const FREE_PAGES = 2048;
const FREE_SHARE = 0.25;
/** State key: a part of the history was deleted by the user, and the file is not compacted yet. Stored: never rename it. */
export const COMPACTION_DUE = 'compact.due';
/** Horizons are multiples of this, ms, so that buckets of every tier end there; that of half days one of half a day. */
const HOUR = 4 * CHUNK_WINDOW;

/** How much history to keep. */
export interface RetentionLimits {
  readonly keepDays: number;
  /** Most bytes of the database, or null for no limit. The oldest history is removed first. */
  readonly maxBytes: number | null;
}

/** The kinds of chunks removed with each tier; every kind belongs to exactly one. */
const OWN_KINDS: Readonly<Record<TierIndex, readonly ChunkKind[]>> = {
  0: [CHUNK_KINDS.samples],
  1: [CHUNK_KINDS.minutes],
  2: [CHUNK_KINDS.quarters],
  3: [CHUNK_KINDS.hours, CHUNK_KINDS.oldHours, CHUNK_KINDS.freshMinutes, CHUNK_KINDS.mergedMinutes],
  4: [CHUNK_KINDS.halfDays],
};

/** Time before which a tier holds no data, epoch ms. */
export function horizonOf(context: Pick<StoreContext, 'state'>, tier: TierIndex): number {
  return context.state.get(`horizon.${tier}`) ?? 0;
}

/** A key that changes when retention may have something new to do: each hour, and with the limits. */
export function retentionKey({ keepDays, maxBytes }: RetentionLimits, now: number): string {
  return [Math.floor(now / HOUR), keepDays, maxBytes].join();
}

/** Removes everything too old at that time. Yields between steps, so that other work can run. */
export function* retain(context: StoreContext, limits: RetentionLimits, { now, since, latest }: RetentionTime): Generator<void> {
  lowerHorizons(context, since);
  for (const tier of TIER_INDEXES) yield* expire(context, tier, now - Math.min(TIERS[tier].keep, limits.keepDays * DAY));
  yield* shrink(context, limits, latest);
  yield* dropGaps(context, horizonOf(context, 3));
  yield* dropSurplusDevices(context);
  yield* dropSeries(context);
}

/**
 * A tier's horizon where new samples begin at `since`: one after that is from a clock that was wrong, and would hide and
 * remove them. It comes back to there, and no further: what is older was removed, and is read from coarser tiers. Before 1970
 * no clock was believed yet, and nothing is known of where samples begin.
 */
export function loweredHorizon(horizon: number, since: number, tier: TierIndex): number {
  const granularity = Math.max(HOUR, TIERS[tier].width);
  return since <= 0 ? horizon : Math.min(horizon, Math.floor(since / granularity) * granularity);
}

function lowerHorizons(context: StoreContext, since: number): void {
  const lowered = TIER_INDEXES.map((tier) => [`horizon.${tier}`, horizonOf(context, tier), loweredHorizon(horizonOf(context, tier), since, tier)] as const);
  const changed = lowered.filter(([, before, after]) => after < before);
  if (changed.length > 0) context.state.save(Object.fromEntries(changed.map(([name, , after]) => [name, after])));
}

/** A tier's horizon for a limit: multiples of an hour or of a day, so that it moves seldom. */
export function horizonFor(cutoff: number, tier: TierIndex): number {
  const granularity = tier === 0 ? HOUR : DAY;
  return Math.floor(cutoff / granularity) * granularity;
}

/** Moves a tier's horizon forward to `cutoff` (never back), then removes the chunks before it. */
function* expire(context: StoreContext, tier: TierIndex, cutoff: number): Generator<void> {
  const wanted = horizonFor(cutoff, tier);
  if (wanted > horizonOf(context, tier)) context.state.save({ [`horizon.${tier}`]: wanted });
  const horizon = horizonOf(context, tier);
  for (const kind of OWN_KINDS[tier]) {
    const ends = context.chunks.starts(kind, 0, horizon - kind.span + 1);
    const last = ends[ends.length - 1];
    if (last === undefined) continue;
    while (!context.db.transaction(() => context.chunks.drop(kind, 0, last + kind.span))()) yield;
    yield;
  }
}

/** Bytes of the pages in use. */
function usedBytes(context: Pick<StoreContext, 'db'>): number {
  const number = (name: string): number => Number(context.db.pragma(name, { simple: true }));
  return (number('page_count') - number('freelist_count')) * number('page_size');
}

/** While the database is too large, removes the oldest chunk of the tier that goes back furthest; the day before `latest` always stays. */
function* shrink(context: StoreContext, limits: RetentionLimits, latest: number): Generator<void> {
  const maxBytes = limits.maxBytes ?? Infinity;
  for (let oldest = oldestOf(context, latest); oldest !== null && usedBytes(context) > maxBytes; oldest = oldestOf(context, latest)) {
    yield* expire(context, oldest.tier, oldest.end);
    yield;
  }
}

/** The tier that goes back furthest, if by more than a day before `latest`, and the end of its oldest chunk. */
function oldestOf(context: StoreContext, latest: number): { tier: TierIndex; end: number } | null {
  const reaches = TIER_INDEXES.flatMap((tier) =>
    OWN_KINDS[tier].flatMap((kind) => {
      const from = context.chunks.oldest(kind);
      return from === null ? [] : [{ tier, from, end: from + Math.max(kind.span, DAY) }];
    }),
  );
  const [oldest] = reaches.filter(({ end }) => end <= latest - DAY).sort((a, b) => a.from - b.from || b.tier - a.tier);
  return oldest ?? null;
}

function* dropGaps(context: StoreContext, before: number): Generator<void> {
  const drop = context.db.prepare('DELETE FROM gaps WHERE time IN (SELECT time FROM gaps WHERE time < ? ORDER BY time LIMIT ?)');
  while (drop.run(before, ROWS).changes === ROWS) yield;
}

/** Removes series without any data: those whose newest sample is older than the horizon of the hours. */
function* dropSeries(context: StoreContext): Generator<void> {
  const stale = context.catalog.stale(horizonOf(context, 3) - CHUNK_KINDS.oldHours.span);
  if (stale.length === 0) return;
  const present = seriesInHead(context);
  const gone = stale.map((series) => series.id).filter((id) => !present.has(id));
  for (let i = 0; i < gone.length; i += ROWS) {
    context.db.transaction(() => context.catalog.remove(gone.slice(i, i + ROWS)))();
    yield;
  }
}

/** True if so much of the file is free that compacting it is worth it. A history of constant size reuses its own pages. */
export function isCompactionDue({ db, state }: Pick<StoreContext, 'db' | 'state'>): boolean {
  const number = (name: string): number => Number(db.pragma(name, { simple: true }));
  // Files of earlier versions have a pointer map, which costs more than it is worth; compacting removes it.
  return state.get(COMPACTION_DUE) !== null || number('auto_vacuum') !== 0 || number('freelist_count') >= Math.max(FREE_PAGES, number('page_count') * FREE_SHARE);
}
