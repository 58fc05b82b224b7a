/** The implementation of the store: takes batches into memory, commits them together, keeps running while the disk cannot be written. */
import { dirname } from 'node:path';
import type { SeriesKey } from '../../../shared/metrics/index';
import type { GapReason, SampleBatch } from '../../../shared/metrics/reading';
import { messageOf } from '../../../shared/result';
import type { SeriesResponse, SeriesQuery, SeriesStats, StatsQuery } from '../../../shared/series/types';
import { createTransitionLog } from '../log';
import type { Log, TransitionLog } from '../log';
import { finish } from '../time-slicing';
import { executeQuery, executeStats } from './query/query-executor';
import type { QuerySources } from './query/query-executor';
import { Checkpointer } from './jobs/checkpoint';
import { Compactor } from './jobs/compactor';
import { closeAll } from './close-all';
import { openDatabase, sizeOrZero } from './database';
import type { PageCheck, Quarantined } from './database';
import { isBusy, isCorruption, isTransient } from './database-errors';
import { estimate } from './estimate';
import { FileGuard } from './file-guard';
import { Flattener } from './flatten';
import { StoreActivityLog } from './activity/activity-log';
import { ActivityTables } from './activity/activity-tables';
import { EVENT_LIMITS, pruneActivity } from './activity/activity-retention';
import { Maintenance } from './jobs/maintenance';
import { collectQuerySources } from './query/query-sources';
import { RunningQueries } from './query/running-queries';
import { PendingRows } from './pending-rows';
import type { TimeRange } from './query/reader';
import { recentRows } from './query/recent';
import { rowsAfter } from './query/rows-after';
import type { RowsQuery, StoredRows } from './query/stored-rows';
import { COMPACTION_DUE } from './jobs/retention';
import type { RetentionLimits } from './jobs/retention';
import { beginSalvage, recordSalvage } from './jobs/salvage';
import { COPIED_UNTIL, OpenDatabase } from './open-database';
import type { StoreOptions } from './store-options';
import type { Store, StoreHealth } from './store-types';

/** Devices cached between commits; beyond it the cache is cleared. */
const MAX_DEVICES = 2000;
/** Milliseconds in which a reader may hold up writing before that counts as a failure. */
const HELD_UP = 120_000;
/** Milliseconds the last commit waits for a compaction that is running: ten times what a large file takes. */
const COMPACT_TIMEOUT = 60_000;

