/** Merges batches into the last known state. */
import type { FamilyId } from './index';
import type { SampleBatch, Snapshot } from './reading';

/**
 * The last known state after a batch. A family that failed loses its reading, so that an old value is not shown as current.
 * Families missing in the batch keep their objects, so that a view can detect changes by identity.
 */
export function mergeBatch(state: Snapshot, batch: SampleBatch): Snapshot {
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
