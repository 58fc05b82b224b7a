/** Gaps with a known reason: sleep, a pause, the app not running. Pure. */
import type { GapReason } from '../metrics/reading';
import { lowerBound } from './search';

/** Marks the first sample after a gap. */
export interface GapMarker {
  /** Epoch ms. */
  readonly time: number;
  readonly reason: GapReason;
}

/** A time without samples, epoch ms, and its reason. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly reason: GapReason;
}

/** Data needed to compute the gaps of a range. */
export interface GapSources {
  /** Ascending: those after `from`, up to the first at or after `to`. */
  readonly markers: readonly GapMarker[];
  /** Times of points with samples in the range, ascending, each covering `step` ms. */
  readonly times: readonly number[];
  readonly step: number;
  /** Time of the first marker of all: before it the app was not installed, which is no gap. */
  readonly first: number | null;
}

/** Last of ascending `times` before `time`, or null. */
function lastBefore(times: readonly number[], time: number): number | null {
  return times[lowerBound(times, time) - 1] ?? null;
}

/**
 * The gaps in [from, to], cut to the range. A gap is from the last sample to its marker; gaps shorter than `step` are below
 * the resolution and left out.
 */
export function gapsOf({ markers, times, step, first }: GapSources, from: number, to: number): readonly Gap[] {
  let end = from;
  return markers.flatMap(({ time, reason }) => {
    // The point that holds the mark begins before it as well, and is none of the samples before the hole.
    const last = lastBefore(times, time - step + 1);
    if (last === null && time === first) return [];
    // A point covers the time up to the next one, so the gap begins where its width ends.
    const begin = Math.max(end, last === null ? from : Math.min(last + step, time));
    end = Math.min(time, to);
    return end - begin > step ? [{ from: begin, to: end, reason }] : [];
  });
}
