/** Merges several batches into one with the latest reading of each family, for clients and hubs with a longer interval. Pure. */
import { EMPTY_SNAPSHOT, mergeBatch } from '../../shared/metrics/merge';
import type { GapReason, SampleBatch, Snapshot } from '../../shared/metrics/reading';

/** Batches merged so far. */
export interface CoalescedBatch {
  /** Sequence number of the batch before the first. */
  readonly after: number;
  readonly state: Snapshot;
  readonly gap: GapReason | null;
}

/** Adds a batch; null begins a new merge. */
export function coalesce(pending: CoalescedBatch | null, batch: SampleBatch): CoalescedBatch {
  return {
    after: pending?.after ?? batch.after ?? batch.seq - 1,
    state: mergeBatch(pending?.state ?? EMPTY_SNAPSHOT, batch),
    gap: pending?.gap ?? batch.gap ?? null,
  };
}

/** The merged batches as one batch. */
export function toBatch({ after, state, gap }: CoalescedBatch): SampleBatch {
  const { seq, time } = state;
  return { seq, time, ...(after === seq - 1 ? {} : { after }), ...(gap === null ? {} : { gap }), ...partsOf(state) };
}

/** Readings and faults, and what failed families read last if any has. */
function partsOf({ readings, faults, lastKnown }: Snapshot): Pick<SampleBatch, 'readings' | 'faults' | 'lastKnown'> {
  for (const _family in lastKnown) return { readings, faults, lastKnown };
  return { readings, faults };
}

/** The whole snapshot as one batch, for clients with no state after `after` to build on. */
export function snapshotBatch(snapshot: Snapshot, after = 0): SampleBatch {
  return { seq: snapshot.seq, time: snapshot.time, after, ...partsOf(snapshot) };
}
