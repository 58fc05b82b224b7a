/** Long work in pieces: a generator pauses where other work may go on, and is run at once or piece by piece. */
import { setImmediate as turn } from 'node:timers/promises';

/** Thrown by work whose ground has changed while it paused: it must begin again. */
export class OutdatedError extends Error {
  constructor() {
    super('what was being read has changed meanwhile');
    this.name = 'OutdatedError';
  }
}

/** Milliseconds of work before the event loop gets its turn. */
const SLICE = 3;
/** After so many beginnings the work is done in one piece: it must end some time. */
const TRIES = 3;

/** Runs work to its end in one piece. */
export function finish<T>(work: Generator<void, T>): T {
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}

/**
 * Runs the work `begin` makes in pieces of a few ms, letting the event loop turn between them. Rejects with what the work
 * throws; an OutdatedError begins it again.
 */
export async function inSlices<T>(begin: () => Generator<void, T>, mono: () => number): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
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
  let end = mono() + SLICE;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (mono() < end) continue;
    await turn();
    end = mono() + SLICE;
  }
}
