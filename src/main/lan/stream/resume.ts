/** Finds the batches that a client missed, from the store. */
import type { SeriesKey } from '../../../shared/metrics/index';
import type { SampleBatch, Snapshot } from '../../../shared/metrics/reading';
import { readingsOf } from '../../engine/stored-readings';
import { snapshotBatch } from '../../engine/coalesce';
import type { StreamPosition } from './frames';
import type { ResumeResult } from './stream';

/** Most batches sent on a resume: a quarter of an hour, for which the store has single samples at hand. */
const MAX_BATCHES = 900;
/** Batches of this run whose times are kept. */
const REMEMBERED = 1024;

/** Stored rows after a time, oldest first; not complete when there are more, or older ones are gone. */
interface StoredRows {
  readonly rows: readonly { readonly time: number; readonly values: Readonly<Record<SeriesKey, number>> }[];
  readonly complete: boolean;
}

/** What resuming is built from. */
export interface ResumeParts {
  readonly runId: string;
  since(time: number, limit: number): StoredRows;
  snapshot(): Snapshot;
}

/** Maps times to sequence numbers and finds missed batches. */
export interface Resume {
  /** Stores a batch's sequence number. */
  onBatch(batch: SampleBatch): void;
  after(position: StreamPosition): ResumeResult;
}

/** Creates it. Only batches of this run can be found: of others the sequence numbers are not known. */
export function createResume({ runId, since, snapshot }: ResumeParts): Resume {
  const seqs = new Map<number, number>();
  const notFound: ResumeResult = { batches: [], complete: false };
  return {
    onBatch({ seq, time }) {
      seqs.set(time, seq);
      const oldest = seqs.size > REMEMBERED ? seqs.keys().next().value : undefined;
      if (oldest !== undefined) seqs.delete(oldest);
    },
    after(position) {
      if (position.runId !== runId || position.seq > snapshot().seq) return notFound;
      if (position.seq === snapshot().seq) return { batches: [], complete: true };
      const stored = since(position.time, MAX_BATCHES);
      if (!stored.complete) return notFound;
      const now = snapshot();
      const batches: SampleBatch[] = [];
      let before = position.seq;
      for (const { time, values } of stored.rows) {
        const seq = seqs.get(time);
        if (seq === undefined || seq <= before) return notFound;
        // A batch with faults only leaves no row; the next one covers it by `after`.
        batches.push({ seq, time, ...(seq === before + 1 ? {} : { after: before }), readings: readingsOf(values, now), faults: {} });
        before = seq;
      }
      // The latest batch may not be stored yet, or have no row: the snapshot has its content.
      if (before < now.seq) batches.push(snapshotBatch(now, before));
      return { batches, complete: true };
    },
  };
}
