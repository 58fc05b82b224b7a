/** Buffers batches while the page is hidden, so that it does not render. */
import { EMPTY_SNAPSHOT, mergeBatch } from '../../shared/metrics/merge';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import type { FeedSink } from './feed';

/** Batches buffered one by one while the page is hidden; older ones are coalesced into one. */
const MAX_BUFFERED = 30;

/** A sink that passes batches on only while the page is visible. */
export interface VisibilityBuffer {
  readonly sink: FeedSink;
  /** When the page becomes visible, the buffered batches are passed on. */
  setVisible(visible: boolean): void;
}

/** Several batches as one: the last reading of each family, and the time of the first batch, epoch ms. */
interface HeldBatch {
  readonly from: number;
  readonly state: Snapshot;
}

function coalesceInto(into: HeldBatch | null, batch: SampleBatch): HeldBatch {
  return { from: into?.from ?? batch.time, state: mergeBatch(into?.state ?? EMPTY_SNAPSHOT, batch) };
}

/**
 * Buffers batches while the page is hidden and passes them on when it is visible again. Beyond a limit the oldest are
 * coalesced into one, and the time they cover is reported as a gap.
 */
export function createVisibilityBuffer(sink: FeedSink): VisibilityBuffer {
  let visible = true;
  let buffered: SampleBatch[] = [];
  let coalesced: HeldBatch | null = null;
  const buffer = (batch: SampleBatch): void => {
    buffered.push(batch);
    const oldest = buffered.length > MAX_BUFFERED ? buffered.shift() : undefined;
    if (oldest !== undefined) coalesced = coalesceInto(coalesced, oldest);
  };
  const flush = (): void => {
    const batches = buffered;
    const overflow = coalesced;
    buffered = [];
    coalesced = null;
    if (overflow !== null) {
      const { seq, time, readings, faults, lastKnown } = overflow.state;
      sink.onBatch({ seq, time, readings, faults, lastKnown });
    }
    batches.forEach((batch) => sink.onBatch(batch));
    if (overflow !== null) sink.onGap(overflow.from, overflow.state.time);
  };
  return {
    sink: {
      ...sink,
      onBatch: (batch) => (visible ? sink.onBatch(batch) : buffer(batch)),
      onSnapshot: (snapshot) => {
        // The snapshot already contains everything that was buffered.
        buffered = [];
        coalesced = null;
        sink.onSnapshot(snapshot);
      },
    },
    setVisible(next) {
      visible = next;
      if (visible) flush();
    },
  };
}
