/**
 * Answers that are given in pieces. Between two pieces samples may come and be committed, which changes nothing an answer
 * has yet to read; upkeep would, so it waits for them, though not long.
 */
import { OutdatedError } from '../../time-slicing';

/** Milliseconds upkeep waits; an answer that takes longer must begin again. */
const MAX_WAIT = 1000;

/** The answers of one open database. */
export class RunningQueries {
  readonly #mono: () => number;
  #count = 0;
  #since = 0;
  /** Grows when what answers read has changed under them. */
  #version = 0;

  constructor(mono: () => number) {
    this.#mono = mono;
  }

  /** The same work, which throws an OutdatedError once it cannot be right any more. */
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

  /** True when upkeep may go on. */
  allowMaintenance(): boolean {
    if (this.#count === 0) return true;
    if (this.#mono() - this.#since < MAX_WAIT) return false;
    this.invalidate();
    return true;
  }

  /** What is being read changes now. */
  invalidate(): void {
    this.#version += 1;
    this.#count = 0;
  }
}
