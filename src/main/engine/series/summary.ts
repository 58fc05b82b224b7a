/** What statistics are made of: numbers that are true of many samples at once, and how many samples each value stands for. */

/** A bucket, or a sample (width 0). */
interface Newest {
  readonly time: number;
  readonly width: number;
  readonly mean: number;
}

/** Gathers the parts of one series, in any order. Values in the metric's unit. */
export class SeriesSummary {
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  /** Milliseconds the samples stand for. */
  covered = 0;
  readonly values: number[] = [];
  /** Samples each of `values` stands for. */
  readonly counts: number[] = [];
  #newestFrom = -Infinity;
  #newest: (() => Newest) | null = null;

  /** Adds what is true of some samples that stand for `covered` ms. */
  add(count: number, sum: number, min: number, max: number, covered: number): void {
    this.count += count;
    this.sum += sum;
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
    this.covered += covered;
  }

  /** Adds a value for the percentiles. */
  weigh(value: number, count: number): void {
    this.values.push(value);
    this.counts.push(count);
  }

  /** Notes where the newest bucket of a part beginning at `from` is; it is looked up only if no part begins later. */
  note(from: number, newest: () => Newest): void {
    if (from < this.#newestFrom) return;
    this.#newestFrom = from;
    this.#newest = newest;
  }

  /** The newest bucket of all parts, or null where nothing was noted. */
  newest(): Newest | null {
    return this.#newest?.() ?? null;
  }
}
