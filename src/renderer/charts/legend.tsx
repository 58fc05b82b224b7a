/** The legend of a chart. It has values only while a time is pointed at: without one, the mean of the last point would read as the present value. */
import { useStore } from 'zustand';
import { countText } from '../../shared/metrics/beside';
import { formatValue } from '../../shared/units';
import { pointAt } from '../data/columns';
import type { Columns } from '../data/columns';
import { describePointTime } from '../lib/point-time';
import { Scroller } from '../ui/scroller';
import { Value } from '../ui/value';
import type { CursorStore } from './chart-cursor';
import type { ChartData } from './chart-data';
import { latest } from './chart-description';
import type { ChartPlan } from './chart-plan';
import { isCompared } from './option';
import './legend.css';

interface LegendProps {
  readonly plan: ChartPlan;
  readonly history: ChartData;
  readonly cursor: CursorStore;
  /** Label of the earlier day, such as "yesterday". */
  readonly beforeLabel?: string | undefined;
}

/** The value at a time; null if no point is near enough. */
function valueAt(columns: Columns | undefined, time: number, step: number): number | null {
  return columns === undefined ? null : (pointAt(columns, time, 2 * step)?.avg ?? null);
}

/** A value at the crosshair. Without one it is empty and keeps its room, so that no line of the legend moves. */
function ValueAt({ columns, time, step, plan }: { readonly columns: Columns | undefined; readonly time: number | null; readonly step: number; readonly plan: ChartPlan }) {
  return (
    <span className="legend-value" data-empty={time === null}>
      <Value value={time === null ? null : valueAt(columns, time, step)} unit={plan.unit} />
    </span>
  );
}

function Reference({ plan, history }: Pick<LegendProps, 'plan' | 'history'>) {
  const { reference } = plan;
  const count = reference === undefined ? null : latest(history.columns[reference.key]);
  if (reference === undefined || count === null) return null;
  return (
    <li data-series={reference.key}>
      <span className="swatch-reference" aria-hidden="true" />
      <span className="legend-label">{reference.metric.unit === 'count' ? countText(count, reference.metric) : `${reference.metric.short ?? reference.metric.label} ${formatValue(count, reference.metric.unit)}`}</span>
    </li>
  );
}

/** Labels of the lines with their values at the crosshair, and the time these are of. */
export function Legend({ plan, history, cursor, beforeLabel }: LegendProps) {
  const time = useStore(cursor, (state) => state.time);
  const { step, window, columns, before } = history;
  return (
    <Scroller className="legend" label={`Legend of ${plan.title}`}>
      <ul>
        {plan.lines.map(({ key, label, color }) => (
          <li key={key} data-series={key}>
            <span className={`swatch swatch-${(color % 12) + 1}`} aria-hidden="true" />
            <span className="legend-label" title={label}>
              {label}
            </span>
            <ValueAt columns={columns[key]} {...{ time, step, plan }} />
            {before[key] !== undefined && isCompared(plan) && (
              <span className="legend-before">
                {beforeLabel} <ValueAt columns={before[key]} {...{ time, step, plan }} />
              </span>
            )}
          </li>
        ))}
        <Reference plan={plan} history={history} />
        <li className="legend-time" data-empty={time === null}>
          {describePointTime(time ?? window.to, step, window)}
        </li>
      </ul>
    </Scroller>
  );
}
