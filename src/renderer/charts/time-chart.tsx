/**
 * The charts room: time series charts with crosshair, zoom, annotations, PNG image and text alternative. It alone uses the
 * chart library. This file is the component that pages render; the others are its parts.
 * It may import ui, data, lib and src/shared; it must not import features, app or the files directly under src/renderer.
 * Pages that use it import charts.css.
 */
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { ActivityEvent } from '../../shared/timeline/event-schemas';
import type { ChartData } from './chart-data';
import type { ChartPlan } from './chart-plan';
import { hasValues } from '../data/columns';
import { leftAt, shareOf, widthOf } from './plot-geometry';
import { formatDateTime } from '../lib/range';
import type { RangeChoice, TimeWindow } from '../lib/range';
import { describeChart } from './chart-description';
import { readChartStyle, useTheme } from '../lib/theme';
import type { CursorStore } from './chart-cursor';
import { ChartAnnotations } from './chart-annotations';
import { BeforeHistory, historyBegin } from './before-history';
import { Legend } from './legend';
import { toOption } from './option';
import { createPlot } from './plot';
import type { Plot } from './plot';
import { usePlotInput } from './use-plot-input';
import { Heading } from '../ui/heading';
import '../ui/coverage.css';

/** Data of a chart and callbacks of its controls. */
export interface TimeChartProps {
  readonly plan: ChartPlan;
  readonly choice: RangeChoice;
  readonly history: ChartData;
  readonly cursor: CursorStore;
  readonly onZoom: (window: TimeWindow) => void;
  readonly onLive: () => void;
  /** Events to annotate. */
  readonly events: readonly ActivityEvent[];
  /** The time that was picked, epoch ms; null for none. */
  readonly at: number | null;
  readonly onPick: (time: number) => void;
  /** Shows all devices, or only the highest again; absent if no device is ever left out. */
  readonly onToggleAll?: (() => void) | undefined;
  /** Number of devices drawn unless all are shown. */
  readonly maxDevices?: number | undefined;
  /** Label of the earlier day in the legend, such as "yesterday". */
  readonly beforeLabel?: string | undefined;
  /** Rendered over the plot; `plot-geometry` gives positions. */
  readonly overlay?: ReactNode;
  /** Rendered beside the title. */
  readonly action?: ReactNode;
}

function Crosshair({ cursor, window }: { readonly cursor: CursorStore; readonly window: TimeWindow }) {
  const time = useStore(cursor, (state) => state.time);
  if (time === null || time < window.from || time > window.to) return null;
  return <div className="crosshair" style={{ left: leftAt(shareOf(time, window)) }} />;
}

/** Line at the time that was picked. */
function PickedTime({ at, window }: { readonly at: number | null; readonly window: TimeWindow }) {
  if (at === null || at < window.from || at > window.to) return null;
  return <div className="picked" style={{ left: leftAt(shareOf(at, window)) }} />;
}

function Selection({ drag, window }: { readonly drag: TimeWindow; readonly window: TimeWindow }) {
  const from = shareOf(drag.from, window);
  return <div className="selection" style={{ left: leftAt(from), width: widthOf(shareOf(drag.to, window) - from) }} />;
}

/** Creates a plot in the returned element and redraws it when its data changes, but only while it is visible. */
function usePlot(plan: ChartPlan, history: ChartData) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const [isVisible, setVisible] = useState(true);
  const theme = useTheme();
  const style = useMemo(() => ({ theme, ...readChartStyle(document.documentElement) }), [theme]);
  useEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    const created = createPlot(box);
    plot.current = created;
    const observer = new ResizeObserver(() => created.resize());
    observer.observe(box);
    const visibility = new IntersectionObserver((entries) => setVisible(entries.at(-1)?.isIntersecting ?? true));
    visibility.observe(box);
    return () => {
      observer.disconnect();
      visibility.disconnect();
      created.dispose();
      plot.current = null;
    };
  }, []);
  useEffect(() => {
    if (!isVisible) return;
    const { window, step, columns, before, gaps } = history;
    plot.current?.draw(toOption({ plan, window, step, columnsOf: (key) => columns[key], beforeOf: (key) => before[key], gaps, style }));
  }, [plan, history, style, isVisible]);
  return element;
}

/** Text over a plot without any line. */
function emptyText(choice: RangeChoice): string {
  return choice.kind === 'live' ? 'No data yet' : 'No data in this range';
}

interface TimeSliderProps {
  readonly label: string;
  readonly window: TimeWindow;
  readonly step: number;
  readonly cursor: CursorStore;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** The focusable element of a chart: a native slider over time, with the keys users know from sliders. */
function TimeSlider({ label, window, step, cursor, onKeyDown }: TimeSliderProps) {
  const time = useStore(cursor, (state) => state.time) ?? window.to;
  return (
    <input
      className="sr"
      type="range"
      min={window.from}
      max={window.to}
      step={step}
      value={time}
      aria-label={label}
      aria-valuetext={formatDateTime(time)}
      onChange={(event) => cursor.setState({ time: event.target.valueAsNumber })}
      onBlur={() => cursor.setState({ time: null })}
      onKeyDown={onKeyDown}
    />
  );
}

/** The plot. For the keyboard and assistive technology it is a slider over time, labelled with the text alternative of the chart. */
function PlotArea({ plan, choice, history, cursor, onZoom, onLive, events, at, onPick, overlay }: Omit<TimeChartProps, 'action' | 'onToggleAll' | 'maxDevices' | 'beforeLabel'>) {
  const element = usePlot(plan, history);
  const { window, step, columns } = history;
  const { drag, handlers, onKeyDown } = usePlotInput({ window, cursor, onZoom, onLive, onPick });
  const begins = historyBegin(history, plan);
  const label = useMemo(() => describeChart(plan, choice, (key) => columns[key], begins), [plan, choice, columns, begins]);
  const empty = !plan.lines.some(({ key }) => hasValues(columns[key]));
  return (
    <div className="plot" {...handlers}>
      <TimeSlider label={label} window={window} step={step} cursor={cursor} onKeyDown={onKeyDown} />
      <div className="plot-canvas" ref={element} />
      <BeforeHistory begins={begins} window={window} />
      {overlay}
      <PickedTime at={at} window={window} />
      <Crosshair cursor={cursor} window={window} />
      {drag !== null && <Selection drag={drag} window={window} />}
      {empty && <p className="plot-empty">{emptyText(choice)}</p>}
      <ChartAnnotations events={events} window={window} onPick={onPick} />
    </div>
  );
}

/** A chart over time with its legend. Drag zooms, click picks a time, double click returns to live, arrow keys move the crosshair. */
export const TimeChart = memo(function TimeChart({ plan, choice, history, cursor, onZoom, onLive, events, at, onPick, onToggleAll, maxDevices, beforeLabel, overlay, action }: TimeChartProps) {
  return (
    <figure className="chart">
      <figcaption>
        <Heading>{plan.title}</Heading>
        {action}
        {onToggleAll !== undefined && (
          <button type="button" className="plain" onClick={onToggleAll}>
            {plan.device !== null && plan.device.hidden > 0 ? `Show all (${plan.lines.length + plan.device.hidden})` : `Show top ${maxDevices ?? plan.lines.length}`}
          </button>
        )}
        <Legend plan={plan} history={history} cursor={cursor} beforeLabel={beforeLabel} />
      </figcaption>
      <PlotArea {...{ plan, choice, history, cursor, onZoom, onLive, events, at, onPick, overlay }} />
    </figure>
  );
});
