/** Calls that wait for a device: one after another, each with a deadline, and none more while one is late. */
import type { Timers } from '../clock';
import { CollectorError } from '../collectors/collector';
import { LATE, within } from '../deadline';

/** Each late call occupies one of the four threads that all file access of the process shares. */
export class Patience {
  readonly #timers: Timers;
  readonly #deadline: number;
  #turn: Promise<unknown> = Promise.resolve();
  #late: string | null = null;

  /** `deadline`: of one call, ms. */
  constructor(timers: Timers, deadline: number) {
    this.#timers = timers;
    this.#deadline = deadline;
  }

  /** The result of the call. Rejects with what it rejects with, or with a Timeout: when it is late, and when another one still is. `what` names it. */
  run<T>(what: string, call: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(async () => this.#ask(what, call));
    this.#turn = result.then(() => undefined, () => undefined);
    return result;
  }

  async #ask<T>(what: string, call: () => Promise<T>): Promise<T> {
    if (this.#late !== null) throw new CollectorError('Timeout', `${what}: not asked while ${this.#late} does not respond`);
    const flight = call();
    const first = await within(this.#timers, this.#deadline, flight);
    if (first !== LATE) return first;
    this.#late = what;
    const end = (): void => {
      this.#late = null;
    };
    flight.then(end, end);
    throw new CollectorError('Timeout', `${what} does not respond`);
  }
}
