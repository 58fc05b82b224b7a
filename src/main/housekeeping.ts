/** Hourly clean-up of the history, in slices so short that nothing waits for them. */
import type { Clock, Timers } from './engine/clock';
import type { Store } from './engine/store/types';

const HOUR = 3_600_000;
/** The first round waits until the start is over, ms. */
const FIRST = 60_000;
/** Between two slices, ms. */
const BREATH = 200;

/** Starts the rounds; returns what ends them. */
export function createHousekeeping(store: Store, clock: Clock, timers: Timers): { stop(): void } {
  let cancel = timers.after(FIRST, round);
  function round(): void {
    const more = store.prune(clock.now());
    cancel = timers.after(more ? BREATH : HOUR, round);
  }
  return { stop: () => cancel() };
}
