/** Plays a recording back as batches, repeatedly, with any number of series. */
import type { FamilyId } from '../../../src/shared/metrics/index';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { plannedSeries, recordedSeries } from './planned';
import { valuesByRow } from './recording';
import type { Recording } from './recording';

/** Rows by which each copy of a series lags behind the one before, so that they differ. */
const LAG = 97;

interface PlayedSeries {
  readonly family: FamilyId;
  readonly metric: string;
  readonly device: string | null;
  /** By row of the recording. */
  readonly values: readonly (number | null)[];
  readonly lag: number;
}

function playedSeries(recording: Recording, count: number): PlayedSeries[] {
  return plannedSeries(recording, count).map(({ family, metric, device, model, copy }) => {
    return { family, metric, device, values: valuesByRow(recording, model), lag: copy * LAG };
  });
}

type Values = Record<string, number | null>;
type Readings = Partial<Record<FamilyId, { values: Values; devices: Record<string, { label: string; values: Values }> }>>;

/** Readings of the series without values, and the object each series' value goes to. */
function blankReadings(series: readonly PlayedSeries[]): { readings: Readings; targets: Values[] } {
  const readings: Readings = {};
  const targets = series.map(({ family, device }) => {
    const reading = (readings[family] ??= { values: {}, devices: {} });
    return device === null ? reading.values : (reading.devices[device] ??= { label: device, values: {} }).values;
  });
  return { readings, targets };
}

/** A batch, and the number of its samples. */
export interface PlayedBatch {
  readonly batch: SampleBatch;
  readonly samples: number;
}

/** Returns the batch of a tick. */
export type BatchSource = (tick: number) => PlayedBatch;

/**
 * Plays a recording back: a batch per second from `start` (epoch ms) on, with the jitter of the recording. Each call of
 * `createSource` returns a function that fills one batch object again and again, so that playback creates no garbage.
 */
export function createPlayback(recording: Recording, count: number, start: number): { createSource(): BatchSource } {
  const series = playedSeries(recording, count);
  const rows = recording.time.length;
  const first = recording.time[0] ?? 0;
  return {
    createSource() {
      const { readings, targets } = blankReadings(series);
      const batch = { seq: 0, time: 0, readings, faults: {} };
      return (tick) => {
        let samples = 0;
        series.forEach(({ metric, values, lag }, i) => {
          const value = values[(tick + lag) % rows] ?? null;
          const target = targets[i];
          if (target !== undefined) target[metric] = value;
          if (value !== null) samples += 1;
        });
        const jitter = Math.round((recording.time[tick % rows] ?? 0) - first) % 1000;
        batch.seq = tick + 1;
        batch.time = start + tick * 1000 + (jitter > 500 ? jitter - 1000 : jitter);
        return { batch, samples };
      };
    },
  };
}

/** Plays a recording back once, with its own series and times. Each batch is valid until the next one. */
export function* playOnce(recording: Recording): Generator<PlayedBatch> {
  const nextBatch = createPlayback(recording, recordedSeries(recording).length, 0).createSource();
  for (const [row, time] of recording.time.entries()) {
    const { batch, samples } = nextBatch(row);
    yield { batch: { ...batch, time }, samples };
  }
}
