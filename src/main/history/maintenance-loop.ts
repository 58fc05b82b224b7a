/** Upkeep of the history, in slices so short that nothing waits for them. */
import type { Clock, Timers } from '../engine/clock';
import type { Store } from '../engine/store/store-types';

const MINUTE = 60_000;
/** The first round waits until the start is over, ms. */
const FIRST = 60_000;
/** Between two slices, ms. */
const PAUSE = 100;

/** Starts the rounds; returns what ends them. */
export function createMaintenanceLoop(store: Store, clock: Clock, timers: Timers): { stop(): void } {
  let cancel = timers.after(FIRST, round);
  function round(): void {
    const more = store.maintain(clock.now());
    cancel = timers.after(more ? PAUSE : MINUTE, round);
  }
  return { stop: () => cancel() };
}
