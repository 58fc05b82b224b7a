/** Sampling intervals of a series, from its family's descriptor. */
import { familyOf, parseSeriesKey } from '../../../shared/metrics/index';
import type { SeriesKey } from '../../../shared/metrics/index';

/** Milliseconds between two samples of a series. */
export interface Interval {
  /** While its family is viewed. */
  readonly shortest: number;
  /** The longer of its two intervals: pauses up to this are not gaps. */
  readonly usual: number;
}

/** Sampling intervals of a series; null for a key that names no metric. */
export function intervalOf(key: SeriesKey): Interval | null {
  const parsed = parseSeriesKey(key);
  if (parsed === null) return null;
  const { background, viewed } = familyOf(parsed.family).samplingInterval;
  return { shortest: Math.min(background ?? viewed, viewed), usual: Math.max(background ?? viewed, viewed) };
}
