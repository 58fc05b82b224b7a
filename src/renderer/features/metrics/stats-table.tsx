/** Statistics of a metric page. */
import { memo } from 'react';
import { useStore } from 'zustand';
import type { MetricDescriptor } from '../../../shared/metrics/define';
import { thresholdsOf, warningOf } from '../../../shared/alerts/severity';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { useLive } from '../../app/app-context';
import { useActiveRules } from '../../app/health';
import type { CursorStore } from '../../charts/chart-cursor';
import type { ChartData } from '../../charts/chart-data';
import { pointAt } from '../../data/columns';
import { commonUnitWidth } from '../../lib/value-width';
import { ErrorNote, StatCells, StatHeads } from '../../ui/stat-cells';
import { Scroller } from '../../ui/scroller';
import { Value } from '../../ui/value';

interface StatsTableProps {
  readonly family: FamilyId;
  readonly history: ChartData;
  readonly cursor: CursorStore;
}

/** The value at the crosshair, or the current one without it. */
function Readout({ family, name, history, cursor, metric, unitWidth }: StatsTableProps & { readonly name: string; readonly metric: MetricDescriptor; readonly unitWidth: number }) {
  const time = useStore(cursor, (state) => state.time);
  const live = useLive((state) => state.readings[family]?.values[name] ?? null);
  const columns = history.columns[seriesKey(family, name)];
  const value = time === null ? live : columns === undefined ? null : (pointAt(columns, time, 2 * history.step)?.avg ?? null);
  return <Value value={value} unit={metric.unit} unitWidth={unitWidth} />;
}

function ReadoutHead({ cursor }: { readonly cursor: CursorStore }) {
  const hasCursor = useStore(cursor, (state) => state.time !== null);
  return <th scope="col">{hasCursor ? 'At cursor' : 'Now'}</th>;
}

/** One table for the page: the current value of each metric (or that at the crosshair) and its statistics over the range. */
export const StatsTable = memo(function StatsTable({ family, history, cursor }: StatsTableProps) {
  const metrics = Object.entries(familyOf(family).metrics);
  const rules = useActiveRules();
  const unitWidth = commonUnitWidth(metrics.map(([, metric]) => metric.unit));
  return (
    <section className="table-panel" aria-label="Statistics for this range">
      <h2>Statistics for this range</h2>
      <Scroller className="table-scroll" label="Table of statistics">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <ReadoutHead cursor={cursor} />
              <StatHeads />
            </tr>
          </thead>
          <tbody>
            {metrics.map(([name, metric]) => (
              <tr key={name}>
                <th scope="row">{metric.label}</th>
                <td>
                  <Readout family={family} name={name} metric={metric} unitWidth={unitWidth} history={history} cursor={cursor} />
                </td>
                <StatCells stats={history.stats[seriesKey(family, name)]} metric={metric} warning={warningOf(thresholdsOf(rules, seriesKey(family, name), undefined))} unitWidth={unitWidth} />
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <ErrorNote stats={metrics.map(([name]) => history.stats[seriesKey(family, name)])} />
    </section>
  );
});
