/** Rows that wait for the disk, bounded: a disk that stays full must not fill the memory. */
import type { SeriesKey } from '../../../shared/metrics/index';
import type { Row } from './flatten';
import type { SampleSink, TimeRange } from './query/reader';

/** One hour of one-second batches. */
const MAX_ROWS = 3600;

/** And no more values than this, 16 bytes each, for machines with very many devices. */
const MAX_VALUES = 1_000_000;

/** Rows not yet on disk, oldest first. */
export class PendingRows {
  #rows: Row[] = [];
  #values = 0;
  /** Rows given up since the disk last took some. */
  dropped = 0;

  get length(): number {
    return this.#rows.length;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  add(row: Row): void {
    this.#rows.push(row);
    this.#values += row.steps.length;
    while (this.#rows.length > MAX_ROWS || (this.#values > MAX_VALUES && this.#rows.length > 1)) {
      this.#values -= this.#rows.shift()?.steps.length ?? 0;
      this.dropped += 1;
    }
  }

  /** All rows are on disk. */
  clear(): void {
    this.#rows = [];
    this.#values = 0;
    this.dropped = 0;
  }

  /** Hands the samples of the wanted series in the range to their sinks. */
  read(wanted: ReadonlyMap<SeriesKey, SampleSink>, range: TimeRange): void {
    for (const row of this.#rows) {
      if (row.time < range.from || row.time >= range.to) continue;
      row.series.forEach((series, i) => wanted.get(series.key)?.push(row.time, series.scale.toValue(row.steps[i] ?? 0)));
    }
  }

  /** Times of rows after a known hole in (from, to). */
  gaps(range: TimeRange): number[] {
    return this.#rows.filter((row) => row.gap !== null && row.time > range.from && row.time < range.to).map((row) => row.time);
  }
}
