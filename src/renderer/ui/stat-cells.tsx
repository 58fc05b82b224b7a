/** Columns of statistics, shared by all tables that have them. */
import { memo } from 'react';
import type { RuleThreshold } from '../../shared/alerts/severity';
import type { MetricDescriptor } from '../../shared/metrics/define';
import { formatValue } from '../../shared/units';
import type { StatsEntry } from '../data/history-queries';
import { MetricValue } from './metric-value';

const COLUMNS = [
  ['min', 'Min'],
  ['avg', 'Avg'],
  ['p50', 'p50'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['max', 'Max'],
] as const;

/** Headings of the columns. */
export function StatHeads() {
  return (
    <>
      {COLUMNS.map(([name, label]) => (
        <th scope="col" key={name}>
          {label}
        </th>
      ))}
      <th scope="col" title="How long the value was past the warning threshold of its alert rule">
        Above warning
      </th>
    </>
  );
}

/** A share of 0–1 as "1.2 %"; a share above zero never reads as zero. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 0.05 ? '< 0.1 %' : formatValue(percent, 'percent');
}

function Above({ stats, metric, warning }: Pick<StatCellsProps, 'stats' | 'metric' | 'warning'>) {
  const above = stats?.above;
  // Without a rule there is no such time; figures of a rule that has changed since they were loaded say nothing.
  if (warning === null || above === undefined || above.threshold !== warning.at || above.direction !== warning.direction) return <td className="quiet">–</td>;
  const isBelow = above.direction === 'below';
  return (
    <td title={`At or ${above.direction} ${formatValue(above.threshold, metric.unit)}`}>
      {isBelow && <span className="quiet">below </span>}
      {above.seconds > 0 ? formatValue(above.seconds, 'seconds') : 'never'} {above.seconds > 0 && <span className="quiet">{formatShare(above.share)}</span>}
    </td>
  );
}

interface StatCellsProps {
  readonly stats: StatsEntry | undefined;
  readonly metric: MetricDescriptor;
  /** The warning threshold of the series' rule; null without one. */
  readonly warning: RuleThreshold | null;
  readonly unitWidth: number;
}

/** Cells with the statistics of one series. */
export const StatCells = memo(function StatCells({ stats, metric, warning, unitWidth }: StatCellsProps) {
  return (
    <>
      {COLUMNS.map(([name]) => (
        <td key={name}>
          <MetricValue metric={metric} value={stats?.[name]} unitWidth={unitWidth} />
        </td>
      ))}
      <Above stats={stats} metric={metric} warning={warning} />
    </>
  );
});

/** Notes the error of percentiles; renders nothing if they are exact. */
export function ErrorNote({ stats }: { readonly stats: readonly (StatsEntry | undefined)[] }) {
  const error = Math.max(0, ...stats.map((entry) => entry?.error ?? 0));
  if (error === 0) return null;
  return <p className="table-note">Percentiles over long ranges are approximate (±{formatValue(error * 100, 'percent')}).</p>;
}
