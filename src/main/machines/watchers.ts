/** Who looks at which machine: that one is asked for reports more often. Times are monotonic ms. */

/** Over the network a client may end without a word: then it watches no longer than this after its last call, ms. */
const LEASE = 10 * 60_000;
const MAX_WATCHERS = 200;

interface Watched {
  readonly machine: string;
  readonly until: number;
}

/** The callers that look at a machine, one machine each. */
export class Watchers {
  readonly #watched = new Map<string, Watched>();

  constructor(private readonly mono: () => number) {}

  /** A caller shows a machine, or asked something about it. */
  watch(caller: string, machine: string): void {
    this.#watched.delete(caller);
    this.#watched.set(caller, { machine, until: caller.startsWith('window:') ? Infinity : this.mono() + LEASE });
    const [oldest] = this.#watched.keys();
    if (this.#watched.size > MAX_WATCHERS && oldest !== undefined) this.#watched.delete(oldest);
  }

  /** A caller has gone, or shows something else; with a machine: where it watched that one. */
  leave(caller: string, machine?: string): void {
    if (machine === undefined || this.#watched.get(caller)?.machine === machine) this.#watched.delete(caller);
  }

  isWatched(machine: string): boolean {
    const now = this.mono();
    for (const [caller, watched] of this.#watched) {
      if (watched.until <= now) this.#watched.delete(caller);
      else if (watched.machine === machine) return true;
    }
    return false;
  }
}
