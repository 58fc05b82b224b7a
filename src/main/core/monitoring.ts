/** Runs the sampler except while the user has paused monitoring or the machine sleeps. */
import type { Timers } from '../engine/clock';
import type { Hub } from '../engine/hub';
import type { Sampler } from '../engine/sampler/sampler';
import type { Store } from '../engine/store/store-types';
import { createSuspendWatch } from './suspend-watch';

/** Starts and pauses sampling. */
export interface Monitoring {
  start(): void;
  /** True while paused by the user. */
  isPaused(): boolean;
  setPaused(paused: boolean): void;
  /** The machine is about to sleep: stops sampling and writes what is pending. */
  suspend(): void;
  /** The machine has woken. */
  resume(): void;
  /** Something happened that does not happen to a machine asleep: ends a suspend that was not followed by a resume. */
  noteAwake(): void;
  /** Pauses sampling while `work` runs. */
  pauseDuring(work: () => void): void;
  /** Ends the watch for a missing resume. */
  stop(): void;
}

/** What monitoring needs. */
export interface MonitoringParts {
  readonly sampler: Pick<Sampler, 'start' | 'pause' | 'fallAsleep' | 'noteWoken'>;
  readonly hub: Pick<Hub, 'setPaused'>;
  readonly store: Pick<Store, 'commit'>;
  readonly timers: Timers;
  /** What must know that the machine sleeps, besides the sampler: each suspend is followed by one resume. */
  readonly sleeper: { suspend(): void; resume(): void };
  /** Called when the user pauses or resumes. */
  onChange(): void;
}

/** Not started yet. */
export function createMonitoring({ sampler, hub, store, timers, sleeper, onChange }: MonitoringParts): Monitoring {
  let paused = false;
  let asleep = false;
  const setAsleep = (next: boolean): void => {
    if (next === asleep) return;
    asleep = next;
    if (asleep) sleeper.suspend();
    else sleeper.resume();
  };
  const goOn = (): void => {
    watch.stop();
    setAsleep(false);
    if (!paused) sampler.start();
  };
  const watch = createSuspendWatch(timers, goOn);
  return {
    start: () => sampler.start(),
    isPaused: () => paused,
    setPaused(next) {
      if (next === paused) return;
      paused = next;
      if (paused) sampler.pause('pause');
      hub.setPaused(paused);
      if (!paused) goOn();
      onChange();
    },
    suspend() {
      if (sampler.fallAsleep()) watch.start();
      setAsleep(true);
      store.commit();
    },
    resume() {
      sampler.noteWoken();
      goOn();
    },
    noteAwake() {
      if (watch.isRunning()) goOn();
    },
    pauseDuring(work) {
      sampler.pause('pause');
      try {
        work();
      } finally {
        if (!paused) sampler.start();
      }
    },
    stop: () => watch.stop(),
  };
}
