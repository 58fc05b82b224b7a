/** Times without samples whose reason is known: sleep, a pause, the app not running. Pure. */
import type { GapReason } from '../metrics/reading';
import { lowerBound } from './search';

/** The first sample after a known hole. */
export interface GapMarker {
  /** Epoch ms. */
  readonly time: number;
  readonly reason: GapReason;
}

/** A time without samples, epoch ms, and why there are none. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly reason: GapReason;
}

/** What is known around a range. */
export interface GapSources {
  /** Ascending; those after `from`, and the first at or after `to` where there is one. */
  readonly markers: readonly GapMarker[];
  /** Times of points with samples in the range, ascending, each standing for `step` ms. */
  readonly times: readonly number[];
  readonly step: number;
  /** Time of the very first mark there is: what lies before it is no hole but the time before the app was here. */
  readonly first: number | null;
}

/** Last of ascending `times` before `time`, or null. */
function lastBefore(times: readonly number[], time: number): number | null {
  return times[lowerBound(times, time) - 1] ?? null;
}

/**
 * The known holes in [from, to], cut to it. A hole reaches from the last sample to its mark; one shorter than `step`
 * cannot be told from none and is left out.
 */
export function gapsOf({ markers, times, step, first }: GapSources, from: number, to: number): readonly Gap[] {
  let end = from;
  return markers.flatMap(({ time, reason }) => {
    // The point that holds the mark begins before it as well, and is none of the samples before the hole.
    const last = lastBefore(times, time - step + 1);
    if (last === null && time === first) return [];
    // A point stands for the time up to the next, so the hole begins where its width ends.
    const begin = Math.max(end, last === null ? from : Math.min(last + step, time));
    end = Math.min(time, to);
    return end - begin > step ? [{ from: begin, to: end, reason }] : [];
  });
}
