/** Long work in pieces, so that nothing else on this thread waits for it. */
import { setImmediate } from 'node:timers/promises';

/** How work is cut. */
export interface Slicing {
  /** Monotonic milliseconds. */
  mono(): number;
  /** Resolves after everything else that is due had its turn. */
  yieldToEventLoop(): Promise<void>;
}

/** The longest a piece may take, ms; the last few steps of it may begin just before that. */
export const SLICE = 4;

/** Steps between two looks at the clock, which costs as much as a small step does. */
const STRIDE = 8;

/** Lets the loop go round once. */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}

/** Runs `step` for each item in order. */
export async function inSlices<T>(items: readonly T[], step: (item: T) => void, { mono, yieldToEventLoop }: Slicing): Promise<void> {
  let end = mono() + SLICE;
  let taken = 0;
  for (const item of items) {
    if (taken === STRIDE) {
      taken = 0;
      if (mono() >= end) {
        await yieldToEventLoop();
        end = mono() + SLICE;
      }
    }
    taken += 1;
    step(item);
  }
}
