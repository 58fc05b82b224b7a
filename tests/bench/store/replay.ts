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

/** Makes batch after batch: one a second from `start` on, with the jitter of the recording. */
export function player(recording: Recording, count: number, start: number): (tick: number) => SampleBatch {
  const series = playedSeries(recording, count);
  const rows = recording.time.length;
  const first = recording.time[0] ?? 0;
  return (tick) => {
    const readings: Partial<Record<FamilyId, { values: Record<string, number>; devices: Record<string, { label: string; values: Record<string, number> }> }>> = {};
    for (const { family, metric, device, values, lag } of series) {
      const value = values[(tick + lag) % rows] ?? null;
      if (value === null) continue;
      const reading = (readings[family] ??= { values: {}, devices: {} });
      if (device === null) reading.values[metric] = value;
      else (reading.devices[device] ??= { label: device, values: {} }).values[metric] = value;
    }
    const jitter = Math.round((recording.time[tick % rows] ?? 0) - first) % 1000;
    return { seq: tick + 1, time: start + tick * 1000 + (jitter > 500 ? jitter - 1000 : jitter), readings, faults: {} };
  };
}

/** Plays a recording once, as it was: its own series, at its own times. */
export function* playOnce(recording: Recording): Generator<SampleBatch> {
  const play = player(recording, recordedSeries(recording).length, 0);
  for (const [row, time] of recording.time.entries()) yield { ...play(row), time };
}

/** Samples of a batch. */
export function countSamples(batch: SampleBatch): number {
  let count = 0;
  for (const { values, devices } of Object.values(batch.readings)) {
    count += Object.keys(values).length;
    for (const device of Object.values(devices)) count += Object.keys(device.values).length;
  }
  return count;
}
