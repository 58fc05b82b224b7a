/** The series of a generated history: those of a recording, then copies of its devices, as many as needed. */
import { parseSeriesKey, seriesKey } from '../../../src/shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../../src/shared/metrics/index';
import type { RecordedSeries, Recording } from './recording';

/** A series, and the recorded one it copies. */
export interface PlannedSeries {
  readonly key: SeriesKey;
  readonly family: FamilyId;
  readonly metric: string;
  readonly device: string | null;
  readonly model: RecordedSeries;
  /** 0 for the recorded series itself, then its copies. */
  readonly copy: number;
}

/** The series of a recording whose metrics are still stored. */
export function recordedSeries({ series }: Recording): PlannedSeries[] {
  return series.flatMap((model): PlannedSeries[] => {
    const parsed = parseSeriesKey(model.key);
    if (parsed === null || parsed.descriptor.stored === false) return [];
    return [{ key: model.key, family: parsed.family, metric: parsed.metric, device: parsed.device, model, copy: 0 }];
  });
}

/** `count` series; fewer if the recording has no devices to copy. */
export function plannedSeries(recording: Recording, count: number): PlannedSeries[] {
  const own = recordedSeries(recording);
  const devices = own.filter((one) => one.device !== null);
  const copies = Array.from({ length: devices.length === 0 ? 0 : Math.max(0, count - own.length) }, (_, i): PlannedSeries[] => {
    const source = devices[i % devices.length];
    if (source === undefined) return [];
    const copy = Math.floor(i / devices.length) + 1;
    const device = `${source.device}-${copy}`;
    return [{ ...source, key: seriesKey(source.family, source.metric, device), device, copy }];
  });
  return [...own, ...copies.flat()].slice(0, count);
}
