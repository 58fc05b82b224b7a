/** Options of the chart library from plans and points. Pure, so that tests check what is drawn without drawing it. */
import type { Unit } from '../../shared/metrics/define';
import type { Gap } from '../../shared/series/gaps';
import { scaleFor } from './axis';
import type { Scale } from './axis';
import type { ChartPlan, LinePlan } from './chart-plan';
import { EMPTY_COLUMNS, hasValues, highest, lowest } from '../data/columns';
import type { Columns } from '../data/columns';
import { PLOT_MARGIN } from './plot-geometry';
import { formatAxisTime } from '../lib/range';
import type { TimeWindow } from '../lib/range';
import { formatAxisValue } from '../lib/value-width';
import type { ChartStyle } from '../lib/theme';
import type { PlotLine, PlotOption } from './plot';

/** Input of a chart. */
export interface DrawnChart {
  readonly plan: ChartPlan;
  readonly window: TimeWindow;
  /** Time per point, ms. */
  readonly step: number;
  readonly columnsOf: (key: string) => Columns | undefined;
  /** Points of the earlier day to compare with, at the times of the window. */
  readonly beforeOf?: (key: string) => Columns | undefined;
  /** Known gaps, drawn as areas behind everything. */
  readonly gaps?: readonly Gap[];
  readonly style: ChartStyle;
}

/** Time and value of a point in the library's format; a null value breaks the line. */
export type Point = [number, number | null];

/**
 * Points of a line. A single point between gaps would be invisible as a line: it is drawn as a dash as long as the
 * time of one point.
 */
export function toPoints(columns: Columns, values: readonly (number | null)[], step: number): Point[] {
  const points: Point[] = [];
  columns.time.forEach((time, at) => {
    const value = values[at] ?? null;
    points.push([time, value]);
    const alone = value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
    if (alone) points.push([time + step, value], [time + step, null]);
  });
  return points;
}

/** Maximum minus minimum of each point, null where it has no value: the library stacks the band on the minimum. */
export function bandHeights(columns: Columns): readonly (number | null)[] {
  return columns.max.map((max, at) => {
    const min = columns.min[at] ?? null;
    return max === null || min === null ? null : max - min;
  });
}

/** Whether any point has a minimum below its maximum; points of single samples have no band. */
function hasBand(columns: Columns): boolean {
  return columns.max.some((max, at) => max !== (columns.min[at] ?? null));
}

/** Highest sum of all lines at one time, for stacked charts; null without values. */
export function stackedTop(all: readonly Columns[]): number | null {
  const sums = new Map<number, number>();
  for (const columns of all) {
    columns.time.forEach((time, at) => {
      const value = columns.avg[at] ?? null;
      if (value !== null) sums.set(time, (sums.get(time) ?? 0) + value);
    });
  }
  return sums.size === 0 ? null : Math.max(...sums.values());
}

/** The vertical scale that contains all lines of a chart. */
export function scaleOf(plan: ChartPlan, columnsOf: DrawnChart['columnsOf'], beforeOf?: DrawnChart['beforeOf']): Scale {
  const compared = beforeOf !== undefined && isCompared(plan) ? plan.lines.map(({ key }) => beforeOf(key) ?? EMPTY_COLUMNS) : [];
  const all = [...plan.lines.map(({ key }) => columnsOf(key) ?? EMPTY_COLUMNS), ...compared];
  // A reference that is off the chart would let any value look high.
  const reference = plan.reference === undefined ? null : highest(columnsOf(plan.reference.key) ?? EMPTY_COLUMNS);
  const highs = [...(plan.stacked ? [stackedTop(all)] : all.map(highest)), reference];
  const known = (values: readonly (number | null)[]): readonly number[] => values.filter((value) => value !== null);
  const tops = known(highs);
  const bottoms = known(all.map(lowest));
  // Spreading is safe: a chart has at most a few hundred lines.
  return scaleFor(plan.unit, bottoms.length > 0 ? Math.min(...bottoms) : null, tops.length > 0 ? Math.max(...tops) : null);
}

/** Charts with more lines than this are not compared. */
const MAX_COMPARED = 3;

/** Options of every line: no symbols, no reaction to the pointer, no animation. */
const STATIC_LINE = { type: 'line', symbol: 'none', silent: true, animation: false, emphasis: { disabled: true } } as const;

function bandOf({ key }: LinePlan, columns: Columns, color: string, step: number): PlotLine[] {
  const edge = { ...STATIC_LINE, stack: `band ${key}`, stackStrategy: 'all', lineStyle: { width: 0, opacity: 0 } } as const;
  return [
    { ...edge, id: `low ${key}`, data: toPoints(columns, columns.min, step) },
    { ...edge, id: `high ${key}`, data: toPoints(columns, bandHeights(columns), step), areaStyle: { color, opacity: 0.18 } },
  ];
}

function lineOf({ key, label }: LinePlan, columns: Columns, color: string, { plan, step }: DrawnChart): PlotLine {
  return {
    ...STATIC_LINE,
    id: key,
    name: label,
    color,
    data: toPoints(columns, columns.avg, step),
    connectNulls: false,
    lineStyle: { width: plan.stacked ? 1 : 1.5, color },
    ...(plan.stacked ? { stack: 'whole', areaStyle: { color, opacity: 0.45 } } : {}),
  };
}

