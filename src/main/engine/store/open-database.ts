/** An open database: its tables as objects, and writing rows to it. */
import type { Database } from 'better-sqlite3';
import type { GapReason } from '../../../shared/metrics/reading';
import type { KnownGap } from '../series/monitored-time';
import { Catalog } from './catalog';
import type { CatalogHooks } from './catalog';
import { Chunks } from './chunks';
import type { Row } from './flatten';
import { encodeFrame, splitIntoFrames } from './codec/frame';
import { GapMarkers, newestSample, oldestData } from './gap-markers';
import { Head } from './head';
import { Reader } from './query/reader';
import type { TimeRange } from './query/reader';
import { horizonOf } from './jobs/retention';
import type { StoreContext } from './jobs/sealer';
import { MaintenanceState } from './maintenance-state';
import type { TierIndex } from './tiers';

/** State key: time, at the machine they are of, of the copied row that was written last. */
export const COPIED_UNTIL = 'copied.until';

/** The objects of one open connection: catalog, chunks, head and maintenance state. */
export class OpenDatabase implements StoreContext {
  readonly db: Database;
  catalog: Catalog;
  chunks: Chunks;
  head: Head;
  state: MaintenanceState;
  readonly onDamage: (error: unknown) => void;
  readonly #hooks: CatalogHooks;
  readonly #inTransaction: (work: () => void) => void;
  readonly #gapMarkers: GapMarkers;

  /** `onDamage` is called with the error of each stored block that cannot be read. */
  constructor(db: Database, onDamage: (error: unknown) => void, hooks: CatalogHooks = {}) {
    this.db = db;
    this.onDamage = onDamage;
    this.#hooks = hooks;
    this.catalog = new Catalog(db, hooks);
    this.chunks = new Chunks(db);
    this.state = new MaintenanceState(db);
    this.head = new Head(db, this.state);
    this.#inTransaction = db.transaction((work: () => void) => work());
    this.#gapMarkers = new GapMarkers(db, () => newestSample(this));
  }

  /** Reads everything cached in memory again, after rows were written by other means. */
  reload(): void {
    this.catalog = new Catalog(this.db, this.#hooks);
    this.chunks = new Chunks(this.db);
    this.state = new MaintenanceState(this.db);
    this.head = new Head(this.db, this.state);
  }

  /** Writes rows, and what `also` writes, in one transaction: all of it or, if it throws, nothing. */
  write(rows: readonly Row[], also: () => void): void {
    try {
      this.#inTransaction(() => {
        also();
        // Before anything is stored under the new keys.
        for (const row of rows) for (const rename of row.renames ?? []) this.catalog.rename(rename);
        this.#gapMarkers.write(rows);
        for (const frame of splitIntoFrames(rows)) {
          const data = encodeFrame(frame, (series) => this.catalog.idOf(series));
          this.head.add(frame[0]?.time ?? 0, frame[frame.length - 1]?.time ?? 0, data);
        }
        const copied = rows.at(-1)?.copiedFrom;
        if (copied !== undefined) this.state.save({ [COPIED_UNTIL]: copied });
      });
      this.catalog.onCommit();
      this.head.onCommit();
      this.#gapMarkers.onCommit(rows);
    } catch (error) {
      this.catalog.onRollback();
      this.head.onRollback();
      throw error;
    }
  }

  /** A reader for one query. */
  reader(): Reader {
    return new Reader(this);
  }

  /** Time before which a tier holds no data, epoch ms. */
  horizon(tier: TierIndex): number {
    return horizonOf(this, tier);
  }

  setGapReason(time: number, reason: GapReason): void {
    this.#gapMarkers.setReason(time, reason);
  }

  /** Times of the first samples after known gaps in (from, to), ascending, epoch ms. */
  gaps(range: TimeRange): number[] {
    return this.#gapMarkers.times(range);
  }

  /** Why there are gaps before samples in (from, to), by the time of the sample. */
  gapReasons(range: TimeRange): ReturnType<GapMarkers['reasons']> {
    return this.#gapMarkers.reasons(range);
  }

  /** The gaps that overlap a range and whose beginning is known; `pending`: rows that are not written yet. */
  knownGaps(range: TimeRange, pending: readonly Row[]): KnownGap[] {
    return this.#gapMarkers.known(range, pending);
  }

  /** Time of the oldest data, epoch ms; null without any. */
  begins(): number | null {
    return oldestData(this, this.#gapMarkers.first());
  }

  close(): void {
    this.db.close();
  }
}
