/**
 * Since when the counters of interfaces count, as far as it is not the start of the machine: an interface that appeared, or
 * whose counters were reset, while Traywatch ran. Before that nothing is known, and no system tells.
 */
import type { CounterStart, Value } from '../../../shared/metrics/reading';
import { shrank } from './numbers';

interface Counters {
  readonly rxBytes: Value;
  readonly txBytes: Value;
  /** Whether they are part of the machine's sums. */
  readonly summed: boolean;
}

interface Known {
  counters: Counters;
  since: CounterStart | undefined;
}

/** Follows the interfaces from read to read. */
export class CounterStarts {
  readonly #known = new Map<string, Known>();
  readonly #initial: () => CounterStart | undefined;
  #isFirst = true;
  /** The latest change of what the machine's sums are made of. */
  sums: CounterStart | undefined;

  /** `initial`: since when what is there at the first read counts, if not since the start of the machine; called once. */
  constructor(initial: () => CounterStart | undefined = () => undefined) {
    this.#initial = initial;
  }

  /** Takes the counters of one read at `now`, epoch ms. */
  update(counters: ReadonlyMap<string, Counters>, now: number): void {
    const initial = this.#isFirst ? this.#initial() : undefined;
    if (initial !== undefined) this.sums = initial;
    for (const [name, one] of counters) this.#follow(name, one, now, initial);
    if (this.#known.size > counters.size) this.#forgetOthers(counters, now);
    this.#isFirst = false;
  }

  /** When the counters of an interface began, if that is known. */
  of(name: string): CounterStart | undefined {
    return this.#known.get(name)?.since;
  }

  #follow(name: string, counters: Counters, now: number, initial: CounterStart | undefined): void {
    const known = this.#known.get(name);
    if (known === undefined) {
      const since = this.#isFirst ? initial : ({ time: now, reason: 'connected' } as const);
      this.#known.set(name, { counters, since });
      if (!this.#isFirst && since !== undefined && counters.summed) this.sums = { ...since, device: name };
      return;
    }
    if (shrank(counters.rxBytes, known.counters.rxBytes) || shrank(counters.txBytes, known.counters.txBytes)) {
      known.since = { time: now, reason: 'reset' };
      if (counters.summed) this.sums = { ...known.since, device: name };
    }
    known.counters = counters;
  }

  #forgetOthers(counters: ReadonlyMap<string, Counters>, now: number): void {
    for (const [name, known] of this.#known) {
      if (counters.has(name)) continue;
      this.#known.delete(name);
      if (known.counters.summed) this.sums = { time: now, reason: 'disconnected', device: name };
    }
  }
}
