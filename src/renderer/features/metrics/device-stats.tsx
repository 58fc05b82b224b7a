/** Statistics of each device of a metric page. */
import { useId } from 'react';
import { thresholdsOf, warningOf } from '../../../shared/alerts/severity';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { useActiveRules } from '../../app/health';
import type { ChartData } from '../../charts/chart-data';
import type { DeviceName } from '../../charts/chart-plan';
import { longestInterval, windowSeconds } from '../../lib/coverage';
import { commonUnitWidth } from '../../lib/value-width';
import { CoverageNote, mostSampled, RowCoverage } from '../../ui/coverage-note';
import { ErrorNote, StatCells, StatHeads } from '../../ui/stat-cells';
import { Heading } from '../../ui/heading';
import { Scroller } from '../../ui/scroller';

interface DeviceStatsProps {
  readonly family: FamilyId;
  readonly devices: readonly DeviceName[];
  readonly history: ChartData;
  /** The metric shown; null while the section is closed. */
  readonly metric: string | null;
  readonly onMetric: (metric: string | null) => void;
}

/** Statistics of each device, one metric at a time; queried only while the section is open. */
export function DeviceStats({ family, devices, history, metric, onMetric }: DeviceStatsProps) {
  const id = useId();
  const rules = useActiveRules();
  const { device } = familyOf(family);
  const metrics = Object.entries(device.metrics).filter(([, descriptor]) => descriptor.stored !== false);
  const first = metrics[0]?.[0];
  if (first === undefined || devices.length === 0) return null;
  const descriptor = metric === null ? undefined : device.metrics[metric];
  const title = `Statistics by ${device.label.toLowerCase()}`;
  const interval = longestInterval(family);
  const sampled = metric === null ? null : mostSampled(devices.map(({ id: name }) => history.stats[seriesKey(family, metric, name)]));
  return (
    <section className="table-panel" aria-label={title}>
      <div className="panel-head">
        <Heading>
          <button type="button" className="disclosure" aria-expanded={metric !== null} aria-controls={id} onClick={() => onMetric(metric === null ? first : null)}>
            {title}
          </button>{' '}
          <CoverageNote sampled={sampled} range={windowSeconds(history.window)} interval={interval} />
        </Heading>
        {metric !== null && metrics.length > 1 && (
          <select aria-label="Metric" value={metric} onChange={({ target }) => onMetric(target.value)}>
            {metrics.map(([name, { label }]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        )}
      </div>
      {metric !== null && descriptor !== undefined && (
        <Scroller className="table-scroll" id={id} label={`Table of ${title.toLowerCase()}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">{device.label}</th>
                <StatHeads />
              </tr>
            </thead>
            <tbody>
              {devices.map(({ id: name, label, ...known }) => (
                <tr key={name}>
                  <th scope="row">
                    <span className="device-label" title={label}>
                      {label}
                    </span>
                    <RowCoverage stats={history.stats[seriesKey(family, metric, name)]} others={sampled} interval={interval} />
                  </th>
                  <StatCells stats={history.stats[seriesKey(family, metric, name)]} metric={descriptor} warning={warningOf(thresholdsOf(rules, seriesKey(family, metric, name), known))} unitWidth={commonUnitWidth([descriptor.unit])} />
                </tr>
              ))}
            </tbody>
          </table>
          <ErrorNote stats={devices.map(({ id: name }) => history.stats[seriesKey(family, metric, name)])} />
        </Scroller>
      )}
    </section>
  );
}
