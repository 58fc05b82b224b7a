/** Plays a recording as the batches it came from, over and over, with as many devices as wanted. */
import type { FamilyId } from '../../../src/shared/metrics/index';
import { parseSeriesKey, seriesKey } from '../../../src/shared/metrics/index';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import type { Recording } from './recording';

interface Played {
  readonly family: FamilyId;
  readonly metric: string;
  readonly device: string | null;
  /** By row of the recording. */
  readonly values: ReadonlyMap<number, number>;
  /** Rows it is behind the recording, so that copies differ. */
  readonly lag: number;
}

/** The series to be played: those of the recording, then devices that repeat its devices. */
function playedSeries(recording: Recording, count: number): Played[] {
  const own = recording.series.flatMap((series): Played[] => {
    const parsed = parseSeriesKey(series.key);
    if (parsed === null) return [];
    const values = new Map(series.rows.map((row, i) => [row, (series.steps[i] ?? 0) * series.resolution]));
    return [{ family: parsed.family, metric: parsed.metric, device: parsed.device, values, lag: 0 }];
  });
  const devices = own.filter((one) => one.device !== null);
  const copies = Array.from({ length: Math.max(0, count - own.length) }, (_, i): Played[] => {
    const model = devices[i % devices.length];
    const round = Math.floor(i / devices.length) + 1;
    return model === undefined ? [] : [{ ...model, device: `${model.device}-${round}`, lag: round * 97 }];
  });
  return [...own, ...copies.flat()].slice(0, count);
}

/** Keys of the series played. */
export function playedKeys(recording: Recording, count: number): string[] {
  return playedSeries(recording, count).map(({ family, metric, device }) => seriesKey(family, metric, device ?? undefined));
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

/**
 * Makes batch after batch: one a second from `start` on, with the jitter of the recording. Each call of `stage` gives a
 * function that fills the same batch again and again, so that playing leaves no garbage for others to wait for.
 */
export function player(recording: Recording, count: number, start: number): { stage(): (tick: number) => { batch: SampleBatch; samples: number } } {
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
          const value = values.get((tick + lag) % rows) ?? null;
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
