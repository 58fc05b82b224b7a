/** Turns a reader off whose structures are not laid out as it takes for granted. */
import { CollectorError } from '../collectors/collector';

/** What a check compares is read at two moments, between which it may change: so many failures are none of these. */
const MOST_FAILURES = 5;

/** One for each reader. */
export class LayoutCheck {
  #isPassed = false;
  #failures = 0;
  #fault: CollectorError | null = null;

  /** Runs the check until it has passed once, or has failed too often: then it throws what the last one threw, a ParseError. */
  ensure(check: () => void): void {
    if (this.#isPassed) return;
    if (this.#fault !== null && this.#failures >= MOST_FAILURES) throw this.#fault;
    try {
      check();
      this.#isPassed = true;
    } catch (error) {
      if (error instanceof CollectorError && error.kind === 'ParseError') {
        this.#fault = error;
        this.#failures += 1;
      }
      throw error;
    }
  }
}
