import { mergeBatch } from '../../shared/metrics/merge';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import type { FeedSink } from './feed';

/** Batches held one by one while nobody looks; older ones are folded into one. */
const MAX_HELD = 30;

/** A sink that lets batches through only while the page is seen. */
export interface VisibilityBuffer {
  readonly sink: FeedSink;
  /** Opens or closes it; opening passes on what was held. */
  setOpen(open: boolean): void;
}

/** Batches folded into one: the last reading of each family, and the time of the first. */
interface CoalescedBatch {
  readonly from: number;
  readonly state: Snapshot;
}

function coalesceInto(into: CoalescedBatch | null, batch: SampleBatch): CoalescedBatch {
  const empty: Snapshot = { seq: 0, time: 0, paused: false, readings: {}, faults: {}, readAt: {} };
  return { from: into?.from ?? batch.time, state: mergeBatch(into?.state ?? empty, batch) };
}

/**
 * Keeps a hidden page from rendering: batches are held, and passed on when it is seen again. When many have
 * gathered, the oldest are folded into one and the time they cover is told of as a hole.
 */
export function createVisibilityBuffer(sink: FeedSink): VisibilityBuffer {
  let open = true;
  let held: SampleBatch[] = [];
  let coalesced: CoalescedBatch | null = null;
  const hold = (batch: SampleBatch): void => {
    held.push(batch);
    const oldest = held.length > MAX_HELD ? held.shift() : undefined;
    if (oldest !== undefined) coalesced = coalesceInto(coalesced, oldest);
  };
  const flush = (): void => {
    const batches = held;
    const before = coalesced;
    held = [];
    coalesced = null;
    if (before !== null) {
      const { seq, time, readings, faults } = before.state;
      sink.onBatch({ seq, time, readings, faults });
    }
    batches.forEach((batch) => sink.onBatch(batch));
    if (before !== null) sink.onGap(before.from, before.state.time);
  };
  return {
    sink: {
      ...sink,
      onBatch: (batch) => (open ? sink.onBatch(batch) : hold(batch)),
      onSnapshot: (snapshot) => {
        // Whatever was held is older than the snapshot, and in it.
        held = [];
        sink.onSnapshot(snapshot);
      },
    },
    setOpen(next) {
      open = next;
      if (open) flush();
    },
  };
}
