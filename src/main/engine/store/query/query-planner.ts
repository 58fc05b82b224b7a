/** Query planner: selects the tier from which each part of a range is read. */
import { TIER_INDEXES, TIERS } from '../tiers';
import type { TierIndex } from '../tiers';

/** A part of a range, epoch ms, and the tier it is read from; the segments of a plan do not overlap. */
export interface Segment {
  readonly tier: TierIndex;
  readonly from: number;
  readonly to: number;
}

/** Time before which a tier holds no data, epoch ms; a multiple of the widest bucket. */
export type Horizons = (tier: TierIndex) => number;

function floorTo(time: number, width: number): number {
  return width === 0 ? time : Math.floor(time / width) * width;
}

function ceilTo(time: number, width: number): number {
  return width === 0 ? time : Math.ceil(time / width) * width;
}

/** The finest tier with data before `time`. */
export function finestAt(time: number, horizons: Horizons): TierIndex {
  return TIER_INDEXES.find((tier) => horizons(tier) < time) ?? 3;
}

/** The coarsest tier of whose buckets buckets of `step` ms consist. */
function coarsestFor(step: number): TierIndex {
  return TIER_INDEXES.findLast((tier) => TIERS[tier].width > 0 && step % TIERS[tier].width === 0) ?? 0;
}

/**
 * Segments for a chart with buckets of `step` ms, oldest first: the coarsest tier that fits, and coarser ones where that
 * holds no data any more. Buckets are included whole.
 */
export function planChart(range: { from: number; to: number }, step: number, horizons: Horizons): Segment[] {
  const segments: Segment[] = [];
  let to = range.to;
  for (const tier of TIER_INDEXES.slice(coarsestFor(step))) {
    // Coarser buckets begin earlier: once the range is covered, they would add data from before it.
    if (to <= range.from) break;
    const from = Math.max(floorTo(range.from, TIERS[tier].width), horizons(tier));
    if (from >= to) continue;
    segments.unshift({ tier, from, to });
    to = from;
  }
  return segments;
}

/**
 * Segments for statistics, oldest first: hours in the middle, finer tiers towards the ends. Minutes are skipped where samples
 * are kept: a window of samples is read faster than a day of minutes. There the range is exact to the sample; elsewhere it is
 * extended to whole buckets of the finest tier that has data.
 */
export function planStats(range: { from: number; to: number }, horizons: Horizons): Segment[] {
  const segments: Segment[] = [];
  const cover = (tier: TierIndex, from: number, to: number): void => {
    if (from >= to) return;
    if (tier === 0 || (tier === 1 && horizons(0) <= from)) {
      coverFinest(segments, from, to, horizons);
      return;
    }
    const { width } = TIERS[tier];
    const start = Math.max(ceilTo(from, width), horizons(tier));
    const end = floorTo(to, width);
    const finer = TIER_INDEXES[tier - 1] ?? 0;
    if (start >= end) {
      cover(finer, from, to);
      return;
    }
    cover(finer, from, start);
    segments.push({ tier, from: start, to: end });
    cover(finer, end, to);
  };
  cover(3, range.from, range.to);
  return segments;
}

function coverFinest(segments: Segment[], from: number, to: number, horizons: Horizons): void {
  const samplesFrom = Math.min(Math.max(from, horizons(0)), to);
  if (from < samplesFrom) {
    const tier = TIER_INDEXES.find((one) => one > 0 && horizons(one) <= from) ?? 3;
    const { width } = TIERS[tier];
    segments.push({ tier, from: floorTo(from, width), to: ceilTo(samplesFrom, width) });
  }
  if (samplesFrom < to) segments.push({ tier: 0, from: samplesFrom, to });
}
