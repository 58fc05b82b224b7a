/** The store's interface: series, statistics and the activity log, without SQL. open-store.ts opens an implementation. */
import type { Incident, IncidentsQuery } from '../../../shared/alerts/incident';
import type { ActivityEvent, EventsResponse, EventsQuery, NewEvent } from '../../../shared/timeline/event-schemas';
import type { GapReason, SampleBatch } from '../../../shared/metrics/reading';
import type { TopProcesses, TopProcessesQuery } from '../../../shared/processes/process-schemas';
import type { SeriesResponse, SeriesQuery, SeriesStats, StatsQuery } from '../../../shared/series/types';
import type { SizeEstimate } from './estimate';
import type { RecentRows } from './query/recent';
import type { RowsQuery, StoredRows } from './query/stored-rows';
import type { RetentionLimits } from './jobs/retention';

/** State of the store: writing, or keeping samples in memory because it cannot write. */
export type StoreHealth =
  | { readonly state: 'ok' }
  /**
   * For instance the disk is full or the folder read-only. `since`: epoch ms; `pending`: batches waiting in memory, limited in
   * number; `dropped`: oldest ones discarded beyond that.
   */
  | { readonly state: 'failing'; readonly message: string; readonly since: number; readonly pending: number; readonly dropped: number };

/**
 * The activity log: events, incidents and snapshots of the busiest processes. Writes wait in memory for the store's next
 * commit and reach the disk together with that commit's samples; reads see them at once. While the disk cannot be written a
 * limited number waits, and the oldest are discarded beyond that. Nothing here throws.
 */
export interface ActivityLog {
  /** Writes an event of `time`, epoch ms, and returns it with its id, which is greater than all before, whatever the clock does. */
  addEvent(event: NewEvent, time: number): ActivityEvent;
  /**
   * Writes an event of another machine's log under the id it has there. One whose id is not greater than all here is in this
   * copy already, and is left out.
   */
  copyEvent(event: ActivityEvent): void;
  /** Greatest id of all events that ever were here; 0 for none. */
  lastEvent(): number;
  /** Events, newest first. */
  events(query: EventsQuery): EventsResponse;
  /** The events after the one with this id, oldest first, at most `limit`. */
  eventsAfter(id: number, limit: number): readonly ActivityEvent[];
  /** Adds an incident, or replaces its earlier state. */
  putIncident(incident: Incident): void;
  /** Open incidents, the latest to fire first. */
  openIncidents(): readonly Incident[];
  /** Incidents that were open at some time in the range, the latest to fire first. */
  incidents(query: IncidentsQuery): readonly Incident[];
  /** Writes a process snapshot. Values are rounded to tenths of a percent and to 64 KiB. */
  putProcessSnapshot(snapshot: TopProcesses): void;
  /** Process snapshots in the range, those nearest to its middle first, each with the busiest process first. */
  processSnapshots(query: TopProcessesQuery): readonly TopProcesses[];
  /** Writes what is pending of the activity log now, without the samples; where that is not possible now, the next commit does. */
  flush(): void;
  /** Number of writes not committed yet, and of those discarded since the last successful commit. */
  backlog(): { readonly waiting: number; readonly dropped: number };
}

/** Time-series store, with the activity log next to the series. */
export interface Store {
  /** Read it each time, do not keep it: after a restore another store has taken over. */
  readonly activity: ActivityLog;
  /**
   * Takes a batch into memory; it is on disk after the next commit. Never throws. `copiedFrom`: of a row copied from another
   * machine its time there, epoch ms, which may have another clock.
   */
  append(batch: SampleBatch, copiedFrom?: number): void;
  /** Time at its machine of the row that was copied last, epoch ms; null for none. It is stored together with the row. */
  copiedUntil(): number | null;
  /** Points of several series, samples not committed yet included. Unknown series have no points. */
  query(query: SeriesQuery): SeriesResponse;
  /** Statistics of several series over [from, to). */
  stats(query: StatsQuery): readonly SeriesStats[];
  /**
   * `query` and `stats` as generators that yield between steps, for `runInSlices`. Maintenance waits for them, within limits;
   * if the database changes nevertheless they throw an OutdatedError.
   */
  queryWork(query: SeriesQuery): Generator<void, SeriesResponse>;
  statsWork(query: StatsQuery): Generator<void, readonly SeriesStats[]>;
  /** Changes the reason of the gap before the batch of `time` (epoch ms). Where that cannot be written now, the reason stays. */
  setGapReason(time: number, reason: GapReason): void;
  /** Writes everything pending now. False if that failed; the samples stay pending. */
  commit(): boolean;
  health(): StoreHealth;
  /** Bytes of the database on disk, write-ahead log included. */
  size(): number;
  /**
   * One slice of maintenance (sealing, rollup, retention), short enough not to delay the event loop; `now` in epoch ms. True
   * if more is left to do. Call every minute, and again soon while it returns true.
   */
  maintain(now: number): boolean;
  /**
   * Commits, then lets `change` change the file while nothing else writes to it: samples wait in memory. Afterwards all of it
   * is read again. Rejects with what `change` rejects with, and where the commit fails.
   */
  rewrite<T>(change: (path: string) => Promise<T>): Promise<T>;
  setLimits(limits: RetentionLimits): void;
  /**
   * Batches after `time` (epoch ms) that are not sealed yet (at least those of the last five minutes), at most `limit`, in the
   * order they were appended: for a client that reconnects.
   */
  since(time: number, limit: number): RecentRows;
  /**
   * Rows after a row, committed or not, for a copy of the history that goes on where it ends: a generator like `queryWork`.
   * Beyond the samples it gives a row for each minute.
   */
  rowsAfter(query: RowsQuery): Generator<void, StoredRows>;
  /** Estimated size for limits; null while the database cannot be opened. */
  estimate(limits: RetentionLimits): SizeEstimate | null;
  /** Commits and closes; the store cannot be used afterwards. */
  close(): void;
}
