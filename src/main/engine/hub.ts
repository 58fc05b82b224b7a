/** Keeps the last known reading of every family and passes each batch on. */
import { mergeBatch } from '../../shared/metrics/merge';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';

/** The one way a batch flows on. */
export interface Hub {
  publish(batch: SampleBatch): void;
  /** What a late-comer needs. */
  snapshot(): Snapshot;
  setPaused(paused: boolean): void;
  /** Listeners are called in the order they came; returns the function that stops it. */
  subscribe(listener: (batch: SampleBatch) => void): () => void;
}

/** Builds a hub. A listener that throws goes to `onError` and does not keep the batch from the others. */
export function createHub(onError: (error: unknown) => void): Hub {
  const listeners = new Set<(batch: SampleBatch) => void>();
  let state: Snapshot = { seq: 0, time: 0, paused: false, readings: {}, faults: {}, readAt: {} };
  return {
    publish(batch) {
      state = mergeBatch(state, batch);
      for (const listener of listeners) {
        try {
          listener(batch);
        } catch (error) {
          onError(error);
        }
      }
    },
    snapshot: () => state,
    setPaused(paused) {
      state = { ...state, paused };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
