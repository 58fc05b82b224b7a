/** Keeps the last known reading of every family and passes each batch on. */
import type { FamilyId } from '../../shared/metrics/index';
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

/** A family that failed has no reading any more: an old value would pass for a present one. */
function mergeBatch(state: Snapshot, batch: SampleBatch): Snapshot {
  const readings = { ...state.readings };
  const faults = { ...state.faults };
  const readAt = { ...state.readAt };
  for (const id of Object.keys(batch.readings) as FamilyId[]) {
    const reading = batch.readings[id];
    if (reading === undefined) continue;
    readings[id] = reading;
    readAt[id] = batch.time;
    delete faults[id];
  }
  for (const id of Object.keys(batch.faults) as FamilyId[]) {
    const fault = batch.faults[id];
    if (fault === undefined) continue;
    faults[id] = fault;
    readAt[id] = batch.time;
    delete readings[id];
  }
  return { seq: batch.seq, time: batch.time, paused: state.paused, readings, faults, readAt };
}
