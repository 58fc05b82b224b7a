/** Flattens a batch into a row of stored series, driven by the metric descriptors alone. */
import { familyOf, isFamilyId, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../../shared/metrics/index';
import type { MetricSet } from '../../../shared/metrics/define';
import type { GapReason, Reading, SampleBatch } from '../../../shared/metrics/reading';
import { scaleOf } from './codec/scale';
import type { Scale } from './codec/scale';

/** A series in memory: its key, and the scale of its values. */
export interface StoredSeries {
  readonly key: SeriesKey;
  readonly scale: Scale;
}

/** One batch, flattened: `steps[i]` is the value of `series[i]` in steps of its resolution. */
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
  readonly id: FamilyId;
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

/** Flattens batches. Caches the series seen so far, so that a tick builds no key strings. */
export class Flattener {
  readonly #families = new Map<string, FamilySeries>();
  /** The row being built; reused, so that the arrays do not grow for every batch. */
  readonly #series: StoredSeries[] = [];
  readonly #steps: number[] = [];
  #length = 0;
  /** Number of cached devices. */
  devices = 0;

  /** Clears the cache. Devices that come and go (containers) would otherwise stay in it forever. */
  reset(): void {
    this.#families.clear();
    this.devices = 0;
  }

  /** The row of a batch: all its stored metrics that have a finite value. */
  toRow(batch: SampleBatch): Row {
    this.#length = 0;
    const readings: Readonly<Record<string, Reading | undefined>> = batch.readings;
    for (const id in readings) {
      const [family, reading] = [this.#familySeries(id), readings[id]];
      if (family !== null && reading !== undefined) this.#addReading(family, reading);
    }
    const steps = new Float64Array(this.#length);
    for (let i = 0; i < steps.length; i += 1) steps[i] = this.#steps[i] ?? 0;
    return { time: Math.round(batch.time), gap: batch.gap ?? null, series: this.#series.slice(0, this.#length), steps };
  }

  #addReading(family: FamilySeries, reading: Reading): void {
    this.#addValues(family.own, reading.values);
    for (const device in reading.devices) {
      const values = reading.devices[device]?.values;
      if (values !== undefined) this.#addValues(this.#deviceSeries(family, device), values);
    }
  }

  #addValues(known: SeriesByMetric, values: Reading['values']): void {
    for (const name in values) {
      const value = values[name];
      if (value === null || value === undefined || !Number.isFinite(value)) continue;
      const one = known.get(name);
      if (one === undefined) continue;
      this.#series[this.#length] = one;
      this.#steps[this.#length] = one.scale.toSteps(value);
      this.#length += 1;
    }
  }

  /** Null for a metric family this version does not know. */
  #familySeries(id: string): FamilySeries | null {
    const known = this.#families.get(id);
    if (known !== undefined || !isFamilyId(id)) return known ?? null;
    const family = { id, own: seriesOf(id, familyOf(id).metrics), devices: new Map<string, SeriesByMetric>() };
    this.#families.set(id, family);
    return family;
  }

  #deviceSeries(family: FamilySeries, device: string): SeriesByMetric {
    const { id } = family;
    let series = family.devices.get(device);
    if (series === undefined) {
      series = seriesOf(id, familyOf(id).device.metrics, device);
      family.devices.set(device, series);
      this.devices += 1;
    }
    return series;
  }
}
