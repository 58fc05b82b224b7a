/** Runs the sampler except while the user has paused monitoring or the machine sleeps. */
import type { Hub } from '../engine/hub';
import type { Sampler } from '../engine/sampler/sampler';
import type { Store } from '../engine/store/store-types';

/** Starts and pauses sampling. */
export interface Monitoring {
  start(): void;
  /** True while paused by the user. */
  isPaused(): boolean;
  setPaused(paused: boolean): void;
  /** The machine is about to sleep: stops sampling and writes what is pending. */
  suspend(): void;
  resume(): void;
  /** Pauses sampling while `work` runs. */
  pauseDuring(work: () => void): void;
}

/** Not started yet; `onChange` is called when the user pauses or resumes. */
export function createMonitoring(sampler: Sampler, hub: Hub, store: Store, onChange: () => void): Monitoring {
  let paused = false;
  return {
    start: () => sampler.start(),
    isPaused: () => paused,
    setPaused(next) {
      if (next === paused) return;
      paused = next;
      if (paused) sampler.pause('pause');
      hub.setPaused(paused);
      if (!paused) sampler.start();
      onChange();
    },
    suspend() {
      sampler.pause('sleep');
      store.commit();
    },
    resume() {
      if (!paused) sampler.start();
    },
    pauseDuring(work) {
      sampler.pause('pause');
      try {
        work();
      } finally {
        if (!paused) sampler.start();
      }
    },
  };
}
