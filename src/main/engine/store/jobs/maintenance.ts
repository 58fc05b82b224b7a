/** Upkeep of a database in slices: sealing, rolling, retention, one after the other. */
import { advanceRetentionClock } from '../retention-clock';
import type { RetentionClock } from '../retention-clock';
import { isRoomy, retain, retentionMark } from './retention';
import type { Limits } from './retention';
import { endRoll, roll } from './rollup-job';
import { seal } from './sealer';
import type { StoreContext } from './sealer';
import { CHUNK_WINDOW } from '../tiers';

/** A slice ends with the first step that finds this much time gone, ms of the monotonic clock. */
const SLICE = 2;
/** Nor has it more steps than this. */
const STEPS = 100;

/** What upkeep is given. */
export interface MaintenanceParts {
  readonly at: StoreContext;
  /** Asked for in each round: settings change. */
  limits(): Limits;
  /** Monotonic ms. */
  mono(): number;
  /** Upkeep of what else is in the database, at the time retention counts from. */
  others(now: number): Generator<void>;
  /** Makes the work to be done before the first round, or null; asked at once, and again where that work failed. */
  first(): Generator<void> | null;
}

/** Upkeep of one open database. */
export class Maintenance {
  readonly #parts: MaintenanceParts;
  #work: Generator<void> | null;
  /** The work before the first round, while it is under way. */
  #first: Generator<void> | null;
  #mustBeginAgain = false;
  #lastRound: number | null = null;
  #age: RetentionClock | null = null;
  /** What retention was last done for. */
  #retained: string | null = null;
  /** Since the last retention much of the file is free. */
  #isRoomy = false;

  constructor(parts: MaintenanceParts) {
    this.#parts = parts;
    this.#first = parts.first();
    this.#work = this.#first;
  }

  /** Ends what is under way; the database is about to be closed. */
  stop(): void {
    this.#work?.return(undefined);
    this.#work = null;
  }

  /** Whether the file should be written anew, in less room; says it once. */
  takeRoomy(): boolean {
    const was = this.#isRoomy;
    this.#isRoomy = false;
    return was;
  }

  /** One slice at wall time `now`; true when there is more to do. Throws what the database throws; the next slice begins anew. */
  slice(now: number): boolean {
    const { at, mono } = this.#parts;
    const end = mono() + SLICE;
    try {
      if (this.#mustBeginAgain) this.#beginAgain();
      this.#work ??= this.#round(now);
      for (let step = 0; step < STEPS; step += 1) {
        if (this.#work.next().done === true) {
          const wasFirst = this.#work === this.#first;
          this.#work = null;
          this.#first = null;
          return wasFirst;
        }
        if (mono() >= end) return true;
      }
      return true;
    } catch (error) {
      this.#mustBeginAgain = this.#first !== null;
      this.#work = null;
      if (at.db.open) at.chunks.reload();
      throw error;
    }
  }

  #beginAgain(): void {
    this.#first = this.#parts.first();
    this.#work = this.#first;
    this.#mustBeginAgain = false;
  }

  *#round(now: number): Generator<void> {
    const { at, limits, mono, others } = this.#parts;
    const newest = at.head.frames.at(-1)?.last ?? null;
    yield* endRoll(at);
    yield* seal(at);
    // A span is rolled once all of it is sealed: doing it twice costs as much again.
    if (newest !== null) yield* roll(at, at.head.frames.reduce((first, frame) => Math.min(first, frame.first), newest));
    const age = this.#ageAt(at, newest === null ? now : Math.min(now, newest), mono());
    yield* others(age);
    const mark = retentionMark(limits(), age);
    if (mark === this.#retained) return;
    yield* retain(at, limits(), age);
    this.#retained = mark;
    this.#isRoomy = isRoomy(at);
  }

  /** The present time as far as retention is concerned. It is written down seldom: losing a few minutes of it only keeps more. */
  #ageAt(at: StoreContext, claimed: number, mono: number): number {
    const stored = at.state.get('age');
    this.#age ??= stored === null ? null : { now: stored, sinceJump: at.state.get('age.jump') ?? 0 };
    this.#age = advanceRetentionClock(this.#age, claimed, this.#lastRound === null ? 0 : mono - this.#lastRound);
    this.#lastRound = mono;
    const { now, sinceJump } = this.#age;
    if (stored === null || Math.abs(now - stored) >= CHUNK_WINDOW || sinceJump - (at.state.get('age.jump') ?? 0) >= CHUNK_WINDOW) at.state.save({ age: now, 'age.jump': sinceJump });
    return now;
  }
}
