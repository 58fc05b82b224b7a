/**
 * The time retention counts from, saved with the history: what is believed of the system clock (clock-trust.ts), and never
 * later than the newest sample. So a wrong clock deletes nothing, and neither does a long pause.
 */
import { advanceTrustedClock, isPlausibleTime } from '../clock-trust';
import type { TrustedClock } from '../clock-trust';
import type { StoreContext } from './jobs/sealer';
import type { MaintenanceState } from './maintenance-state';
import { CHUNK_WINDOW, DAY } from './tiers';

/** Where each number is stored. Stored: never rename one. */
const KEYS = { now: 'age', sinceJump: 'age.jump', claimed: 'age.claimed', high: 'age.high', below: 'age.below', tried: 'age.tried' } as const satisfies Record<keyof TrustedClock, string>;
const NAMES = Object.keys(KEYS) as (keyof TrustedClock)[];

/** Longer than the first round takes to come, and than one may be late, ms. */
const ROUND = 5 * 60_000;

/** A jump forward that retention followed, epoch ms: from the time it had reached to the one that is believed now. */
export interface RetentionJump {
  readonly from: number;
  readonly to: number;
}

/** The times retention counts from, epoch ms. */
export interface RetentionTime {
  /** The present: what is older than a limit is removed. */
  readonly now: number;
  /** No sample since the last round is from before this, unless the clock was set back meanwhile. */
  readonly since: number;
  /** The newest time that is believed; the newest sample where nothing is yet. Its last day is never removed for the size limit. */
  readonly latest: number;
}

/**
 * Advances the clock. `claimed`: time of the system clock, epoch ms; `elapsed`: monotonic ms since the last call;
 * `newestStored`: newest sample of a history that has no clock yet, but was not begun in this run: the time since then is
 * a jump like any other.
 */
export function advanceRetentionClock(clock: TrustedClock | null, claimed: number, elapsed: number, newestStored: number | null = null): TrustedClock {
  const isOlder = clock === null && newestStored !== null && isPlausibleTime(newestStored) && newestStored <= claimed;
  return advanceTrustedClock(isOlder ? { now: newestStored, sinceJump: 0, tried: 0 } : clock, claimed, elapsed);
}

/** The clock of one open database. */
export class RetentionClock {
  readonly #context: Pick<StoreContext, 'state'>;
  readonly #newestStored: number | null;
  readonly #onJump: (jump: RetentionJump) => void;
  /** Undefined before the first round, which may follow a salvage. */
  #clock: TrustedClock | null | undefined;
  #lastRound: number | null = null;

  /** `newestStored`: see advanceRetentionClock. `onJump` is called for jumps of more than a day: shorter ones are nights. */
  constructor(context: Pick<StoreContext, 'state'>, newestStored: number | null, onJump: (jump: RetentionJump) => void) {
    this.#context = context;
    this.#newestStored = newestStored;
    this.#onJump = onJump;
  }

  /** One round at wall time `now` (epoch ms) and monotonic time `mono` (ms); `newest`: time of the newest sample, or null. */
  advance(now: number, mono: number, newest: number | null): RetentionTime {
    const elapsed = this.#lastRound === null ? 0 : mono - this.#lastRound;
    const before = this.#clock === undefined ? storedClock(this.#context.state) : this.#clock;
    const clock = advanceRetentionClock(before, now, elapsed, this.#newestStored);
    this.#lastRound = mono;
    this.#clock = clock;
    this.#save(clock);
    // Coming back to what was believed before the clock was set back is no jump.
    const reached = before === null ? 0 : (before.high ?? before.now) + elapsed;
    if (isPlausibleTime(reached) && clock.now - reached > DAY) this.#onJump({ from: reached, to: clock.now });
    // Under a clock that was never set, what it dates counts by it: charts of the present go on, and what is dated right is newer.
    const counted = isPlausibleTime(now) ? clock.now : now;
    const present = newest === null ? counted : Math.min(counted, newest);
    return { now: present, since: present - elapsed - ROUND, latest: isPlausibleTime(clock.now) ? clock.now : (newest ?? 0) };
  }

  /** Saved seldom: losing a few minutes of it only keeps data longer. */
  #save(clock: TrustedClock): void {
    const isDue = NAMES.some((name) => {
      const [value, saved] = [valueOf(clock, name), this.#context.state.get(KEYS[name])];
      return (value === null) !== (saved === null) || Math.abs((value ?? 0) - (saved ?? 0)) >= CHUNK_WINDOW;
    });
    if (isDue) this.#context.state.save(Object.fromEntries(NAMES.map((name) => [KEYS[name], valueOf(clock, name)])));
  }
}

/** The number to store; null for none. A time that is not believed is none. */
function valueOf(clock: TrustedClock, name: keyof TrustedClock): number | null {
  if (name === 'now' && !isPlausibleTime(clock.now)) return null;
  return clock[name] ?? null;
}

/** Null where no clock was believed or watched yet. */
function storedClock(state: MaintenanceState): TrustedClock | null {
  if (state.get(KEYS.now) === null && state.get(KEYS.claimed) === null) return null;
  const optional = (['claimed', 'high', 'below', 'tried'] as const).flatMap((name) => {
    const value = state.get(KEYS[name]);
    return value === null ? [] : [[name, value] as const];
  });
  return { now: state.get(KEYS.now) ?? 0, sinceJump: state.get(KEYS.sinceJump) ?? 0, ...Object.fromEntries(optional) };
}
