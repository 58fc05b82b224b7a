/** From a batch to the row of its stored series, by descriptors alone. */
import { familyOf, isFamilyId, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../../shared/metrics/index';
import type { MetricSet } from '../../../shared/metrics/define';
import type { GapReason, Reading, SampleBatch } from '../../../shared/metrics/reading';
import { scaleOf } from './scale';
import type { Scale } from './scale';

/** A series as the store knows it in memory. */
export interface StoredSeries {
  readonly key: SeriesKey;
  readonly scale: Scale;
}

/** One batch, flat: `steps[i]` is the value of `series[i]` in steps of its resolution. */
export interface Row {
  /** Epoch ms, whole. */
  readonly time: number;
  readonly gap: GapReason | null;
  readonly series: readonly StoredSeries[];
  readonly steps: Float64Array;
}

/** The stored series of one metric set, by metric name. */
type SeriesByMetric = ReadonlyMap<string, StoredSeries>;

interface FamilySeries {
  readonly own: SeriesByMetric;
  readonly devices: Map<string, SeriesByMetric>;
}

function seriesOf(family: FamilyId, metrics: MetricSet, device?: string): SeriesByMetric {
  const series = new Map<string, StoredSeries>();
  for (const [name, metric] of Object.entries(metrics)) {
    if (metric.stored === false) continue;
    series.set(name, { key: seriesKey(family, name, device), scale: scaleOf(metric.resolution) });
  }
  return series;
}

/** Flattens batches; remembers the series it met, so that a tick makes no keys. */
export class Flattener {
  readonly #families = new Map<FamilyId, FamilySeries>();
  /** Devices remembered. */
  devices = 0;

  /** Forgets every series. Devices that come and go (containers) would otherwise be remembered for ever. */
  reset(): void {
    this.#families.clear();
    this.devices = 0;
  }

  /** The row of a batch: what is stored of it and has a value. */
  toRow(batch: SampleBatch): Row {
    const series: StoredSeries[] = [];
    const steps: number[] = [];
    for (const id in batch.readings) {
      const reading = isFamilyId(id) ? batch.readings[id] : undefined;
      if (isFamilyId(id) && reading !== undefined) this.#addReading(id, reading, series, steps);
    }
    return { time: Math.round(batch.time), gap: batch.gap ?? null, series, steps: new Float64Array(steps) };
  }

  #addReading(id: FamilyId, reading: Reading, series: StoredSeries[], steps: number[]): void {
    const family = this.#familySeries(id);
    addValues(family.own, reading.values, series, steps);
    for (const device in reading.devices) {
      const values = reading.devices[device]?.values;
      if (values !== undefined) addValues(this.#deviceSeries(id, family, device), values, series, steps);
    }
  }

  #familySeries(id: FamilyId): FamilySeries {
    let family = this.#families.get(id);
    if (family === undefined) {
      family = { own: seriesOf(id, familyOf(id).metrics), devices: new Map() };
      this.#families.set(id, family);
    }
    return family;
  }

  #deviceSeries(id: FamilyId, family: FamilySeries, device: string): SeriesByMetric {
    let series = family.devices.get(device);
    if (series === undefined) {
      series = seriesOf(id, familyOf(id).device.metrics, device);
      family.devices.set(device, series);
      this.devices += 1;
    }
    return series;
  }
}

function addValues(known: SeriesByMetric, values: Reading['values'], series: StoredSeries[], steps: number[]): void {
  for (const name in values) {
    const value = values[name];
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    const one = known.get(name);
    if (one === undefined) continue;
    series.push(one);
    steps.push(one.scale.toSteps(value));
  }
}
