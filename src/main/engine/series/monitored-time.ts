/** When monitoring ran, from the known gaps. What was sampled follows from it and from the points that are stored. */
import { bucketStart } from './bucket';
import { lowerBound } from '../../../shared/series/search';

/** A gap whose beginning is known: the last sample before it and the first after it, epoch ms. */
export interface KnownGap {
  readonly since: number;
  readonly time: number;
}

/** The time of a range in which monitoring ran. Gaps may overlap, since the clock can be set back; they are merged. */
export class MonitoredTime {
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  constructor(gaps: readonly KnownGap[]) {
    for (const { since, time } of gaps.toSorted((a, b) => a.since - b.since)) {
      if (time <= since) continue;
      const last = this.#to.length - 1;
      if ((this.#to[last] ?? -Infinity) < since) {
        this.#from.push(since);
        this.#to.push(time);
      } else {
        this.#to[last] = Math.max(this.#to[last] ?? 0, time);
      }
    }
  }

  /** Milliseconds of [from, to) that are in no known gap. */
  within(from: number, to: number): number {
    let sum = Math.max(0, to - from);
    for (let i = this.#firstAfter(from); (this.#from[i] ?? Infinity) < to; i += 1) {
      sum -= Math.min(to, this.#to[i] ?? 0) - Math.max(from, this.#from[i] ?? 0);
    }
    return sum;
  }

  /** Number of buckets of `width` ms in [from, to), both multiples of it, that are not wholly in a gap. */
  buckets(from: number, to: number, width: number): number {
    let count = (to - from) / width;
    for (let i = this.#firstAfter(from); (this.#from[i] ?? Infinity) < to; i += 1) {
      // The sample at the beginning of a gap is in its bucket.
      const first = Math.max(from, bucketStart(this.#from[i] ?? 0, width) + width);
      const end = Math.min(to, bucketStart(this.#to[i] ?? 0, width));
      count -= Math.max(0, end - first) / width;
    }
    return count;
  }

  /** Index of the first gap that ends after a time. */
  #firstAfter(time: number): number {
    return lowerBound(this.#to, time + 1);
  }
}
