/** Long work in pieces, so that nothing else on this thread waits for it. */
import { setImmediate } from 'node:timers/promises';

/** How work is cut. */
export interface Slicing {
  /** Monotonic milliseconds. */
  mono(): number;
  /** Resolves after everything else that is due had its turn. */
  breathe(): Promise<void>;
}

/** The longest a piece may take, ms; the last step of it may begin just before that. */
export const SLICE = 4;

/** Lets the loop go round once. */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}

/** Runs `step` for each item in order. */
export async function inSlices<T>(items: readonly T[], step: (item: T) => void, { mono, breathe }: Slicing): Promise<void> {
  let end = mono() + SLICE;
  for (const item of items) {
    if (mono() >= end) {
      await breathe();
      end = mono() + SLICE;
    }
    step(item);
  }
}
