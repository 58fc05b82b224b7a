/**
 * What a viewer missed. It says which batch it saw last, by the run of the app and the batch's number in it; numbers begin
 * anew with each run. The store keeps batches by time, so the times of the latest numbers are kept here.
 */
import type { SeriesKey } from '../../shared/metrics/index';
import type { GapReason, SampleBatch } from '../../shared/metrics/reading';
import type { Store } from './store/store-types';

/** Batches remembered: twenty minutes of one a second, which is what the store has unsealed at most. */
const REMEMBERED = 1200;
/** Batches answered at most: reading more takes longer than the event loop may be held. */
const LIMIT = 300;

/** A batch that was missed, as far as it is stored. */
export interface MissedBatch {
  readonly seq: number;
  /** Epoch ms. */
  readonly time: number;
  readonly gap?: GapReason;
  readonly values: Readonly<Record<SeriesKey, number>>;
}

/** The answer to a viewer that is back. */
export interface Missed {
  /** Oldest first; those of which nothing is stored are left out. */
  readonly batches: readonly MissedBatch[];
  /** The latest batch there is: live ones up to this number are among those above. */
  readonly seq: number;
  /** False where batches may be missing: the viewer must ask for history instead. */
  readonly complete: boolean;
}

/** Answers viewers that are back. */
export interface Replay {
  /** Tells this run from others. */
  readonly run: number;
  onBatch(batch: Pick<SampleBatch, 'seq' | 'time' | 'gap'>): void;
  /** Batches after number `seq` of a run. */
  batchesSince(run: number, seq: number): Missed;
}

/** Builds it; `run` is the time the app started, epoch ms. */
export function createReplay(run: number, store: Pick<Store, 'since'>): Replay {
  const times = new Float64Array(REMEMBERED);
  const gaps = new Map<number, GapReason>();
  let first = 0;
  let latest = 0;

  /** Times since a batch, that of the batch first; null where they do not go up, as a clock set back makes them. */
  function timesSince(seq: number): readonly number[] | null {
    const since = Array.from({ length: latest - seq + 1 }, (_, i) => times[(seq + i) % REMEMBERED] ?? 0);
    return since.every((time, i) => i === 0 || time > (since[i - 1] ?? Infinity)) ? since : null;
  }

  return {
    run,
    onBatch({ seq, time, gap }) {
      // A number left out would let an old time stand for it.
      if (seq !== latest + 1) first = seq;
      latest = seq;
      first = Math.max(first, seq - REMEMBERED + 1, 1);
      times[seq % REMEMBERED] = Math.round(time);
      gaps.delete(seq - REMEMBERED);
      if (gap !== undefined) gaps.set(seq, gap);
    },
    batchesSince(ofRun, seq) {
      const isKnown = ofRun === run && Number.isInteger(seq) && seq >= first && seq <= latest && latest > 0;
      const since = isKnown ? timesSince(seq) : null;
      if (since === null) return { batches: [], seq: latest, complete: false };
      if (seq === latest) return { batches: [], seq: latest, complete: true };
      const numbers = new Map(since.map((time, i) => [time, seq + i]));
      const { rows, complete } = store.since(since[0] ?? 0, LIMIT);
      const batches = rows.flatMap(({ time, values }): MissedBatch[] => {
        const number = numbers.get(time);
        if (number === undefined) return [];
        const gap = gaps.get(number);
        return [{ seq: number, time, values, ...(gap === undefined ? {} : { gap }) }];
      });
      return { batches, seq: latest, complete: complete && batches.length === rows.length };
    },
  };
}
