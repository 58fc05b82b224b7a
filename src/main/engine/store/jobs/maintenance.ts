/** Maintenance of a database in slices: sealing, rollup and retention, one after the other. */
import { RetentionClock } from '../retention-clock';
import type { RetentionJump } from '../retention-clock';
import { isCompactionDue, retain, retentionKey } from './retention';
import type { RetentionLimits } from './retention';
import { finishRollup, runRollups } from './rollup-job';
import { seal } from './sealer';
import type { StoreContext } from './sealer';
import { CHUNK_KINDS } from '../tiers';

/** A slice ends after the first step that ends later than this, monotonic ms since its beginning. */
const SLICE = 2;
/** Most steps of a slice. */
const STEPS = 100;

/** Dependencies of maintenance. */
export interface MaintenanceParts {
  readonly context: StoreContext;
  /** Called in each round: settings can change. */
  limits(): RetentionLimits;
  /** Monotonic ms. */
  mono(): number;
  /** Maintenance of the activity log; `now`: the time retention counts from, epoch ms. */
  maintainActivity(now: number): Generator<void>;
  /** Creates the work to be done before the first round (salvage), or null. Called at once, and again after that work failed. */
  initialWork(): Generator<void> | null;
  /** Retention followed a jump of the clock of more than a day. */
  onRetentionJump(jump: RetentionJump): void;
}

/** Maintenance of one open database. */
export class Maintenance {
  readonly #parts: MaintenanceParts;
  #work: Generator<void> | null;
  /** The work before the first round, while it is running. */
  #initialWork: Generator<void> | null;
  #mustRestart = false;
  readonly #retentionClock: RetentionClock;
  /** The key (retentionKey) retention last ran for. */
  #retainedKey: string | null = null;
  /** The last retention found that much of the file is free. */
  #isCompactionDue = false;

  constructor(parts: MaintenanceParts) {
    this.#parts = parts;
    this.#initialWork = parts.initialWork();
    this.#work = this.#initialWork;
    this.#retentionClock = new RetentionClock(parts.context, newestStored(parts.context), parts.onRetentionJump);
  }

  /** Ends the running work. Call before the database is closed. */
  stop(): void {
    this.#work?.return(undefined);
    this.#work = null;
  }

  /** True, once, if the file should be compacted. */
  takeCompactionDue(): boolean {
    const was = this.#isCompactionDue;
    this.#isCompactionDue = false;
    return was;
  }

  /** One slice at wall time `now`; true if there is more to do. Throws what the database throws; the next slice then starts over. */
  slice(now: number): boolean {
    const { context, mono } = this.#parts;
    const end = mono() + SLICE;
    try {
      if (this.#mustRestart) this.#restart();
      this.#work ??= this.#round(now);
      for (let step = 0; step < STEPS; step += 1) {
        if (this.#work.next().done === true) {
          const wasInitialWork = this.#work === this.#initialWork;
          this.#work = null;
          this.#initialWork = null;
          return wasInitialWork;
        }
        if (mono() >= end) return true;
      }
      return true;
    } catch (error) {
      this.#mustRestart = this.#initialWork !== null;
      this.#work = null;
      if (context.db.open) context.chunks.reload();
      throw error;
    }
  }

  #restart(): void {
    this.#initialWork = this.#parts.initialWork();
    this.#work = this.#initialWork;
    this.#mustRestart = false;
  }

  *#round(now: number): Generator<void> {
    const { context, limits, mono, maintainActivity } = this.#parts;
    const newest = context.head.frames.at(-1)?.last ?? null;
    yield* finishRollup(context);
    yield* seal(context);
    // A span is rolled up only once all of it is sealed: doing it twice would cost as much again.
    if (newest !== null) yield* runRollups(context, context.head.frames.reduce((first, frame) => Math.min(first, frame.first), newest));
    const time = this.#retentionClock.advance(now, mono(), newest);
    yield* maintainActivity(time.now);
    const key = retentionKey(limits(), time.now);
    if (key === this.#retainedKey) return;
    yield* retain(context, limits(), time);
    this.#retainedKey = key;
    this.#isCompactionDue = isCompactionDue(context);
  }
}

/** Time of the newest sample in a database that was just opened, epoch ms, or a little before it; null where there is none. */
function newestStored({ head, chunks }: StoreContext): number | null {
  const starts = Object.values(CHUNK_KINDS).flatMap((kind) => chunks.starts(kind).at(-1) ?? []);
  const times = [...starts, ...head.frames.map(({ last }) => last)];
  return times.length === 0 ? null : Math.max(...times);
}
