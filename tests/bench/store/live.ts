/** Ticks through the store as the app has them: a batch a second, and upkeep in slices each minute. */
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { openStore } from '../../../src/main/engine/store/open';
import type { Store } from '../../../src/main/engine/store/types';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { failingLog } from '../quiet-log';

/** Ticks between two rounds of upkeep. */
export const ROUND = 60;

/** What may hold the event loop: a call of the store, or what it does by itself when the disk has answered. */
export type HeldBy = 'append' | 'upkeep' | 'answers';

/** Told before and after each time the loop is held. */
export interface Watch {
  begin(): void;
  end(by: HeldBy): void;
}

/** A store whose time goes on with its ticks, and within a call as it does. */
export interface LiveStore {
  readonly store: Store;
  /** Wall time of the last tick, epoch ms. */
  now(): number;
  tick(batch: SampleBatch): void;
  /** A round of upkeep, to its end. Slices come a tenth of a second apart, so the disk has answered before the next. */
  upkeep(): Promise<void>;
}

const nobody: Watch = { begin: () => undefined, end: () => undefined };

/** True while the disk is asked for something that it answers later. */
function isDiskAsked(): boolean {
  return process.getActiveResourcesInfo().includes('FSReqCallback');
}

/** Opens a store at `path` for ticks from `start` on. */
export function openLive(path: string, start: number, watch: Watch = nobody): LiveStore {
  const clock = { wall: start, mono: 0, callBegan: 0 };
  const mono = (): number => clock.mono + (performance.now() - clock.callBegan);
  const { store } = openStore({ path, clock: { now: () => clock.wall, mono }, log: failingLog, keepDays: 730 });
  const settle = async (): Promise<void> => {
    do {
      if (isDiskAsked()) await delay(1);
      watch.begin();
      await turn();
      watch.end('answers');
    } while (isDiskAsked());
  };
  return {
    store,
    now: () => clock.wall,
    tick(batch) {
      clock.wall = batch.time;
      clock.mono += 1000;
      clock.callBegan = performance.now();
      watch.begin();
      store.append(batch);
      watch.end('append');
    },
    async upkeep() {
      for (let more = true; more; ) {
        clock.callBegan = performance.now();
        watch.begin();
        more = store.maintain(clock.wall);
        watch.end('upkeep');
        await settle();
      }
    },
  };
}
