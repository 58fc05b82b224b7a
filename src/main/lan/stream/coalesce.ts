/** Merges several batches into one with the latest reading of each family, for clients with a longer interval. Pure. */
import { mergeBatch } from '../../../shared/metrics/merge';
import type { GapReason, SampleBatch, Snapshot } from '../../../shared/metrics/reading';

/** Batches merged so far. */
export interface CoalescedBatch {
  /** Sequence number of the batch before the first. */
  readonly after: number;
  readonly state: Snapshot;
  readonly gap: GapReason | null;
}

const EMPTY: Snapshot = { seq: 0, time: 0, paused: false, readings: {}, faults: {}, readAt: {} };

/** Adds a batch; null begins a new merge. */
export function coalesce(pending: CoalescedBatch | null, batch: SampleBatch): CoalescedBatch {
  return {
    after: pending?.after ?? batch.after ?? batch.seq - 1,
    state: mergeBatch(pending?.state ?? EMPTY, batch),
    gap: pending?.gap ?? batch.gap ?? null,
  };
}

/** The merged batches as one batch. */
export function toBatch({ after, state, gap }: CoalescedBatch): SampleBatch {
  const { seq, time, readings, faults } = state;
  return { seq, time, ...(after === seq - 1 ? {} : { after }), ...(gap === null ? {} : { gap }), readings, faults };
}

/** The whole snapshot as one batch, for clients without a state to build on. */
export function snapshotBatch({ seq, time, readings, faults }: Snapshot): SampleBatch {
  return { seq, time, after: 0, readings, faults };
}
