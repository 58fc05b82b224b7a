/** A store fed like that of the app: a batch per second, and maintenance in slices every minute. */
import { fdatasync, fdatasyncSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { Disk } from '../../../src/main/engine/store/jobs/checkpoint';
import { openStore } from '../../../src/main/engine/store/open-store';
import type { Store } from '../../../src/main/engine/store/store-types';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { failingLog } from '../quiet-log';

/** Ticks between two rounds of maintenance. */
export const ROUND = 60;

/** What can block the event loop: a call of the store, or a step of a checkpoint after a sync. */
export type HeldBy = 'append' | 'maintenance' | 'checkpoint';

/** Called before and after each call that blocks the loop. */
export interface TurnWatch {
  begin(): void;
  end(by: HeldBy): void;
}

/** A store whose clocks advance with the ticks, and within a call with real time. */
export interface LiveStore {
  readonly store: Store;
  /** Wall time of the last tick, epoch ms. */
  now(): number;
  tick(batch: SampleBatch): void;
  /** A complete round of maintenance. In the app slices are 100 ms apart, so each sync ends before the next slice, as here. */
  maintenance(): Promise<void>;
}

const noWatch: TurnWatch = { begin: () => undefined, end: () => undefined };

/** A disk whose syncs are watched; `idle` resolves when none is running. */
function watchedDisk(watch: TurnWatch): { disk: Disk; idle(): Promise<void> } {
  const pending: { sync: Promise<void> | null } = { sync: null };
  const sync: Disk['sync'] = (fd, done) => {
    pending.sync = new Promise((resolve) => {
      fdatasync(fd, (error) => {
        pending.sync = null;
        watch.begin();
        done(error);
        watch.end('checkpoint');
        resolve();
      });
    });
  };
  return {
    disk: { sync, syncNow: fdatasyncSync },
    async idle() {
      await turn();
      while (pending.sync !== null) await pending.sync;
    },
  };
}

/** Opens a store at `path` for ticks from `start` (epoch ms) on. */
export function openLiveStore(path: string, start: number, watch: TurnWatch = noWatch): LiveStore {
  const clock = { wall: start, mono: 0, callBegan: 0 };
  const mono = (): number => clock.mono + (performance.now() - clock.callBegan);
  const { disk, idle } = watchedDisk(watch);
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
        await idle();
      }
    },
  };
}
