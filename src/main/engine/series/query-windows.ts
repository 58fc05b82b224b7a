/** Cuts a long range into small queries that are run one after another, each at the finest stored resolution. */
import { RESOLUTION_BY_AGE } from './resolution-tiers';

/** Points of one window: few enough to be read and written in a few milliseconds. */
export const WINDOW_POINTS = 500;
/** Extra points requested where raw samples are stored: some samples come a little early. */
const SLACK = 50;

/** One query: a range, epoch ms, `to` exclusive, and the number of points that gives the finest stored resolution. */
export interface QueryWindow {
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

/**
 * Cuts [from, to) into windows, oldest first; `now` (epoch ms) determines the age of a time. Windows begin and end at
 * edges of points, so that no point is returned twice, and the range is widened to whole points. `finest` is the width of
 * the newest points (ms, a divisor of a minute), at least the sampling interval of the series. `maxPoints` per window is
 * at most WINDOW_POINTS.
 */
export function queryWindows(from: number, to: number, now: number, finest = 1000, maxPoints = WINDOW_POINTS): readonly QueryWindow[] {
  const windows: QueryWindow[] = [];
  let at: number | null = null;
  RESOLUTION_BY_AGE.toReversed().forEach((tier, index) => {
    const younger = RESOLUTION_BY_AGE[RESOLUTION_BY_AGE.length - 2 - index];
    const width = Math.max(tier.width, finest);
    // Each width is a multiple of the next finer one, so an edge of older points is also an edge of younger ones.
    const last = Math.ceil(to / width) * width;
    const end = younger === undefined ? last : Math.min(last, Math.floor((now - younger.until) / width) * width);
    let begin = at ?? Math.floor(from / width) * width;
    while (begin < end) {
      const next = Math.min(end, begin + width * maxPoints);
      windows.push({ from: begin, to: next, points: (next - begin) / width + (younger === undefined ? SLACK : 0) });
      begin = next;
      at = next;
    }
  });
  return windows;
}
