/**
 * Queries that run in steps. Between two steps samples may be committed, which does not change anything a running query has
 * yet to read; maintenance would, so it waits for running queries, up to a limit.
 */
import { OutdatedError } from '../../time-slicing';

/** Milliseconds maintenance waits; a query that takes longer has to start over. */
const MAX_WAIT = 1000;

/** The running queries of one open database. */
export class RunningQueries {
  readonly #mono: () => number;
  #count = 0;
  #since = 0;
  /** Increases when the data that running queries read has changed. */
  #version = 0;

  constructor(mono: () => number) {
    this.#mono = mono;
  }

  /** Runs a query as `work` does; throws an OutdatedError once the data it reads has changed. */
  *run<T>(work: Generator<void, T>): Generator<void, T> {
    const version = this.#version;
    if (this.#count === 0) this.#since = this.#mono();
    this.#count += 1;
    try {
      for (let step = work.next(); ; step = work.next()) {
        if (step.done === true) return step.value;
        yield;
        if (version !== this.#version) throw new OutdatedError();
      }
    } finally {
      if (version === this.#version) this.#count -= 1;
    }
  }

  /** True if maintenance may run now. */
  allowMaintenance(): boolean {
    if (this.#count === 0) return true;
    if (this.#mono() - this.#since < MAX_WAIT) return false;
    this.invalidate();
    return true;
  }

  /** The data changes now: running queries become outdated. */
  invalidate(): void {
    this.#version += 1;
    this.#count = 0;
  }
}
