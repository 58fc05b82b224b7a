/** Several batches as one: the latest reading of each family, for viewers that do not want every second. Pure. */
import { mergeBatch } from '../../../shared/metrics/merge';
import type { GapReason, SampleBatch, Snapshot } from '../../../shared/metrics/reading';

/** Batches gathered so far. */
export interface CoalescedBatch {
  /** Number of the batch before the first. */
  readonly after: number;
  readonly state: Snapshot;
  readonly gap: GapReason | null;
}

const EMPTY: Snapshot = { seq: 0, time: 0, paused: false, readings: {}, faults: {}, readAt: {} };

/** The fold with a batch more; null begins one. */
export function coalesce(fold: CoalescedBatch | null, batch: SampleBatch): CoalescedBatch {
  return {
    after: fold?.after ?? batch.after ?? batch.seq - 1,
    state: mergeBatch(fold?.state ?? EMPTY, batch),
    gap: fold?.gap ?? batch.gap ?? null,
  };
}

/** The fold as a batch. */
export function toBatch({ after, state, gap }: CoalescedBatch): SampleBatch {
  const { seq, time, readings, faults } = state;
  return { seq, time, ...(after === seq - 1 ? {} : { after }), ...(gap === null ? {} : { gap }), readings, faults };
}

/** Everything known as one batch: what a viewer needs that knows nothing, or nothing any more. */
export function snapshotBatch({ seq, time, readings, faults }: Snapshot): SampleBatch {
  return { seq, time, after: 0, readings, faults };
}
