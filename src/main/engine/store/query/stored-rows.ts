/** Rows as they were stored, column by column: for a copy of the history elsewhere that goes on where it ends. */
import type { SeriesKey } from '../../../../shared/metrics/index';
import type { GapReason } from '../../../../shared/metrics/reading';
import type { OpenDatabase } from '../open-database';
import { scaleOf } from '../codec/scale';
import type { Scale } from '../codec/scale';

/** Series by their number. */
export type SeriesById = ReadonlyMap<number, { readonly key: SeriesKey; readonly scale: Scale }>;

/** All series that are stored; none while the database cannot be opened. */
export function seriesById(database: Pick<OpenDatabase, 'catalog'> | null): SeriesById {
  return new Map((database?.catalog.from(0, Number.MAX_SAFE_INTEGER) ?? []).map(({ id, key, resolution }) => [id, { key, scale: scaleOf(resolution) }]));
}

/** Where to go on, and how much is wanted. Times are epoch ms. */
export interface RowsQuery {
  /** Time of the row after which to go on, the one added last where several have it; null: from the oldest sample on. */
  readonly after: number | null;
  /** Time of a row of this run, for where that row is not known here and the clock was set back since; null for none. */
  readonly first: number | null;
  /** At most so many rows, and about so many values, at least one row. */
  readonly rows: number;
  readonly values: number;
}

/** Rows in the order they were added; of what is sealed, in the order of time. */
export interface StoredRows {
  readonly times: readonly number[];
  /** The known gaps before rows, by position. */
  readonly gaps: Readonly<Record<string, GapReason>>;
  /** `series[key][i]` is the value at `times[i]`, in the metric's unit; null for none. */
  readonly series: Readonly<Record<SeriesKey, readonly (number | null)[]>>;
  /** More rows follow. */
  readonly hasMore: boolean;
}

/** Rows being collected. */
export class RowsDraft {
  readonly times: number[] = [];
  hasMore = false;
  readonly #columns = new Map<SeriesKey, (number | null)[]>();
  readonly #query: RowsQuery;
  #values = 0;

  constructor(query: RowsQuery) {
    this.#query = query;
  }

  /** How many rows may follow now, going by the values of those before. */
  get room(): number {
    const { length } = this.times;
    const { rows, values } = this.#query;
    if (length === 0) return rows;
    const perRow = Math.max(1, this.#values / length);
    return Math.max(0, Math.min(rows - length, Math.floor((values - this.#values) / perRow)));
  }

  put(row: number, key: SeriesKey, value: number): void {
    let column = this.#columns.get(key);
    if (column === undefined) this.#columns.set(key, (column = []));
    while (column.length < row) column.push(null);
    column[row] = value;
    this.#values += 1;
  }

  /** The rows, with the reasons of gaps by time. */
  finish(reasons: ReadonlyMap<number, GapReason>): StoredRows {
    const { times } = this;
    const gaps: Record<string, GapReason> = {};
    times.forEach((time, i) => {
      const reason = reasons.get(time);
      if (reason !== undefined) gaps[i] = reason;
    });
    const series = Object.fromEntries([...this.#columns].map(([key, column]) => [key, column.concat(Array.from({ length: times.length - column.length }, () => null))]));
    return { times, gaps, series, hasMore: this.hasMore };
  }
}