/** A store in an SQLite file. Created by openStore. */
export class SqliteStore implements Store {
  readonly activity: StoreActivityLog;
  readonly #options: StoreOptions;
  readonly #log: Log;
  readonly #transitions: TransitionLog;
  readonly #flattener = new Flattener();
  readonly #pending = new PendingRows();
  #database: OpenDatabase | null = null;
  /** Set after an error that needs a new connection: which pages to check then. */
  #mustReopen: PageCheck | 'no' = 'small';
  #maintenance: Maintenance | null = null;
  #checkpointer: Checkpointer | null = null;
  readonly #guard: FileGuard;
  readonly #runningQueries: RunningQueries;
  #limits: RetentionLimits;
  #lastCommit: number;
  #failing: { message: string; since: number } | null = null;
  #isClosed = false;
  #isLogRefused = false;
  /** When the last commit succeeded, monotonic ms. */
  #writtenAt: number;
  readonly #compactor: Compactor;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#transitions = createTransitionLog(options.log);
    this.#runningQueries = new RunningQueries(() => options.clock.mono());
    this.#limits = { keepDays: options.keepDays, maxBytes: options.maxBytes ?? null };
    this.#lastCommit = this.#writtenAt = options.clock.mono();
    this.#guard = new FileGuard({ path: options.path, clock: options.clock, log: options.log, onLost: (lost) => options.onFileLost?.(lost) });
    const onEnd = (): void => void (this.#lastCommit = -Infinity);
    const onRewritten = (): void => void (this.#mustReopen = this.#mustReopen === 'no' ? 'none' : this.#mustReopen);
    const onCompacted = (): void => this.#database?.state.forget(COMPACTION_DUE);
    this.#compactor = new Compactor({ ...options, compact: options.compact, size: () => this.size(), onCompacted, onRewritten, onEnd });
    const onBacklog = (): void => {
      if (this.#failing === null) this.commit();
    };
    this.activity = new StoreActivityLog({ onEvent: options.onEvent, onIncident: options.onIncident, onBacklog, onFlush: () => this.#flushActivity(), onFailure: (error) => this.fail(error) });
  }

  /** Opens the database. Throws StoreOpenError, or the error that prevents opening it now. */
  open(): Quarantined | null {
    this.#release();
    const lost = this.#guard.restore();
    const check = (this.#mustReopen = this.#mustReopen === 'no' ? 'none' : this.#mustReopen);
    // What must be done stays until all of it succeeded: a half-opened database is opened again.
    const opened = (this.#options.openFile ?? openDatabase)(this.#options.path, this.#options.clock.now(), check, { isLogRefused: this.#isLogRefused });
    if (typeof opened.refusal === 'string') this.#onLogRefused(opened.refusal);
    const onDamage = (error: unknown): void => this.#transitions.report('reading a stored block', messageOf(error));
    const database = new OpenDatabase(opened.db, onDamage, this.#options);
    this.#database = database;
    this.#guard.attach(opened.db);
    if (opened.quarantined !== null) this.#log.error('the database was damaged and has been quarantined', { ...opened.quarantined });
    const { clock, path, disk, eventLimits = () => EVENT_LIMITS, onRetentionJump = () => undefined } = this.#options;
    const beginLog = (): void => database.state.save({ 'log.begun': (database.state.get('log.begun') ?? 0) + 1 });
    this.#checkpointer = new Checkpointer({ db: opened.db, files: this.#guard.files, beginLog, onError: (error) => this.fail(error), ...(disk === undefined ? {} : { disk }) });
    if (opened.quarantined !== null) recordSalvage(opened.db, opened.quarantined.path);
    const initialWork = (): Generator<void> | null => beginSalvage(dirname(path), database, this.#log);
    const activity = new ActivityTables(opened.db, onDamage);
    const maintainActivity = (now: number): Generator<void> => pruneActivity(activity, eventLimits(), this.#limits.keepDays, now);
    this.#maintenance = new Maintenance({ context: database, limits: () => this.#limits, mono: () => clock.mono(), maintainActivity, initialWork, onRetentionJump });
    // After the salvage has begun: numbers of new events continue after those it recovered.
    this.activity.attach(activity);
    this.#mustReopen = 'no';
    // Damage by what was written over the file is told as that.
    return lost === 'overwritten' ? null : opened.quarantined;
  }

  append(batch: SampleBatch, copiedFrom?: number): void {
    if (this.#isClosed) return;
    const row = this.#flattener.toRow(batch, copiedFrom);
    if (row.steps.length > 0 || row.gap !== null || row.renames !== undefined) this.#pending.add(row);
    const isDue = this.#options.clock.mono() - this.#lastCommit >= (this.#options.commitEveryMs ?? 10_000);
    // While a checkpoint waits for the disk, rows stay in memory a little longer.
    if (isDue && this.#checkpointer?.isBusy !== true && !this.#compactor.isRunning) this.commit();
  }

  commit(): boolean {
    if (this.#isClosed || this.#compactor.isRunning) return false;
    this.#lastCommit = this.#options.clock.mono();
    try {
      this.#checkpointer?.settle();
      const lost = this.#guard.save();
      if (lost !== null) this.#mustReopen = lost === 'overwritten' || this.#mustReopen === 'all' ? 'all' : 'none';
      const quarantined = this.#mustReopen === 'no' ? null : this.open();
      if (quarantined !== null) this.#options.onQuarantined?.(quarantined);
      if (this.#pending.length > 0 || this.activity.backlog().waiting > 0) this.#database?.write(this.#pending.rows, () => this.activity.write());
    } catch (error) {
      if (!this.#mayWait(error)) this.fail(error);
      return false;
    }
    this.#guard.syncLater((error) => this.fail(error));
    this.#recover();
    return true;
  }

  setGapReason(time: number, reason: GapReason): void {
    try {
      if (this.commit()) this.#database?.setGapReason(time, reason);
    } catch (error) {
      this.fail(error);
    }
  }

  query(query: SeriesQuery): SeriesResponse {
    return finish(this.queryWork(query));
  }

  stats(query: StatsQuery): readonly SeriesStats[] {
    return finish(this.statsWork(query));
  }

  queryWork(query: SeriesQuery): Generator<void, SeriesResponse> {
    return this.#runningQueries.run(this.#execute(query, executeQuery));
  }

  statsWork(query: StatsQuery): Generator<void, readonly SeriesStats[]> {
    return this.#runningQueries.run(this.#execute(query, executeStats));
  }

  health(): StoreHealth {
    if (this.#failing === null) return { state: 'ok' };
    return { state: 'failing', ...this.#failing, pending: this.#pending.length, dropped: this.#pending.dropped };
  }

  size(): number {
    return sizeOrZero(this.#options.path, (error) => this.#transitions.report('size of the database', messageOf(error)));
  }

  maintain(now: number): boolean {
    if (this.#mustReopen !== 'no' || this.#compactor.isRunning) return false;
    if (!this.#runningQueries.allowMaintenance()) return true;
    try {
      if (this.#checkpointer?.advance() === true) return true;
      if (this.#maintenance?.slice(now) === true) return true;
      const isDue = this.#maintenance?.takeCompactionDue() === true && this.#compactor.isPossible;
      if (isDue && this.#failing === null && this.commit()) this.#compactor.begin();
      return false;
    } catch (error) {
      if (!this.#mayWait(error)) this.fail(error);
      return false;
    }
  }

  rewrite<T>(change: (path: string) => Promise<T>): Promise<T> {
    return this.#compactor.run(change, () => !this.#isClosed && this.commit());
  }

  setLimits(limits: RetentionLimits): void {
    this.#limits = limits;
  }

  since(time: number, limit: number): ReturnType<Store['since']> {
    try {
      return recentRows(this.#database, this.#pending, time, limit);
    } catch (error) {
      this.fail(error);
      return { rows: [], complete: false };
    }
  }

  rowsAfter(query: RowsQuery): Generator<void, StoredRows> {
    return this.#runningQueries.run(rowsAfter(this.#database, this.#pending, query));
  }

  estimate(limits: RetentionLimits): ReturnType<Store['estimate']> {
    return this.#database === null ? null : estimate(this.#database.db, this.#database.chunks, limits);
  }

  copiedUntil(): number | null {
    return this.#pending.rows.at(-1)?.copiedFrom ?? this.#database?.state.get(COPIED_UNTIL) ?? null;
  }

  close(): void {
    if (this.#isClosed) return;
    if (this.#compactor.isRunning) {
      this.#compactor.abandon();
      this.#database?.db.pragma(`busy_timeout = ${COMPACT_TIMEOUT}`);
    }
    this.#guard.isLast = true;
    if (!this.commit()) this.#log.error('samples were lost: the last ones could not be written', { batches: this.#pending.length, activity: this.activity.backlog().waiting });
    this.#isClosed = true;
    this.#release();
  }

  /** Records a failure. The connection stays open for reads; the next commit opens a new one if that is needed. */
  fail(error: unknown): void {
    const message = messageOf(error);
    if (isCorruption(error)) this.#mustReopen = 'all';
    else if (!isTransient(error) && this.#mustReopen === 'no') this.#mustReopen = 'none';
    this.#transitions.report('writing the database', message, { path: this.#options.path });
    const before = this.#failing;
    this.#failing = { message, since: before?.since ?? this.#options.clock.now() };
    if (before === null) this.#options.onHealth?.(this.health());
  }

  /** Writes the activity log alone: a frame of the samples for each event would be a hundred times as many. */
  #flushActivity(): void {
    if (this.#isClosed || this.#failing !== null) return;
    const isReady = !this.#compactor.isRunning && this.#checkpointer?.isBusy === false && this.#mustReopen === 'no' && (this.#guard.files?.loss() ?? null) === null;
    if (!isReady || this.#database === null) {
      // As soon as it can be written.
      this.#lastCommit = -Infinity;
      return;
    }
    try {
      this.#database.write([], () => this.activity.write());
      this.activity.onCommit();
    } catch (error) {
      this.fail(error);
    }
  }

  #onLogRefused(reason: string): void {
    if (this.#isLogRefused) return;
    this.#isLogRefused = true;
    this.#log.warn('the write-ahead log does not work here; the history has a rollback journal', { path: this.#options.path, reason });
    this.#options.onLogRefused?.();
  }

  /** Without a log whoever reads the file, for a backup, holds up writing: for a while that is no failure. */
  #mayWait(error: unknown): boolean {
    return this.#isLogRefused && this.#failing === null && isBusy(error) && this.#options.clock.mono() - this.#writtenAt < HELD_UP;
  }

  #recover(): void {
    this.#writtenAt = this.#options.clock.mono();
    const dropped = this.#pending.dropped + this.activity.backlog().dropped;
    this.#pending.clear();
    this.activity.onCommit();
    if (this.#flattener.devices > MAX_DEVICES) this.#flattener.reset();
    if (this.#failing === null) return;
    this.#failing = null;
    this.#transitions.report('writing the database', null, { dropped });
    this.#options.onHealth?.(this.health());
  }

  #release(): void {
    const database = this.#database;
    const checkpointer = this.#checkpointer;
    this.#runningQueries.invalidate();
    this.#database = null;
    this.activity.attach(null);
    this.#checkpointer = null;
    this.#maintenance?.stop();
    this.#maintenance = null;
    closeAll([() => checkpointer?.settle(), () => database?.close(), () => this.#guard.detach()], this.#log);
  }

  *#execute<Q extends { readonly series: readonly SeriesKey[] } & TimeRange, R>(query: Q, execute: (query: Q, sources: QuerySources) => Generator<void, R>): Generator<void, R> {
    return yield* execute(query, yield* collectQuerySources({ database: this.#database, pending: this.#pending, fail: (error) => this.fail(error) }, query.series, query));
  }
}
