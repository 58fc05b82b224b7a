/** Retention: what is older than its tier is kept, or more than the size allows, goes in slices. */
import { frameSeries } from '../codec/frame';
import type { StoreContext } from './sealer';
import { DAY, CHUNK_KINDS, CHUNK_WINDOW, TIER_INDEXES, TIERS } from '../tiers';
import type { ChunkKind, TierIndex } from '../tiers';

/** Rows of other tables removed in one slice. */
const ROWS = 300;
/** Pages are given back when those free are more than this, and this share of all. */
const FREE_PAGES = 2048;
const FREE_SHARE = 0.25;
/** Slots in an hour: the horizon of samples is that of whole hours, so that every tier's buckets end there. */
const HOUR = 4 * CHUNK_WINDOW;

/** How much history is wanted. */
export interface RetentionLimits {
  readonly keepDays: number;
  /** Bytes the database may have, or null for any size. The older history goes first. */
  readonly maxBytes: number | null;
}

/** The kinds a tier has for itself. */
const OWN_KINDS: Readonly<Record<TierIndex, readonly ChunkKind[]>> = {
  0: [CHUNK_KINDS.samples],
  1: [CHUNK_KINDS.minutes],
  2: [CHUNK_KINDS.quarters],
  3: [CHUNK_KINDS.hours, CHUNK_KINDS.oldHours, CHUNK_KINDS.freshMinutes, CHUNK_KINDS.mergedMinutes],
  4: [CHUNK_KINDS.halfDays],
};

/** Time before which a tier has nothing, epoch ms. */
export function horizonOf(context: Pick<StoreContext, 'state'>, tier: TierIndex): number {
  return context.state.get(`horizon.${tier}`) ?? 0;
}

/** Changes when retention may find something new to do: each hour, and with the limits. */
export function retentionKey({ keepDays, maxBytes }: RetentionLimits, now: number): string {
  return [Math.floor(now / HOUR), keepDays, maxBytes].join();
}

/** Removes what is too old at `now`; pauses are where other work may go on. */
export function* retain(context: StoreContext, limits: RetentionLimits, now: number): Generator<void> {
  for (const tier of TIER_INDEXES) yield* expire(context, tier, now - Math.min(TIERS[tier].keep, limits.keepDays * DAY));
  yield* shrink(context, limits);
  yield* dropGaps(context, horizonOf(context, 3));
  yield* dropSeries(context);
}

/** Moves a tier's horizon up to `cutoff` (never back), then removes what lies before it. */
function* expire(context: StoreContext, tier: TierIndex, cutoff: number): Generator<void> {
  const granularity = tier === 0 ? HOUR : DAY;
  const wanted = Math.floor(cutoff / granularity) * granularity;
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

/** Bytes of pages in use. */
function usedBytes(context: Pick<StoreContext, 'db'>): number {
  const number = (name: string): number => Number(context.db.pragma(name, { simple: true }));
  return (number('page_count') - number('freelist_count')) * number('page_size');
}

/** While there is too much, drops the oldest of the tier that reaches back furthest; the last day always stays. */
function* shrink(context: StoreContext, limits: RetentionLimits): Generator<void> {
  const maxBytes = limits.maxBytes ?? Infinity;
  const newest = context.head.frames[context.head.frames.length - 1]?.last ?? 0;
  for (let oldest = oldestOf(context, newest); oldest !== null && usedBytes(context) > maxBytes; oldest = oldestOf(context, newest)) {
    yield* expire(context, oldest.tier, oldest.end);
    yield;
  }
}

/** The tier that reaches back furthest, if beyond a day, and the end of its oldest chunk. */
function oldestOf(context: StoreContext, newest: number): { tier: TierIndex; end: number } | null {
  const reaches = TIER_INDEXES.flatMap((tier) =>
    OWN_KINDS[tier].flatMap((kind) => {
      const from = context.chunks.oldest(kind);
      return from === null ? [] : [{ tier, from, end: from + Math.max(kind.span, DAY) }];
    }),
  );
  const [oldest] = reaches.filter(({ end }) => end <= newest - DAY).sort((a, b) => a.from - b.from || b.tier - a.tier);
  return oldest ?? null;
}

function* dropGaps(context: StoreContext, before: number): Generator<void> {
  const drop = context.db.prepare('DELETE FROM gaps WHERE time IN (SELECT time FROM gaps WHERE time < ? ORDER BY time LIMIT ?)');
  while (drop.run(before, ROWS).changes === ROWS) yield;
}

/** Forgets series that have nothing left: those not seen since the coarsest tier's horizon. */
function* dropSeries(context: StoreContext): Generator<void> {
  const stale = context.catalog.stale(horizonOf(context, 3) - CHUNK_KINDS.oldHours.span);
  if (stale.length === 0) return;
  const present = new Set<number>();
  for (const frame of context.head.frames) {
    const data = context.head.data(frame);
    try {
      for (const id of data === null ? [] : frameSeries(data)) present.add(id);
    } catch (error) {
      context.onDamage(error);
    }
  }
  const gone = stale.map((series) => series.id).filter((id) => !present.has(id));
  for (let i = 0; i < gone.length; i += ROWS) {
    context.db.transaction(() => context.catalog.remove(gone.slice(i, i + ROWS)))();
    yield;
  }
}

/** True when so much of the file is free that writing it anew is worth it: a steady history uses its own pages again. */
export function isCompactionDue({ db }: Pick<StoreContext, 'db'>): boolean {
  const number = (name: string): number => Number(db.pragma(name, { simple: true }));
  // A file of before has a map of its pages, which costs more than it is worth.
  return number('auto_vacuum') !== 0 || number('freelist_count') >= Math.max(FREE_PAGES, number('page_count') * FREE_SHARE);
}
