/** How far the clock of a machine is from the hub's, by when its reports were sent and when they arrived. Pure. */

/** Reports of which the one that was under way for the shortest time counts. */
const WINDOW = 5;
/** Differences up to this are not corrected: a report may be under way for so long, ms. */
const TOLERATED = 5000;
/** Two reports in turn that differ by more than this from those before mean that the clock was set back, ms. */
const SET_BACK = 30_000;
/** What the correction may be off before it is changed: stored times must not jitter, ms. */
const DRIFT = 2000;

/** The offset of one machine's clock; 0 until it is known to be wrong. */
export class ClockOffset {
  #measured: readonly number[] = [];
  /** Milliseconds to add to times of the machine. */
  correction = 0;

  /** Takes a measurement: arrival by the hub's clock less sending by the machine's, ms. */
  add(difference: number): void {
    this.#measured = [...this.#measured, difference].slice(-WINDOW);
    const latest = this.#measured.slice(-2);
    if (latest.length === 2 && Math.min(...latest) - Math.min(...this.#measured) > SET_BACK) this.#measured = latest;
    // A report can only take time: the smallest difference is the nearest to the offset.
    const offset = Math.min(...this.#measured);
    if (Math.abs(offset) <= TOLERATED) this.correction = 0;
    else if (Math.abs(offset - this.correction) > DRIFT) this.correction = Math.round(offset);
  }

  /** Milliseconds that the machine's clock is ahead, where that is more than is tolerated; else null. */
  get ahead(): number | null {
    return this.correction === 0 ? null : -this.correction;
  }
}
