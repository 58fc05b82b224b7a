/** Ticks through the store as the app has them: a batch a second, and upkeep in slices each minute. */
import { openStore } from '../../../src/main/engine/store/open';
import type { Store } from '../../../src/main/engine/store/types';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { failingLog } from '../quiet-log';

/** Seconds between two rounds of upkeep. */
const ROUND = 60;

/** Called around each call of the store, to time it. */
export type Around = (call: 'append' | 'maintain', work: () => boolean) => boolean;

/** A store whose time goes on with its ticks, and within a call as it does. */
export interface LiveStore {
  readonly store: Store;
  /** Wall time of the last tick, epoch ms. */
  now(): number;
  /** One tick; a round of upkeep belongs to each sixtieth. */
  tick(batch: SampleBatch): void;
}

const plainly: Around = (_call, work) => work();

/** Opens a store at `path` for ticks from `start` on. */
export function openLive(path: string, start: number, around: Around = plainly): LiveStore {
  const clock = { wall: start, mono: 0, callBegan: 0 };
  const mono = (): number => clock.mono + (performance.now() - clock.callBegan);
  const { store } = openStore({ path, clock: { now: () => clock.wall, mono }, log: failingLog, keepDays: 730 });
  const call = (name: 'append' | 'maintain', work: () => boolean): boolean => {
    clock.callBegan = performance.now();
    return around(name, work);
  };
  let ticks = 0;
  return {
    store,
    now: () => clock.wall,
    tick(batch) {
      clock.wall = batch.time;
      clock.mono += 1000;
      call('append', () => {
        store.append(batch);
        return false;
      });
      // Slices come a tenth of a second apart; between two rounds there is time for six hundred.
      if (ticks % ROUND === 0) while (call('maintain', () => store.maintain(clock.wall)));
      ticks += 1;
    },
  };
}
