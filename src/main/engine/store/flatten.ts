/** Flattens a batch into a row of stored series, driven by the metric descriptors alone. */
import { familyOf, isFamilyId, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../../shared/metrics/index';
import type { MetricSet } from '../../../shared/metrics/define';
import type { GapReason, Reading, SampleBatch } from '../../../shared/metrics/reading';
import { scaleOf } from './codec/scale';
import type { Scale } from './codec/scale';
import type { FamilyPresence, StoredDevice } from './device-limit';
import type { SeriesRename } from './rename-series';

/** A series in memory: its key, and the scale of its values. */
export interface StoredSeries {
  readonly key: SeriesKey;
  readonly scale: Scale;
  /** The device it is of; absent for a series of the whole machine. */
  readonly device?: StoredDevice;
}

/** One batch, flattened: `steps[i]` is the value of `series[i]` in steps of its resolution. */
export interface Row {
  /** Epoch ms, whole. */
  readonly time: number;
  readonly gap: GapReason | null;
  readonly series: readonly StoredSeries[];
  readonly steps: Float64Array;
  /** Of a copied row: its time at the machine it is of, epoch ms, which may have another clock. */
  readonly copiedFrom?: number;
  /** Series that continue under other keys, from this row on. */
  readonly renames?: readonly SeriesRename[];
}

/** The stored series of one metric set, by metric name. */
type SeriesByMetric = ReadonlyMap<string, StoredSeries>;

interface FamilySeries {
  readonly id: FamilyId;
  readonly own: SeriesByMetric;
  readonly devices: Map<string, SeriesByMetric>;
  readonly presence: FamilyPresence;
}

function seriesOf(family: FamilyId, metrics: MetricSet, device?: StoredDevice): SeriesByMetric {
  const series = new Map<string, StoredSeries>();
  for (const [name, metric] of Object.entries(metrics)) {
    if (metric.stored === false) continue;
    series.set(name, { key: seriesKey(family, name, device?.id), scale: scaleOf(metric.resolution), ...(device === undefined ? {} : { device }) });
  }
  return series;
}

/** The renamed series of renamed devices, metric by metric. */
function renamesOf(family: FamilyId, groups: NonNullable<Reading['renamed']>): SeriesRename[] {
  const metrics = Object.entries(familyOf(family).device.metrics).flatMap(([name, { stored }]) => (stored === false ? [] : [name]));
  return groups.flatMap(({ renamed, unless }) =>
    metrics.map((metric) => ({
      renamed: new Map(Object.entries(renamed).map(([from, to]) => [seriesKey(family, metric, from), seriesKey(family, metric, to)])),
      unless: seriesKey(family, metric, unless),
    })),
  );
}

/** Flattens batches. Caches the series seen so far, so that a tick builds no key strings. */
export class Flattener {
  readonly #families = new Map<string, FamilySeries>();
  /** Outlives the cache. */
  readonly #presence = new Map<string, FamilyPresence>();
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
  toRow(batch: SampleBatch, copiedFrom?: number): Row {
    this.#length = 0;
    let renames: SeriesRename[] | null = null;
    const readings: Readonly<Record<string, Reading | undefined>> = batch.readings;
    for (const id in readings) {
      const [family, reading] = [this.#familySeries(id), readings[id]];
      if (family === null || reading === undefined) continue;
      this.#addReading(family, reading);
      if (reading.renamed !== undefined) renames = [...(renames ?? []), ...renamesOf(family.id, reading.renamed)];
    }
    const steps = new Float64Array(this.#length);
    for (let i = 0; i < steps.length; i += 1) steps[i] = this.#steps[i] ?? 0;
    return { time: Math.round(batch.time), gap: batch.gap ?? null, series: this.#series.slice(0, this.#length), steps, ...(copiedFrom === undefined ? {} : { copiedFrom }), ...(renames === null ? {} : { renames }) };
  }

  #addReading(family: FamilySeries, reading: Reading): void {
    this.#addValues(family.own, reading.values);
    let present = 0;
    for (const id in reading.devices) {
      const device = reading.devices[id];
      if (device === undefined || device.stored === false) continue;
      present += 1;
      this.#addValues(this.#deviceSeries(family, id), device.values);
    }
    if (present > family.presence.most) family.presence.most = present;
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

  #presenceOf(family: FamilyId): FamilyPresence {
    const presence = this.#presence.get(family) ?? { family, most: 0 };
    this.#presence.set(family, presence);
    return presence;
  }

  /** Null for a metric family this version does not know. */
  #familySeries(id: string): FamilySeries | null {
    const known = this.#families.get(id);
    if (known !== undefined || !isFamilyId(id)) return known ?? null;
    const family = { id, own: seriesOf(id, familyOf(id).metrics), devices: new Map<string, SeriesByMetric>(), presence: this.#presenceOf(id) };
    this.#families.set(id, family);
    return family;
  }

  #deviceSeries(family: FamilySeries, device: string): SeriesByMetric {
    const { id } = family;
    let series = family.devices.get(device);
    if (series === undefined) {
      series = seriesOf(id, familyOf(id).device.metrics, { id: device, presence: family.presence });
      family.devices.set(device, series);
      this.devices += 1;
    }
    return series;
  }
}
