/**
 * Cooperative time slicing: long work on this thread is interrupted every few milliseconds so that other work gets its
 * turn. Two forms: work written as a generator, which yields wherever it may be interrupted, and one step per item of a
 * list.
 */
import { setImmediate } from 'node:timers/promises';

/** Lets the event loop run everything else that is due, then resolves. */
export async function yieldToEventLoop(): Promise<void> {
  await setImmediate();
}

/** Thrown by interruptible work whose input changed during an interruption: it must start again. */
export class OutdatedError extends Error {
  constructor() {
    super('what was being read has changed meanwhile');
    this.name = 'OutdatedError';
  }
}

/** Longest slice of a generator, ms. */
const WORK_SLICE = 3;
/** Interrupted attempts of a generator before it is run in one piece, so that it ends even if its input keeps changing. */
const MAX_ATTEMPTS = 3;

/** Runs a generator to its end without interruption. */
export function finish<T>(work: Generator<void, T>): T {
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}

/**
 * Runs the generator that `begin` makes in slices of a few ms. `mono` is the monotonic clock, ms. Rejects with what the
 * generator throws; after an OutdatedError it starts again.
 */
export async function runInSlices<T>(begin: () => Generator<void, T>, mono: () => number): Promise<T> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const work = begin();
    try {
      return await run(work, mono);
    } catch (error) {
      if (!(error instanceof OutdatedError)) throw error;
    } finally {
      work.return(undefined as never);
    }
  }
  return finish(begin());
}

async function run<T>(work: Generator<void, T>, mono: () => number): Promise<T> {
  let end = mono() + WORK_SLICE;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (mono() < end) continue;
    await yieldToEventLoop();
    end = mono() + WORK_SLICE;
  }
}

/** What slicing a list depends on; injected, so that tests control it. */
export interface TimeSlicing {
  /** Monotonic milliseconds. */
  mono(): number;
  /** Resolves after everything else that is due has run. */
  yieldToEventLoop(): Promise<void>;
}

/** Longest slice of a list, ms; it may exceed this by the last few steps. */
export const LIST_SLICE = 4;

/** Steps between two reads of the clock, which costs as much as a small step does. */
const STEPS_PER_CLOCK_READ = 8;

/** Runs `step` for each item in order, in slices of a few ms. */
export async function forEachInSlices<T>(items: readonly T[], step: (item: T) => void, slicing: TimeSlicing): Promise<void> {
  let end = slicing.mono() + LIST_SLICE;
  let taken = 0;
  for (const item of items) {
    if (taken === STEPS_PER_CLOCK_READ) {
      taken = 0;
      if (slicing.mono() >= end) {
        await slicing.yieldToEventLoop();
        end = slicing.mono() + LIST_SLICE;
      }
    }
    taken += 1;
    step(item);
  }
}
