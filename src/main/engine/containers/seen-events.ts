/** Which events were seen, so that asking for the last ones again after a reconnection brings no repeats. */

/** How far before the last event it is asked again, ms: engines send events a little out of order. */
const OVERLAP = 5000;
/** Most events that are remembered; more within the overlap are a storm, of which the older ones count as seen. */
const MOST = 4096;
/** An event that is older than the last one by more than this, ms, means that the clock of the engine was set back. */
const SET_BACK = 60_000;

/** Remembers the events of the last seconds of a stream. */
export class SeenEvents {
  readonly #keys = new Map<string, number>();
  /** Events up to this time count as seen. */
  #floor = Number.NEGATIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #begun = Number.NEGATIVE_INFINITY;

  /** Events are of interest from now on, epoch ms. The clock of the engine may be another: this is only what is asked for. */
  begin(now: number): void {
    if (Number.isFinite(this.#begun)) return;
    this.#begun = now;
    this.#last = Math.max(this.#last, now);
  }

  /** True for an event that was not seen before. `time` in epoch ms. */
  isNew(key: string, time: number): boolean {
    if (time < this.#last - SET_BACK) this.#forget();
    if (time <= this.#floor || this.#keys.has(key)) return false;
    this.#keys.set(key, time);
    this.#last = Math.max(this.#last, time);
    if (this.#keys.size > MOST) this.#shorten();
    return true;
  }

  /** From when on events must be asked for again, whole seconds since the epoch; null before the beginning. */
  since(): number | null {
    return Number.isFinite(this.#last) ? Math.floor(Math.max(this.#last - OVERLAP, this.#begun) / 1000) : null;
  }

  #forget(): void {
    this.#keys.clear();
    this.#floor = Number.NEGATIVE_INFINITY;
    this.#last = Number.NEGATIVE_INFINITY;
  }

  /** Forgets what will not be sent again and, in a storm, the older half: those up to the newest of it count as seen. */
  #shorten(): void {
    const oldest = Math.floor((this.#last - OVERLAP) / 1000) * 1000;
    for (const [key, time] of this.#keys) if (time < oldest) this.#drop(key, time);
    if (this.#keys.size <= MOST / 2) return;
    const byTime = [...this.#keys].toSorted(([, a], [, b]) => a - b);
    for (const [key, time] of byTime.slice(0, byTime.length - MOST / 2)) this.#drop(key, time);
  }

  #drop(key: string, time: number): void {
    this.#keys.delete(key);
    this.#floor = Math.max(this.#floor, time);
  }
}
