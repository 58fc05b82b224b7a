/** Rows not committed yet, limited in number: a disk that stays full must not fill the memory. */
import type { SeriesKey } from '../../../shared/metrics/index';
import type { Row } from './flatten';
import type { SampleSink, TimeRange } from './query/reader';

/** One hour of one-second batches. */
const MAX_ROWS = 3600;

/** Most values in all rows, 16 bytes each; this limit applies on machines with very many devices. */
const MAX_VALUES = 1_000_000;

/** Rows not yet on disk, oldest first. */
export class PendingRows {
  #rows: Row[] = [];
  #values = 0;
  /** Rows discarded since the last successful commit. */
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

  /** Call when all rows are committed. */
  clear(): void {
    this.#rows = [];
    this.#values = 0;
    this.dropped = 0;
  }

  /** Pushes the samples of the wanted series in the range to their sinks. */
  read(wanted: ReadonlyMap<SeriesKey, SampleSink>, range: TimeRange): void {
    for (const row of this.#rows) {
      if (row.time < range.from || row.time >= range.to) continue;
      row.series.forEach((series, i) => wanted.get(series.key)?.push(row.time, series.scale.toValue(row.steps[i] ?? 0)));
    }
  }

  /** Times of rows that follow a known gap, in (from, to), epoch ms. */
  gaps(range: TimeRange): number[] {
    return this.#rows.filter((row) => row.gap !== null && row.time > range.from && row.time < range.to).map((row) => row.time);
  }
}
