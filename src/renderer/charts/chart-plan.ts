/** Which charts a detail page has, and which lines stand in each: derived from the descriptor and the devices. */
import type { ChartDescriptor, MetricDescriptor, Thresholds, Unit } from '../../shared/metrics/define';
import { familyOf, seriesKey } from '../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../shared/metrics/index';

/** One line of a chart. `colour` counts from 0 and may exceed the palette. */
export interface LinePlan {
  readonly key: SeriesKey;
  readonly label: string;
  readonly color: number;
}

/** One chart. */
export interface ChartPlan {
  readonly title: string;
  readonly unit: Unit;
  readonly stacked: boolean;
  /** Set for charts with a line per device: the metric drawn, and the devices left out. */
  readonly device: { readonly metric: string; readonly hidden: number } | null;
  readonly lines: readonly LinePlan[];
  readonly thresholds: Thresholds | undefined;
  /** Whether the band from lowest to highest is drawn; with many lines it would only be mud. */
  readonly band: boolean;
}

/** A device by id and name. */
export interface DeviceName {
  readonly id: string;
  readonly label: string;
}

/** More lines than this go without bands. */
const MAX_BANDS = 3;

/** Metrics a family's charts need: of the whole machine, and of devices. */
export function chartMetrics(family: FamilyId): { metrics: readonly string[]; deviceMetrics: readonly string[] } {
  const { charts } = familyOf(family);
  return {
    metrics: [...new Set(charts.flatMap((chart) => chart.metrics ?? []))],
    deviceMetrics: [...new Set(charts.flatMap((chart) => (chart.device === undefined ? [] : [chart.device])))],
  };
}

function planOf(chart: ChartDescriptor, first: MetricDescriptor, lines: readonly LinePlan[], device: ChartPlan['device']): ChartPlan {
  const stacked = chart.stacked === true;
  const band = device === null ? !stacked && lines.length <= MAX_BANDS : lines.length === 1;
  return { title: chart.title, unit: first.unit, stacked, device, lines, thresholds: first.thresholds, band };
}

/**
 * The charts of a family. `shown` gives the drawn devices of each device metric, as the history chose them;
 * a chart without devices is left out.
 */
export function planCharts(family: FamilyId, devices: readonly DeviceName[], shown: Readonly<Record<string, readonly string[]>>): readonly ChartPlan[] {
  const descriptor = familyOf(family);
  const labels = new Map(devices.map(({ id, label }) => [id, label]));
  return descriptor.charts.flatMap((chart) => {
    const { device } = chart;
    const names = device === undefined ? (chart.metrics ?? []) : [device];
    const set = device === undefined ? descriptor.metrics : descriptor.device.metrics;
    const first = names[0] === undefined ? undefined : set[names[0]];
    if (first === undefined) return [];
    if (device === undefined) {
      const lines = names.map((name, color) => ({ key: seriesKey(family, name), label: set[name]?.label ?? name, color }));
      return [planOf(chart, first, lines, null)];
    }
    const drawn = shown[device] ?? [];
    if (drawn.length === 0) return [];
    const lines = drawn.map((id, color) => ({ key: seriesKey(family, device, id), label: labels.get(id) ?? id, color }));
    return [planOf(chart, first, lines, { metric: device, hidden: Math.max(0, devices.length - drawn.length) })];
  });
}
