/** A long range cut into questions small enough to be answered one after the other, each as fine as the store keeps it. */
import { RESOLUTION_BY_AGE } from './resolution-tiers';

/** Points of one slice: few enough to be read and written in a few milliseconds. */
export const WINDOW_POINTS = 500;
/** More points asked for than samples are due, where the samples themselves are kept: some come a little early. */
const SLACK = 50;

/** One question: a range, epoch ms, `to` exclusive, and the points that make the store answer as fine as it keeps it. */
export interface QueryWindow {
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

/**
 * Cuts [from, to) into slices, oldest first; `now` tells how old a time is. Cuts lie on the edges of points, so that
 * none is told twice, and the range is widened to whole points. `finest` is the width (ms, a whole part of a minute) that
 * the newest part is asked for: no less than the interval of a series that is sampled more seldom than each second. `most`:
 * points of a slice, no more than WINDOW_POINTS.
 */
export function queryWindows(from: number, to: number, now: number, finest = 1000, most = WINDOW_POINTS): readonly QueryWindow[] {
  const windows: QueryWindow[] = [];
  let at: number | null = null;
  RESOLUTION_BY_AGE.toReversed().forEach((age, index) => {
    const younger = RESOLUTION_BY_AGE[RESOLUTION_BY_AGE.length - 2 - index];
    const width = Math.max(age.width, finest);
    // Each width is a whole number of the next, so an edge of the older points is one of the younger.
    const last = Math.ceil(to / width) * width;
    const end = younger === undefined ? last : Math.min(last, Math.floor((now - younger.until) / width) * width);
    let begin = at ?? Math.floor(from / width) * width;
    while (begin < end) {
      const next = Math.min(end, begin + width * most);
      windows.push({ from: begin, to: next, points: (next - begin) / width + (younger === undefined ? SLACK : 0) });
      begin = next;
      at = next;
    }
  });
  return windows;
}
