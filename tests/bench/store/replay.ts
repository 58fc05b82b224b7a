/** Plays a recording as the batches it came from, over and over, with as many series as wanted. */
import type { FamilyId } from '../../../src/shared/metrics/index';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { plannedSeries, recordedSeries } from './planned';
import { valuesByRow } from './recording';
import type { Recording } from './recording';

/** Rows by which each copy of a series is behind the one before, so that they differ. */
const LAG = 97;

interface Played {
  readonly family: FamilyId;
  readonly metric: string;
  readonly device: string | null;
  /** By row of the recording. */
  readonly values: readonly (number | null)[];
  readonly lag: number;
}

function playedSeries(recording: Recording, count: number): Played[] {
  return plannedSeries(recording, count).map(({ family, metric, device, model, copy }) => {
    return { family, metric, device, values: valuesByRow(recording, model), lag: copy * LAG };
  });
}

type Values = Record<string, number | null>;
type Readings = Partial<Record<FamilyId, { values: Values; devices: Record<string, { label: string; values: Values }> }>>;

/** The readings of the series with nothing in them, and where each series' value goes. */
function blankReadings(series: readonly Played[]): { readings: Readings; targets: Values[] } {
  const readings: Readings = {};
  const targets = series.map(({ family, device }) => {
    const reading = (readings[family] ??= { values: {}, devices: {} });
    return device === null ? reading.values : (reading.devices[device] ??= { label: device, values: {} }).values;
  });
  return { readings, targets };
}

/** A batch, and how many samples are in it. */
export interface PlayedBatch {
  readonly batch: SampleBatch;
  readonly samples: number;
}

/** Makes the batch of a tick. */
export type Stage = (tick: number) => PlayedBatch;

/**
 * Plays a recording: a batch a second from `start` on, with the jitter of the recording. Each call of `stage` gives a
 * function that fills the same batch again and again, so that playing leaves no garbage for others to wait for.
 */
export function player(recording: Recording, count: number, start: number): { stage(): Stage } {
  const series = playedSeries(recording, count);
  const rows = recording.time.length;
  const first = recording.time[0] ?? 0;
  return {
    stage() {
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

/** Plays a recording once, as it was: its own series, at its own times. Each batch is good until the next. */
export function* playOnce(recording: Recording): Generator<PlayedBatch> {
  const play = player(recording, recordedSeries(recording).length, 0).stage();
  for (const [row, time] of recording.time.entries()) {
    const { batch, samples } = play(row);
    yield { batch: { ...batch, time }, samples };
  }
}
