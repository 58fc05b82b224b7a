/** Statistics of a metric page. */
import { memo } from 'react';
import { useStore } from 'zustand';
import { besideText } from '../../../shared/metrics/beside';
import { isSum } from '../../../shared/metrics/counter-start';
import type { MetricDescriptor } from '../../../shared/metrics/define';
import { thresholdsOf, warningOf } from '../../../shared/alerts/severity';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { useActiveRules } from '../../app/health';
import { AsOf, useFamilyStaleness, useFamilyState } from '../../app/staleness';
import { useCountedSince } from '../../app/use-counted-since';
import type { CursorStore } from '../../charts/chart-cursor';
import type { ChartData } from '../../charts/chart-data';
import { pointAt } from '../../data/columns';
import { isPending } from '../../lib/card-model';
import { longestInterval, windowSeconds } from '../../lib/coverage';
import { commonUnitWidth } from '../../lib/value-width';
import { CoverageNote, mostSampled, RowCoverage } from '../../ui/coverage-note';
import { ErrorNote, StatCells, StatHeads } from '../../ui/stat-cells';
import { Heading } from '../../ui/heading';
import { MetricValue } from '../../ui/metric-value';
import { Scroller } from '../../ui/scroller';

interface StatsTableProps {
  readonly family: FamilyId;
  readonly history: ChartData;
  readonly cursor: CursorStore;
}

/** The value at the crosshair, or the current one without it. */
function Readout({ family, name, history, cursor, metric, unitWidth }: StatsTableProps & { readonly name: string; readonly metric: MetricDescriptor; readonly unitWidth: number }) {
  const time = useStore(cursor, (state) => state.time);
  const state = useFamilyState(family);
  const live = state.reading?.values[name] ?? null;
  const columns = history.columns[seriesKey(family, name)];
  const value = time === null ? live : columns === undefined ? null : (pointAt(columns, time, 2 * history.step)?.avg ?? null);
  const isNow = time === null;
  const beside = besideText(familyOf(family), metric, state.reading?.values);
  return (
    <span data-stale={isNow ? state.stale?.reason : undefined}>
      <MetricValue metric={metric} value={value} unitWidth={unitWidth} pending={isNow && isPending(state)} />
      {beside !== null && isNow && <span className="beside"> · {beside}</span>}
    </span>
  );
}

/** "Now", or since when that is no longer so. */
function ReadoutHead({ family, cursor }: Pick<StatsTableProps, 'family' | 'cursor'>) {
  const stale = useFamilyStaleness(family);
  const hasCursor = useStore(cursor, (state) => state.time !== null);
  return <th scope="col">{hasCursor ? 'At cursor' : stale === null ? 'Now' : <AsOf at={stale.asOf} />}</th>;
}

/** One table for the page: the current value of each metric (or that at the crosshair) and its statistics over the range. */
export const StatsTable = memo(function StatsTable({ family, history, cursor }: StatsTableProps) {
  const metrics = Object.entries(familyOf(family).metrics);
  const rules = useActiveRules();
  const unitWidth = commonUnitWidth(metrics.map(([, metric]) => metric.unit));
  const interval = longestInterval(family);
  const since = useCountedSince(family);
  const sampled = mostSampled(metrics.map(([name]) => history.stats[seriesKey(family, name)]));
  return (
    <section className="table-panel" aria-label="Statistics for this range">
      <Heading>
        Statistics for this range <CoverageNote sampled={sampled} range={windowSeconds(history.window)} interval={interval} />
      </Heading>
      <Scroller className="table-scroll" label="Table of statistics">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <ReadoutHead family={family} cursor={cursor} />
              <StatHeads />
            </tr>
          </thead>
          <tbody>
            {metrics.map(([name, metric]) => (
              <tr key={name}>
                <th scope="row">
                  {metric.label} <RowCoverage stats={history.stats[seriesKey(family, name)]} others={sampled} interval={interval} />
                </th>
                <td>
                  <Readout family={family} name={name} metric={metric} unitWidth={unitWidth} history={history} cursor={cursor} />
                </td>
                <StatCells stats={history.stats[seriesKey(family, name)]} metric={metric} warning={warningOf(thresholdsOf(rules, seriesKey(family, name), undefined))} unitWidth={unitWidth} />
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      {since !== null && metrics.some(([, metric]) => isSum(metric)) && <p className="table-note">Totals {since}.</p>}
      <ErrorNote stats={metrics.map(([name]) => history.stats[seriesKey(family, name)])} />
    </section>
  );
});
