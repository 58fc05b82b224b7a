/** Runs the store's maintenance periodically, in slices so short that nothing waits for them. */
import type { Clock, Timers } from '../engine/clock';
import type { Store } from '../engine/store/store-types';

const MINUTE = 60_000;
/** Delay of the first round, so that it does not slow down the start, ms. */
const FIRST_DELAY = 60_000;
/** Time between two slices of a round, ms. */
const SLICE_DELAY = 100;

/** Starts the loop; `stop` ends it. */
export function createMaintenanceLoop(store: Store, clock: Clock, timers: Timers): { stop(): void } {
  let cancel = timers.after(FIRST_DELAY, round);
  function round(): void {
    const more = store.maintain(clock.now());
    cancel = timers.after(more ? SLICE_DELAY : MINUTE, round);
  }
  return { stop: () => cancel() };
}