/** Whether a chart shows the earlier day as well; in stacks and device charts it could not be distinguished. */
export function isCompared(plan: ChartPlan): boolean {
  return !plan.stacked && plan.device === null && plan.lines.length <= MAX_COMPARED;
}

/** The lines of the earlier day, thin and dashed. */
function beforeLines({ plan, step, beforeOf }: DrawnChart, colorOf: (line: LinePlan) => string): PlotLine[] {
  if (beforeOf === undefined || !isCompared(plan)) return [];
  return plan.lines.flatMap((line) => {
    const columns = beforeOf(line.key);
    if (columns === undefined || !hasValues(columns)) return [];
    const color = colorOf(line);
    return [{ ...STATIC_LINE, id: `before ${line.key}`, color, data: toPoints(columns, columns.avg, step), connectNulls: false, lineStyle: { width: 1, type: [5, 3], color, opacity: 0.6 } }];
  });
}

/** One area of the chart's full height for each known gap. */
function gapAreas({ gaps = [], window, style }: DrawnChart, scale: Scale): PlotLine[] {
  if (gaps.length === 0) return [];
  const data = gaps.flatMap(({ from, to }): Point[] => {
    const edges = [Math.max(from, window.from), Math.min(to, window.to)] as const;
    return [[edges[0], scale.max], [edges[1], scale.max], [edges[1], null]];
  });
  return [{ ...STATIC_LINE, id: 'gaps', z: 0, data, connectNulls: false, lineStyle: { width: 0, opacity: 0 }, areaStyle: { color: style.muted, opacity: 0.16, origin: 'start' } }];
}

/** The reference line, dotted, through its own history: cores can be added while a machine runs. */
function referenceLine({ plan, step, columnsOf, style }: DrawnChart): PlotLine[] {
  const columns = plan.reference === undefined ? undefined : columnsOf(plan.reference.key);
  if (columns === undefined || !hasValues(columns)) return [];
  return [{ ...STATIC_LINE, id: 'reference', data: toPoints(columns, columns.avg, step), connectNulls: false, lineStyle: { width: 1, type: [2, 3], color: style.text, opacity: 0.7 } }];
}

/** With more thresholds than this, as of many sensors with limits of their own, none could be told apart. */
const MAX_THRESHOLDS = 6;

/** Names of the lines that a threshold is of: the first, and how many more. */
function nameOf([first, ...more]: readonly LinePlan[]): string {
  return `${first?.label ?? ''}${more.length === 0 ? '' : ` and ${more.length} more`}`;
}

/** Dashed lines at the thresholds that are within the scale. One that is not of every line names the line it is of. */
function thresholdLines({ plan, window, style }: DrawnChart, scale: Scale): PlotLine[] {
  const { thresholds } = plan;
  if (thresholds.length > MAX_THRESHOLDS) return [];
  return thresholds
    .filter(({ at }) => at >= scale.min && at <= scale.max)
    .map(({ severity, direction, at, lines }) => {
      const color = style[severity];
      const endLabel: NonNullable<PlotLine['endLabel']> = { show: true, formatter: nameOf(lines), align: 'left', verticalAlign: 'bottom', offset: [2, -2], color: style.muted, fontSize: 10, fontFamily: style.font };
      return {
        ...STATIC_LINE,
        id: `level ${severity} ${direction} ${at}`,
        // From right to left: the name stands at the end, and live lines are on the right.
        data: [
          [window.to, at],
          [window.from, at],
        ],
        lineStyle: { width: 1, type: [4, 4], color, opacity: 0.7 },
        ...(lines.length < plan.lines.length ? { endLabel } : {}),
      };
    });
}

function axes(unit: Unit, scale: Scale, window: TimeWindow, style: ChartStyle): Pick<PlotOption, 'xAxis' | 'yAxis'> {
  const label = { color: style.muted, fontSize: 11, fontFamily: style.font };
  const span = window.to - window.from;
  return {
    xAxis: {
      type: 'time',
      min: window.from,
      max: window.to,
      axisLine: { lineStyle: { color: style.rule } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...label, hideOverlap: true, formatter: (time: number) => formatAxisTime(time, span) },
    },
    yAxis: {
      type: 'value',
      ...scale,
      axisLabel: { ...label, formatter: (value: number) => formatAxisValue(value, unit) },
      splitLine: { lineStyle: { color: style.rule, width: 1 } },
    },
  };
}

/** The complete option of a chart. */
export function toOption(chart: DrawnChart): PlotOption {
  const { plan, window, step, columnsOf, style } = chart;
  const scale = scaleOf(plan, columnsOf, chart.beforeOf);
  const colorOf = (line: LinePlan): string => style.lines[line.color % Math.max(1, style.lines.length)] ?? style.text;
  const drawn = plan.lines.map((line) => ({ line, columns: columnsOf(line.key) ?? EMPTY_COLUMNS, color: colorOf(line) }));
  const banded = plan.band ? drawn.filter(({ columns }) => hasBand(columns)) : [];
  const bands = banded.flatMap(({ line, columns, color }) => bandOf(line, columns, color, step));
  return {
    animation: false,
    grid: { ...PLOT_MARGIN, outerBoundsMode: 'none' },
    ...axes(plan.unit, scale, window, style),
    series: [...gapAreas(chart, scale), ...bands, ...beforeLines(chart, colorOf), ...drawn.map(({ line, columns, color }) => lineOf(line, columns, color, chart)), ...referenceLine(chart), ...thresholdLines(chart, scale)],
  };
}
