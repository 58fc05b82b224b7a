/** Merges batches into the last known state. */
import type { FamilyId } from './index';
import type { SampleBatch, Snapshot } from './reading';

/** A state before anything was read. */
export const EMPTY_SNAPSHOT: Snapshot = { seq: 0, time: 0, paused: false, readings: {}, faults: {}, lastKnown: {}, readAt: {} };

const hasKeys = (record: object): boolean => {
  for (const _key in record) return true;
  return false;
};

/** Faults and last known readings after a batch; the same objects where nothing fails and nothing has recovered. */
function mergeFaults(state: Snapshot, batch: SampleBatch): Pick<Snapshot, 'faults' | 'lastKnown'> {
  if (!hasKeys(batch.faults) && !hasKeys(state.faults)) return state;
  const faults = { ...state.faults };
  const lastKnown = { ...state.lastKnown };
  for (const id of Object.keys(batch.readings) as FamilyId[]) {
    delete faults[id];
    delete lastKnown[id];
  }
  for (const id of Object.keys(batch.faults) as FamilyId[]) {
    const fault = batch.faults[id];
    if (fault === undefined) continue;
    faults[id] = fault;
    const reading = state.readings[id];
    const last = batch.lastKnown?.[id] ?? (reading === undefined ? undefined : { reading, readAt: state.readAt[id] ?? state.time });
    if (last !== undefined) lastKnown[id] = last;
  }
  return { faults, lastKnown };
}

/**
 * The last known state after a batch. The reading of a family that failed moves to `lastKnown`, so that an old value is not
 * shown as current. Families missing in the batch keep their objects, so that a view can detect changes by identity.
 */
export function mergeBatch(state: Snapshot, batch: SampleBatch): Snapshot {
  const readings = { ...state.readings };
  const readAt = { ...state.readAt };
  for (const id of Object.keys(batch.readings) as FamilyId[]) {
    const reading = batch.readings[id];
    if (reading === undefined) continue;
    readings[id] = reading;
    readAt[id] = batch.time;
  }
  for (const id of Object.keys(batch.faults) as FamilyId[]) {
    if (batch.faults[id] === undefined) continue;
    readAt[id] = batch.time;
    delete readings[id];
  }
  const { faults, lastKnown } = mergeFaults(state, batch);
  return { seq: batch.seq, time: batch.time, paused: state.paused, readings, faults, lastKnown, readAt };
}
