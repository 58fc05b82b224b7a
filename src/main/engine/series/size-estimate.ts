/** Estimates the size of the history on disk for given limits. Pure. */
import { RESOLUTION_BY_AGE } from './resolution-tiers';

const DAY = 86_400_000;

/** Bytes of an empty database with its write-ahead log. */
const BASE = 1_000_000;
/** Measured mean bytes of a compressed sample, and of a rollup point with its sketch. */
const BYTES = { sample: 1.4, rollup: 14 } as const;

/** Bytes of the history after `days` days; one sampling interval (ms) per series. */
export function estimateBytes(intervals: readonly number[], days: number): number {
  const kept = days * DAY;
  let bytes = BASE;
  for (const interval of intervals) {
    for (const { width, until } of RESOLUTION_BY_AGE) {
      bytes += (Math.min(kept, until) / Math.max(width, interval)) * (width === 0 ? BYTES.sample : BYTES.rollup);
    }
  }
  return Math.round(bytes);
}

/** Estimate for given limits. */
export interface SizeEstimate {
  /** Number of series stored now. */
  readonly series: number;
  /** Bytes on disk once the history is full. */
  readonly bytes: number;
  /** Days it then reaches back: fewer than `keepDays` if the size limit is reached first. */
  readonly days: number;
}

/** Estimate for keeping `keepDays` days and at most `maxBytes` (null: no size limit). */
export function estimateSize(intervals: readonly number[], keepDays: number, maxBytes: number | null): SizeEstimate {
  const wanted = estimateBytes(intervals, keepDays);
  if (maxBytes === null || wanted <= maxBytes) return { series: intervals.length, bytes: wanted, days: keepDays };
  let low = 0;
  let high = keepDays;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (estimateBytes(intervals, middle) <= maxBytes) low = middle;
    else high = middle;
  }
  // The last day is always kept, whatever the size limit.
  const days = Math.max(1, low);
  return { series: intervals.length, bytes: Math.max(maxBytes, estimateBytes(intervals, 1)), days };
}
