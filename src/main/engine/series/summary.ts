/** Accumulates samples and rollup points of a range for its statistics. */
import type { MonitoredTime } from './monitored-time';

/** The newest bucket, or sample (width 0); times and widths in ms. */
interface Newest {
  readonly time: number;
  readonly width: number;
  readonly mean: number;
}

/** What limits the time that stored points cover. */
export interface SampledLimits {
  /** The range of the statistics, epoch ms: points at its ends reach beyond it. */
  readonly from: number;
  readonly to: number;
  readonly monitored: MonitoredTime;
  /** The longest time that one sample covers, ms. */
  readonly perSample: number;
}

/** A rollup point, or a chunk of them: `points` of `width` ms, with the samples of all of them. */
interface CoveredPart {
  readonly start: number;
  readonly span: number;
  readonly width: number;
  readonly points: number;
  readonly count: number;
}

/** Summary of the parts of one series, added in any order. Values in the metric's unit. */
export class SeriesSummary {
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  /** Milliseconds of the range that were sampled. */
  covered = 0;
  readonly values: number[] = [];
  /** Number of samples each entry of `values` represents. */
  readonly counts: number[] = [];
  #newestFrom = -Infinity;
  #newest: (() => Newest) | null = null;
  readonly #limits: SampledLimits;

  constructor(limits: SampledLimits) {
    this.#limits = limits;
  }

  /** Adds count, sum and extremes of samples. */
  add(count: number, sum: number, min: number, max: number): void {
    this.count += count;
    this.sum += sum;
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
  }

  /**
   * Adds the time a whole chunk covers; false where that does not follow from its totals, because there is a gap in it and
   * not every bucket outside of the gap has a point. Then `coverPoint` is needed for each of its points.
   */
  coverChunk({ start, span, width, points, count }: CoveredPart): boolean {
    const { monitored, perSample } = this.#limits;
    const ran = monitored.within(start, start + span);
    const isWhole = points === monitored.buckets(start, start + span, width);
    if (!isWhole && ran < span) return false;
    this.covered += Math.min(isWhole ? ran : points * width, count * perSample);
    return true;
  }

  /** Adds the time one point covers. A point is as long as its bucket, which its samples need not fill. */
  coverPoint(start: number, width: number, count: number): void {
    const { from, to, monitored, perSample } = this.#limits;
    this.covered += Math.min(monitored.within(Math.max(from, start), Math.min(to, start + width)), count * perSample);
  }

  /** Adds a value that represents `count` samples, for the percentiles. */
  addValue(value: number, count: number): void {
    this.values.push(value);
    this.counts.push(count);
  }

  /** Registers the newest bucket of a part that begins at `from`; it is computed only if no other part begins later. */
  setNewest(from: number, newest: () => Newest): void {
    if (from < this.#newestFrom) return;
    this.#newestFrom = from;
    this.#newest = newest;
  }

  /** The newest bucket of all parts; null without any. */
  newest(): Newest | null {
    return this.#newest?.() ?? null;
  }
}
