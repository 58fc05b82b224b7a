/** Runs the sampler unless a person paused it or the machine sleeps. */
import type { Hub } from '../engine/hub';
import type { Sampler } from '../engine/sampler/sampler';
import type { Store } from '../engine/store/store-types';

/** Whether samples are taken. */
export interface Monitoring {
  start(): void;
  isPaused(): boolean;
  setPaused(paused: boolean): void;
  /** The machine is about to sleep: what is pending is written, and the loop ends. */
  suspend(): void;
  resume(): void;
  /** Nothing is sampled while `work` runs. */
  hold(work: () => void): void;
}

/** Builds the switch; `onChange` is called when a person paused or resumed. */
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
    hold(work) {
      sampler.pause('pause');
      try {
        work();
      } finally {
        if (!paused) sampler.start();
      }
    },
  };
}
