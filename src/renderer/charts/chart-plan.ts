/** The charts of a metric page and the lines of each, derived from the family's descriptor and its devices. */
import { thresholdsOf } from '../../shared/alerts/severity';
import type { RuledDevice, RuleThreshold } from '../../shared/alerts/severity';
import type { Rule } from '../../shared/alerts/rule';
import type { ChartDescriptor, MetricDescriptor, Unit } from '../../shared/metrics/define';
import { familyOf, seriesKey } from '../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../shared/metrics/index';
import type { Columns } from '../data/columns';
import type { ChartData } from './chart-data';

/** One line of a chart. `color` is an index from 0 that may exceed the palette, which then repeats. */
export interface LinePlan {
  readonly key: SeriesKey;
  readonly label: string;
  readonly color: number;
}

/** A threshold of lines of a chart. */
export interface ChartThreshold extends RuleThreshold {
  /** The lines whose rules have it. */
  readonly lines: readonly LinePlan[];
}

/** One chart. */
export interface ChartPlan {
  readonly title: string;
  readonly unit: Unit;
  readonly stacked: boolean;
  /** For charts with a line per device: the metric drawn and the number of devices left out. Otherwise null. */
  readonly device: { readonly metric: string; readonly hidden: number } | null;
  readonly lines: readonly LinePlan[];
  /** A metric drawn as a reference line, such as the number of cores in a chart of the load. */
  readonly reference?: { readonly key: SeriesKey; readonly metric: MetricDescriptor };
  /** Of the rules on its lines; empty where no rule is on any. */
  readonly thresholds: readonly ChartThreshold[];
  /** Whether the area from minimum to maximum is drawn; with many lines they would overlap and hide each other. */
  readonly band: boolean;
}

/** Id and label of a device, and what rules ask of it. */
export interface DeviceName extends RuledDevice {
  readonly id: string;
  readonly label: string;
}

/** Charts with more lines than this have no bands. */
const MAX_BANDS = 3;

const hasValues = (columns: Columns | undefined): boolean => columns?.avg.some((value) => value !== null) ?? false;

/**
 * The charts without those that would stay empty: of device metrics that no device tells now (`silent`), and without a value in
 * the history that is shown. A sleeping card would have nothing else.
 */
export function withoutSilent(plans: readonly ChartPlan[], silent: readonly string[], { columns, before }: Pick<ChartData, 'columns' | 'before'>): readonly ChartPlan[] {
  return plans.filter(({ device, lines }) => device === null || !silent.includes(device.metric) || lines.some(({ key }) => hasValues(columns[key]) || hasValues(before[key])));
}

/** Names of the metrics a family's charts need: of the whole machine, and of its devices. */
export function chartMetrics(family: FamilyId): { metrics: readonly string[]; deviceMetrics: readonly string[] } {
  const { charts } = familyOf(family);
  return {
    metrics: [...new Set(charts.flatMap((chart) => [...(chart.metrics ?? []), ...(chart.reference === undefined ? [] : [chart.reference])]))],
    deviceMetrics: [...new Set(charts.flatMap((chart) => (chart.device === undefined ? [] : [chart.device])))],
  };
}

/** The thresholds of the lines, each once, with the lines that have it. */
export function chartThresholds(lines: readonly LinePlan[], thresholdsAt: (line: LinePlan) => readonly RuleThreshold[]): readonly ChartThreshold[] {
  const found = new Map<string, ChartThreshold>();
  for (const line of lines) {
    for (const threshold of thresholdsAt(line)) {
      const key = `${threshold.severity} ${threshold.direction} ${threshold.at}`;
      found.set(key, { ...threshold, lines: [...(found.get(key)?.lines ?? []), line] });
    }
  }
  return [...found.values()];
}

type ThresholdsAt = Parameters<typeof chartThresholds>[1];

function planOf(chart: ChartDescriptor, first: MetricDescriptor, lines: readonly LinePlan[], device: ChartPlan['device'], thresholdsAt: ThresholdsAt): ChartPlan {
  const stacked = chart.stacked === true;
  const band = device === null ? !stacked && lines.length <= MAX_BANDS : lines.length === 1;
  // In a stack only the lowest line is drawn at its own value.
  const thresholds = chartThresholds(stacked ? lines.slice(0, 1) : lines, thresholdsAt);
  return { title: chart.title, unit: first.unit, stacked, device, lines, thresholds, band };
}

function referenceOf(family: FamilyId, { reference }: ChartDescriptor): ChartPlan['reference'] {
  const metric = reference === undefined ? undefined : familyOf(family).metrics[reference];
  return reference === undefined || metric === undefined ? undefined : { key: seriesKey(family, reference), metric };
}

/**
 * The charts of a family. `shown` has the ids of the devices to draw by device metric, as chosen when the history was
 * loaded; a device chart without any is left out. `rules` give the thresholds. Metrics that are `untold` by the system are
 * left out, and so are charts of nothing else.
 */
export function planCharts(
  family: FamilyId,
  devices: readonly DeviceName[],
  shown: Readonly<Record<string, readonly string[]>>,
  rules: readonly Rule[],
  untold: readonly string[] = [],
): readonly ChartPlan[] {
  const descriptor = familyOf(family);
  const labels = new Map(devices.map(({ id, label }) => [id, label]));
  const known = new Map(devices.map((one) => [one.id, one]));
  return descriptor.charts.flatMap((chart) => {
    const { device } = chart;
    const names = (device === undefined ? (chart.metrics ?? []) : [device]).filter((name) => !untold.includes(name));
    const set = device === undefined ? descriptor.metrics : descriptor.device.metrics;
    const first = names[0] === undefined ? undefined : set[names[0]];
    if (first === undefined) return [];
    if (device === undefined) {
      const lines = names.map((name, color) => ({ key: seriesKey(family, name), label: set[name]?.label ?? name, color }));
      const reference = referenceOf(family, chart);
      return [{ ...planOf(chart, first, lines, null, ({ key }) => thresholdsOf(rules, key, undefined)), ...(reference === undefined ? {} : { reference }) }];
    }
    const drawn = shown[device] ?? [];
    if (drawn.length === 0) return [];
    const lines = drawn.map((id, color) => ({ key: seriesKey(family, device, id), label: labels.get(id) ?? id, color }));
    const thresholdsAt: ThresholdsAt = ({ key, color }) => thresholdsOf(rules, key, known.get(drawn[color] ?? ''));
    return [planOf(chart, first, lines, { metric: device, hidden: Math.max(0, devices.length - drawn.length) }, thresholdsAt)];
  });
}
