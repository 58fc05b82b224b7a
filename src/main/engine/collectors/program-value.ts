/** What a program of the system tells, asked at most so often: for values that change more slowly than they are sampled. */
import { ProgramError } from '../programs/programs';
import { CollectorError } from './collector';
import type { SystemDeps } from './deps';

/** A tick may come this much early, ms. */
const SLACK = 250;

/** Nothing is asked before the first call; whoever calls while the program runs waits for the same answer. */
export class ProgramValue<T> {
  readonly #clock: Pick<SystemDeps['clock'], 'mono'>;
  readonly #ask: () => Promise<T>;
  #latest: Promise<T> | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<SystemDeps['clock'], 'mono'>, ask: () => Promise<T>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** The latest answer, at most `interval` ms old. Rejects as the program did: an older answer is never taken for a present one. */
  current(interval: number): Promise<T> {
    const now = this.#clock.mono();
    if (this.#latest === null || now - this.#askedAt >= interval - SLACK) {
      this.#askedAt = now;
      this.#latest = this.#ask();
    }
    return this.#latest;
  }

  /** The same; null if it cannot be had. */
  async optional(interval: number): Promise<T | null> {
    try {
      return await this.current(interval);
    } catch (error) {
      if (error instanceof ProgramError || error instanceof CollectorError) return null;
      throw error;
    }
  }
}
