/** What a setting of the history will cost on disk. Pure. */
import { RESOLUTION_BY_AGE } from './resolution-tiers';

const DAY = 86_400_000;

/** Bytes an empty database and its write-ahead log take. */
const BASE = 1_000_000;
/** Bytes a point of each kind takes: a compressed sample, and a rollup point with its sketch. */
const BYTES = { sample: 1.4, rollup: 14 } as const;

/** Bytes of history of series with these sampling intervals (ms) after `days` days. */
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

/** What limits come to. */
export interface SizeEstimate {
  /** Series stored at present. */
  readonly series: number;
  /** Bytes on disk once the history is full. */
  readonly bytes: number;
  /** Days it then reaches back: fewer than kept where the size cap comes first. */
  readonly days: number;
}

/** What keeping `keepDays` days, but no more than `maxBytes`, comes to. */
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
  // The last day always stays, whatever the cap.
  const days = Math.max(1, low);
  return { series: intervals.length, bytes: Math.max(maxBytes, estimateBytes(intervals, 1)), days };
}
