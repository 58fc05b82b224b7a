/** Accumulates samples and rollup points of a range for its statistics. */

/** The newest bucket, or sample (width 0); times and widths in ms. */
interface Newest {
  readonly time: number;
  readonly width: number;
  readonly mean: number;
}

/** Summary of the parts of one series, added in any order. Values in the metric's unit. */
export class SeriesSummary {
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  /** Milliseconds covered by the samples. */
  covered = 0;
  readonly values: number[] = [];
  /** Number of samples each entry of `values` represents. */
  readonly counts: number[] = [];
  #newestFrom = -Infinity;
  #newest: (() => Newest) | null = null;

  /** Adds count, sum and extremes of samples that cover `covered` ms. */
  add(count: number, sum: number, min: number, max: number, covered: number): void {
    this.count += count;
    this.sum += sum;
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
    this.covered += covered;
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
