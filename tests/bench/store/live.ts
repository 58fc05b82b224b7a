/** Ticks through the store as the app has them: a batch a second, and upkeep in slices each minute. */
import { fdatasync, fdatasyncSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { Disk } from '../../../src/main/engine/store/jobs/checkpoint';
import { openStore } from '../../../src/main/engine/store/open-store';
import type { Store } from '../../../src/main/engine/store/store-types';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { failingLog } from '../quiet-log';

/** Ticks between two rounds of upkeep. */
export const ROUND = 60;

/** What may hold the event loop: a call of the store, or the step of a checkpoint it makes when the disk has answered. */
export type HeldBy = 'append' | 'maintenance' | 'checkpoint';

/** Told before and after each time the loop is held. */
export interface TurnWatch {
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
  maintenance(): Promise<void>;
}

const nobody: TurnWatch = { begin: () => undefined, end: () => undefined };

/** A disk whose answers are watched, and can be waited for. */
function watchedDisk(watch: TurnWatch): { disk: Disk; answered(): Promise<void> } {
  const asked: { answer: Promise<void> | null } = { answer: null };
  const sync: Disk['sync'] = (fd, done) => {
    asked.answer = new Promise((resolve) => {
      fdatasync(fd, (error) => {
        asked.answer = null;
        watch.begin();
        done(error);
        watch.end('checkpoint');
        resolve();
      });
    });
  };
  return {
    disk: { sync, syncNow: fdatasyncSync },
    async answered() {
      await turn();
      while (asked.answer !== null) await asked.answer;
    },
  };
}

/** Opens a store at `path` for ticks from `start` on. */
export function openLive(path: string, start: number, watch: TurnWatch = nobody): LiveStore {
  const clock = { wall: start, mono: 0, callBegan: 0 };
  const mono = (): number => clock.mono + (performance.now() - clock.callBegan);
  const { disk, answered } = watchedDisk(watch);
  const { store } = openStore({ path, clock: { now: () => clock.wall, mono }, log: failingLog, keepDays: 730, disk });
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
    async maintenance() {
      for (let more = true; more; ) {
        clock.callBegan = performance.now();
        watch.begin();
        more = store.maintain(clock.wall);
        watch.end('maintenance');
        await answered();
      }
    },
  };
}
