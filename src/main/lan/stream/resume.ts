/** What a viewer missed, from the store. */
import { familyOf, FAMILY_IDS, parseSeriesKey } from '../../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../../shared/metrics/index';
import type { DeviceReading, Reading, SampleBatch, Snapshot, Value } from '../../../shared/metrics/reading';
import type { StreamPosition } from './frames';
import type { ResumeResult } from './stream';

/** Most batches sent after a loss: a quarter of an hour, which is what the store has at hand one by one. */
const MAX_BATCHES = 900;
/** Batches of this run whose times are remembered. */
const REMEMBERED = 1024;

/** Rows of the store after a time, oldest first; not complete when there are more, or older ones are gone. */
interface StoredRows {
  readonly rows: readonly { readonly time: number; readonly values: Readonly<Record<SeriesKey, number>> }[];
  readonly complete: boolean;
}

/** What resuming needs. */
export interface ResumeParts {
  readonly run: string;
  since(time: number, limit: number): StoredRows;
  snapshot(): Snapshot;
}

/** Finds missed batches. */
export interface Resume {
  /** Remembers a batch's number. */
  onBatch(batch: SampleBatch): void;
  after(position: StreamPosition): ResumeResult;
}

interface DeviceDraft extends Omit<DeviceReading, 'values'> {
  readonly values: Record<string, Value>;
}

interface Draft {
  readonly values: Record<string, Value>;
  readonly devices: Record<string, DeviceDraft>;
}

function emptyValues(metrics: object): Record<string, Value> {
  return Object.fromEntries(Object.keys(metrics).map((name) => [name, null]));
}

/** Names and marks of a device are not stored; those it has now stand in. */
function deviceDraft(family: FamilyId, id: string, now: Snapshot): DeviceDraft {
  const known = now.readings[family]?.devices[id];
  return { label: id, ...known, values: emptyValues(familyOf(family).device.metrics) };
}

/** Readings of one stored row; a metric that was not stored is null. Pure. */
function readingsOf(values: Readonly<Record<SeriesKey, number>>, now: Snapshot): SampleBatch['readings'] {
  const drafts = new Map<FamilyId, Draft>();
  for (const [key, value] of Object.entries(values)) {
    const parsed = parseSeriesKey(key);
    if (parsed === null) continue;
    const { family, metric, device } = parsed;
    const draft = drafts.get(family) ?? { values: emptyValues(familyOf(family).metrics), devices: {} };
    drafts.set(family, draft);
    const target = device === null ? draft : (draft.devices[device] ??= deviceDraft(family, device, now));
    target.values[metric] = value;
  }
  const found = FAMILY_IDS.flatMap((id): [FamilyId, Reading][] => {
    const draft = drafts.get(id);
    return draft === undefined ? [] : [[id, draft]];
  });
  return Object.fromEntries(found);
}

/** Remembers the numbers of batches and finds what came after one. Only this run's batches have numbers that are known. */
export function createResume({ run, since, snapshot }: ResumeParts): Resume {
  const seqs = new Map<number, number>();
  const nothing: ResumeResult = { batches: [], complete: false };
  return {
    onBatch({ seq, time }) {
      seqs.set(time, seq);
      const oldest = seqs.size > REMEMBERED ? seqs.keys().next().value : undefined;
      if (oldest !== undefined) seqs.delete(oldest);
    },
    after(position) {
      if (position.run !== run || position.seq > snapshot().seq) return nothing;
      if (position.seq === snapshot().seq) return { batches: [], complete: true };
      const stored = since(position.time, MAX_BATCHES);
      if (!stored.complete) return nothing;
      const now = snapshot();
      const batches: SampleBatch[] = [];
      let before = position.seq;
      for (const { time, values } of stored.rows) {
        const seq = seqs.get(time);
        if (seq === undefined || seq <= before) return nothing;
        // A batch of nothing but faults leaves no row: this one then stands for it as well.
        batches.push({ seq, time, ...(seq === before + 1 ? {} : { after: before }), readings: readingsOf(values, now), faults: {} });
        before = seq;
      }
      // The latest may not be stored, or have no row: everything known says what it said.
      const { seq, time, readings, faults } = now;
      if (before < seq) batches.push({ seq, time, after: before, readings, faults });
      return { batches, complete: true };
    },
  };
}
