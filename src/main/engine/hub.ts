/** Holds the last known reading of every metric family and passes each batch to its subscribers. */
import { EMPTY_SNAPSHOT, mergeBatch } from '../../shared/metrics/merge';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';

/** Distributes batches; the only path from the sampler to the store, the rules and the transports. */
export interface Hub {
  publish(batch: SampleBatch): void;
  /** The last known state, for a subscriber that joins later. */
  snapshot(): Snapshot;
  setPaused(paused: boolean): void;
  /** Calls listeners in the order they subscribed; returns the function that unsubscribes. */
  subscribe(listener: (batch: SampleBatch) => void): () => void;
}

/** Creates a hub. What a listener throws is passed to `onError`; the other listeners still get the batch. */
export function createHub(onError: (error: unknown) => void): Hub {
  const listeners = new Set<(batch: SampleBatch) => void>();
  let state = EMPTY_SNAPSHOT;
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
