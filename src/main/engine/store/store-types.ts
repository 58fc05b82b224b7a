/** The store as the rest of the engine sees it; only files in this folder know SQL. */
import type { Incident, IncidentsQuery } from '../../../shared/alerts/incident';
import type { ActivityEvent, EventsResponse, EventsQuery, NewEvent } from '../../../shared/timeline/event-schemas';
import type { SampleBatch } from '../../../shared/metrics/reading';
import type { TopProcesses, TopProcessesQuery } from '../../../shared/processes/process-schemas';
import type { SeriesResponse, SeriesQuery, SeriesStats, StatsQuery } from '../../../shared/series/types';
import type { Estimate } from './estimate';
import type { Recent } from './query/recent';
import type { Limits } from './jobs/retention';

/** How the store stands: writing, or keeping samples in memory because it cannot. */
export type StoreHealth =
  | { readonly state: 'ok' }
  /** The disk is full or the folder read-only. `pending` batches wait in memory (bounded), the oldest are dropped beyond. */
  | { readonly state: 'failing'; readonly message: string; readonly since: number; readonly pending: number; readonly dropped: number };

/**
 * What happened: events, incidents, and looks at the busiest processes. What is written waits in memory for the store's
 * next commit and is on disk together with that commit's samples; reads know of it at once. While the disk cannot be
 * written a bounded number waits, and the oldest is given up beyond. Nothing here throws.
 */
export interface ActivityLog {
  /** Writes an event that happened at `time`, epoch ms, and gives it its id: greater than any before, whatever the clock does. */
  addEvent(event: NewEvent, time: number): ActivityEvent;
  /** Events, newest first. */
  events(query: EventsQuery): EventsResponse;
  /** Writes an incident, or what has become of it. */
  putIncident(incident: Incident): void;
  /** Incidents that are not over, the latest to fire first. */
  openIncidents(): readonly Incident[];
  /** Incidents that lasted at some time of the range, the latest to fire first. */
  incidents(query: IncidentsQuery): readonly Incident[];
  /** Writes a look at the busiest processes. Values are rounded: tenths of a percent, 64 KiB. */
  putProcessSnapshot(top: TopProcesses): void;
  /** Looks of the range, those nearest to its middle first, each with the busiest process first. */
  top(query: TopProcessesQuery): readonly TopProcesses[];
  /** What waits for the disk, and what was given up since the disk last took some. */
  backlog(): { readonly waiting: number; readonly dropped: number };
}

/** Time-series store, and the journal of what happened beside the series. */
export interface Store {
  /** Ask for it each time: it belongs to the store of the moment. */
  readonly activity: ActivityLog;
  /** Takes a batch into memory; it is on disk after the next commit. Never throws. */
  append(batch: SampleBatch): void;
  /** Points of several series; includes samples not yet committed. Unknown series answer empty. */
  query(query: SeriesQuery): SeriesResponse;
  /** Statistics of several series over [from, to). */
  stats(query: StatsQuery): readonly SeriesStats[];
  /**
   * The same as `query` and `stats` as work with pauses, for `inSlices`: upkeep waits meanwhile, and where the database
   * changes all the same the work throws an OutdatedError.
   */
  queryWork(query: SeriesQuery): Generator<void, SeriesResponse>;
  statsWork(query: StatsQuery): Generator<void, readonly SeriesStats[]>;
  /** Writes what is pending now. False when it could not; the samples stay pending. */
  commit(): boolean;
  health(): StoreHealth;
  /** Bytes of the database on disk, write-ahead log included. */
  size(): number;
  /**
   * One slice of upkeep (sealing, rolling, retention), short enough to hold nobody up. True when
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
