/** How often a series is sampled, as its family's pace says. */
import { familyOf, parseSeriesKey } from '../../../shared/metrics/index';
import type { SeriesKey } from '../../../shared/metrics/index';

/** Milliseconds between two samples of a series. */
export interface Interval {
  /** The shortest of its paces: what a viewed family gives. */
  readonly shortest: number;
  /** The longest of its paces: a pause no longer than this is no hole. */
  readonly usual: number;
}

/** Sampling interval of a series, or null for a key that names no metric. */
export function intervalOf(key: SeriesKey): Interval | null {
  const parsed = parseSeriesKey(key);
  if (parsed === null) return null;
  const { background, viewed } = familyOf(parsed.family).samplingInterval;
  return { shortest: Math.min(background ?? viewed, viewed), usual: Math.max(background ?? viewed, viewed) };
}
