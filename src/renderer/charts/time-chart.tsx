import type { ChartData } from './chart-data';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { ActivityEvent } from '../../shared/timeline/event-schemas';
import type { ChartPlan } from './chart-plan';
import { hasValues, pointAt } from '../data/columns';
import type { Columns } from '../data/columns';
import { leftAt, shareOf, widthOf } from './plot-geometry';
import { formatMoment } from '../lib/range';
import type { RangeChoice, TimeWindow } from '../lib/range';
import { describeChart, latest } from './chart-description';
import { readChartStyle, useTheme } from '../lib/theme';
import { Scroller } from '../ui/scroller';
import { Value } from '../ui/value';
import type { CursorStore } from './chart-cursor';
import { ChartAnnotations } from './chart-annotations';
import { isCompared, toOption } from './option';
import { createPlot } from './plot';
import type { Plot } from './plot';
import { usePlotInput } from './use-plot-input';

/** What a chart shows and leads to. */
export interface TimeChartProps {
  readonly plan: ChartPlan;
  readonly choice: RangeChoice;
  readonly history: ChartData;
  readonly cursor: CursorStore;
  readonly onZoom: (window: TimeWindow) => void;
  readonly onLive: () => void;
  /** Events to be marked. */
  readonly events: readonly ActivityEvent[];
  /** The moment that was picked, epoch ms. */
  readonly at: number | null;
  readonly onPick: (time: number) => void;
  /** Shows all devices, or the highest again; absent where there are not too many. */
  readonly onToggleAll?: (() => void) | undefined;
  /** Drawn over the plot, at places `plot-geometry` tells. */
  readonly overlay?: ReactNode;
  /** A button beside the title. */
  readonly action?: ReactNode;
}

type LegendProps = Pick<TimeChartProps, 'plan' | 'history' | 'cursor'>;

/** The value at a time, null where there is none near enough. */
function valueAt(columns: Columns | undefined, time: number, step: number): number | null {
  return columns === undefined ? null : (pointAt(columns, time, 2 * step)?.avg ?? null);
}

/** Names and values of the lines: at the cursor, else the latest. */
function Legend({ plan, history, cursor }: LegendProps) {
  const time = useStore(cursor, (state) => state.time);
  return (
    <Scroller className="legend" label={`Legend of ${plan.title}`}>
      <ul>
        {plan.lines.map(({ key, label, color }) => {
          const columns = history.columns[key];
          const value = time === null ? latest(columns) : valueAt(columns, time, history.step);
          const compared = history.before[key] !== undefined && isCompared(plan);
          return (
            <li key={key} data-series={key}>
              <span className={`swatch swatch-${(color % 12) + 1}`} aria-hidden="true" />
              <span className="legend-label" title={label}>
                {label}
              </span>
              <Value value={value} unit={plan.unit} />
              {compared && (
                <span className="legend-before">
                  then <Value value={valueAt(history.before[key], time ?? history.window.to, history.step)} unit={plan.unit} />
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </Scroller>
  );
}

function Crosshair({ cursor, window }: { readonly cursor: CursorStore; readonly window: TimeWindow }) {
  const time = useStore(cursor, (state) => state.time);
  if (time === null || time < window.from || time > window.to) return null;
  return <div className="crosshair" style={{ left: leftAt(shareOf(time, window)) }} />;
}

/** The moment that was picked, in every chart. */
function Picked({ at, window }: { readonly at: number | null; readonly window: TimeWindow }) {
  if (at === null || at < window.from || at > window.to) return null;
  return <div className="picked" style={{ left: leftAt(shareOf(at, window)) }} />;
}

function Selection({ drag, window }: { readonly drag: TimeWindow; readonly window: TimeWindow }) {
  const from = shareOf(drag.from, window);
  return <div className="selection" style={{ left: leftAt(from), width: widthOf(shareOf(drag.to, window) - from) }} />;
}

/** Draws into `element` what the chart is to show, and again when that changes; out of sight it waits. */
function usePlot(plan: ChartPlan, history: ChartData) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const [inSight, setInSight] = useState(true);
  const theme = useTheme();
  const style = useMemo(() => ({ theme, ...readChartStyle(document.documentElement) }), [theme]);
  useEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    const created = createPlot(box);
    plot.current = created;
    const observer = new ResizeObserver(() => created.resize());
    observer.observe(box);
    const sight = new IntersectionObserver((entries) => setInSight(entries.at(-1)?.isIntersecting ?? true));
    sight.observe(box);
    return () => {
      observer.disconnect();
      sight.disconnect();
      created.dispose();
      plot.current = null;
    };
  }, []);
  useEffect(() => {
    if (!inSight) return;
    const { window, step, columns, before, gaps } = history;
    plot.current?.draw(toOption({ plan, window, step, columnsOf: (key) => columns[key], beforeOf: (key) => before[key], gaps, style }));
  }, [plan, history, style, inSight]);
  return element;
}

/** What stands over a plot without a line. */
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

/** What has the focus in a chart: the browser's own slider, moved by the keys it always has. */
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
      aria-valuetext={formatMoment(time)}
      onChange={(event) => cursor.setState({ time: event.target.valueAsNumber })}
      onBlur={() => cursor.setState({ time: null })}
      onKeyDown={onKeyDown}
    />
  );
}

/** The drawing itself. Keys and assistive technology meet it as a slider over time whose name tells the chart in words. */
function PlotArea({ plan, choice, history, cursor, onZoom, onLive, events, at, onPick, overlay }: Omit<TimeChartProps, 'action' | 'onToggleAll'>) {
  const element = usePlot(plan, history);
  const { window, step, columns } = history;
  const { drag, handlers, onKeyDown } = usePlotInput({ window, cursor, onZoom, onLive, onPick });
  const label = useMemo(() => describeChart(plan, choice, (key) => columns[key]), [plan, choice, columns]);
  const empty = !plan.lines.some(({ key }) => hasValues(columns[key]));
  return (
    <div className="plot" {...handlers}>
      <TimeSlider label={label} window={window} step={step} cursor={cursor} onKeyDown={onKeyDown} />
      <div className="plot-canvas" ref={element} />
      {overlay}
      <Picked at={at} window={window} />
      <Crosshair cursor={cursor} window={window} />
      {drag !== null && <Selection drag={drag} window={window} />}
      {empty && <p className="plot-empty">{emptyText(choice)}</p>}
      <ChartAnnotations events={events} window={window} onPick={onPick} />
    </div>
  );
}

/** A chart over time with its legend. Drag to zoom, click for what ran then, double click to go back to live; arrow keys move the crosshair. */
export const TimeChart = memo(function TimeChart({ plan, choice, history, cursor, onZoom, onLive, events, at, onPick, onToggleAll, overlay, action }: TimeChartProps) {
  return (
    <figure className="chart">
      <figcaption>
        <h2>{plan.title}</h2>
        {action}
        {onToggleAll !== undefined && (
          <button type="button" className="plain" onClick={onToggleAll}>
            {plan.device !== null && plan.device.hidden > 0 ? `Show all (${plan.lines.length + plan.device.hidden})` : 'Show the highest'}
          </button>
        )}
        <Legend plan={plan} history={history} cursor={cursor} />
      </figcaption>
      <PlotArea {...{ plan, choice, history, cursor, onZoom, onLive, events, at, onPick, overlay }} />
    </figure>
  );
});
