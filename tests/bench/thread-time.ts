/** Processor time of the calling thread, exact enough for a single call of a fraction of a millisecond. Linux. */
import { closeSync, openSync, readSync } from 'node:fs';

const TRIES = 20_000;

/** The first number of schedstat: nanoseconds on a core (kernel, Documentation/scheduler/sched-stats.rst). */
export function parseOnCore(bytes: Uint8Array, length: number): number {
  let nanoseconds = 0;
  for (let i = 0; i < length; i += 1) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) break;
    nanoseconds = nanoseconds * 10 + digit;
  }
  return nanoseconds;
}

/** A clock that stands still while the thread waits or is kept off its core. */
export class ThreadTime {
  readonly #file = openSync('/proc/thread-self/schedstat', 'r');
  readonly #bytes = new Uint8Array(64);

  /** Milliseconds so far. */
  now(): number {
    // The kernel adds up a running thread's time at its own pace, some milliseconds; asked for the whole process's time it does so now.
    process.cpuUsage();
    return parseOnCore(this.#bytes, readSync(this.#file, this.#bytes, 0, this.#bytes.length, 0)) / 1e6;
  }

  /** Milliseconds that one look at this clock takes, to be taken off where there are many. */
  cost(): number {
    const before = this.now();
    for (let i = 0; i < TRIES; i += 1) this.now();
    return (this.now() - before) / (TRIES + 1);
  }

  close(): void {
    closeSync(this.#file);
  }
}
