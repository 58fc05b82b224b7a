/** The store as the rest of the engine sees it; only files in this folder know SQL. */
import type { SampleBatch } from '../../../shared/metrics/reading';
import type { SeriesAnswer, SeriesQuery, SeriesStats, StatsQuery } from '../../../shared/series/types';
import type { Estimate } from './estimate';
import type { Recent } from './recent';
import type { Limits } from './retention';

/** How the store stands: writing, or keeping samples in memory because it cannot. */
export type StoreHealth =
  | { readonly state: 'ok' }
  /** The disk is full or the folder read-only. `pending` batches wait in memory (bounded), the oldest are dropped beyond. */
  | { readonly state: 'failing'; readonly message: string; readonly since: number; readonly pending: number; readonly dropped: number };

/** Time-series store. */
export interface Store {
  /** Takes a batch into memory; it is on disk after the next commit. Never throws. */
  append(batch: SampleBatch): void;
  /** Points of several series; includes samples not yet committed. Unknown series answer empty. */
  query(query: SeriesQuery): SeriesAnswer;
  /** Statistics of several series over [from, to). */
  stats(query: StatsQuery): readonly SeriesStats[];
  /**
   * The same as `query` and `stats` as work with pauses, for `inSlices`: upkeep waits meanwhile, and where the database
   * changes all the same the work throws an OutdatedError.
   */
  queryWork(query: SeriesQuery): Generator<void, SeriesAnswer>;
  statsWork(query: StatsQuery): Generator<void, readonly SeriesStats[]>;
  /** Writes what is pending now. False when it could not; the samples stay pending. */
  commit(): boolean;
  health(): StoreHealth;
  /** Bytes of the database on disk, write-ahead log included. */
  size(): number;
  /**
   * One slice of upkeep (sealing, rolling, retention, giving room back), short enough to hold nobody up. True when
   * more is left to do. Call every minute, and again soon while it says true.
   */
  maintain(now: number): boolean;
  setLimits(limits: Limits): void;
  /**
   * Batches after `time` that are not sealed yet (at least those of five minutes), at most `limit`, in the order they came:
   * for a viewer whose connection was lost.
   */
  since(time: number, limit: number): Recent;
  /** What limits will cost in bytes; null while the database cannot be opened. */
  estimate(limits: Limits): Estimate | null;
  /** Commits and closes; the store cannot be used afterwards. */
  close(): void;
}
