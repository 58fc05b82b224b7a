/** How many series a machine may have in the hub's copy: one that makes up names must not fill the disk. */
import type { SeriesKey } from '../../shared/metrics/index';

/** Most series of one machine; a large server has some hundreds. */
const MAX_SERIES = 3000;
/** Where all are used, those that are stored are counted again after this, ms: maintenance removes what is gone. */
const RECOUNT = 3_600_000;

/** Counts the series of one machine. */
export class SeriesLimit {
  #known: Set<SeriesKey> | null = null;
  #countedAt = -Infinity;
  /** Series that were left out since the last count. */
  #left = new Set<SeriesKey>();

  /** `stored` reads the keys that are stored. `mono`: monotonic ms. */
  constructor(private readonly stored: () => readonly SeriesKey[], private readonly mono: () => number) {}

  /** Whether a series is kept; a new one takes a place. */
  takes(key: SeriesKey): boolean {
    const known = this.#known ?? this.#count();
    if (known.has(key)) return true;
    if (known.size >= MAX_SERIES && this.mono() - this.#countedAt >= RECOUNT) return this.#addTo(this.#count(), key);
    return this.#addTo(known, key);
  }

  /** What is left out, as a sentence; null for nothing. */
  problem(): string | null {
    return this.#left.size === 0 ? null : `It reports more than ${MAX_SERIES} series; the others are not kept.`;
  }

  #addTo(known: Set<SeriesKey>, key: SeriesKey): boolean {
    if (known.size < MAX_SERIES) {
      known.add(key);
      return true;
    }
    if (this.#left.size < MAX_SERIES) this.#left.add(key);
    return false;
  }

  #count(): Set<SeriesKey> {
    this.#countedAt = this.mono();
    this.#left = new Set();
    this.#known = new Set(this.stored().slice(0, MAX_SERIES));
    return this.#known;
  }
}
