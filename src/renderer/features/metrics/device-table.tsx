/** The devices of a metric page with their current values. */
import { memo, useState } from 'react';
import { seriesHealth } from '../../../shared/alerts/severity';
import type { OpenIncident } from '../../../shared/alerts/severity';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { MetricSet } from '../../../shared/metrics/define';
import type { DeviceReading } from '../../../shared/metrics/reading';
import { isRaised } from '../../../shared/metrics/severity';
import { useReading } from '../../app/app-context';
import { useMarkingIncidents } from '../../app/health';
import { nextOrder, sortRows } from '../../lib/sort';
import type { CellValue, SortOrder } from '../../lib/sort';
import { Scroller } from '../../ui/scroller';
import { HealthIcon, healthText } from '../../ui/severity-icon';
import { Value } from '../../ui/value';

/** Id of the column with the labels; no metric has it, since names of metrics contain no space. */
const NAME = 'device name';

type Row = readonly [id: string, device: DeviceReading];

interface HeadProps {
  readonly column: string;
  readonly label: string;
  readonly order: SortOrder;
  readonly onSort: (order: SortOrder) => void;
}

function Head({ column, label, order, onSort }: HeadProps) {
  const sorted = order.column === column;
  return (
    <th scope="col" aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className="sort" onClick={() => onSort(nextOrder(order, column, column !== NAME))}>
        {label}
        <span className="sort-sign" aria-hidden="true">
          {sorted ? (order.descending ? '▾' : '▴') : ''}
        </span>
      </button>
    </th>
  );
}

interface DeviceRowProps {
  readonly family: FamilyId;
  readonly id: string;
  readonly device: DeviceReading;
  readonly metrics: MetricSet;
  /** The incidents that mark values. */
  readonly open: readonly OpenIncident[];
}

const DeviceRow = memo(function DeviceRow({ family, id, device, metrics, open }: DeviceRowProps) {
  return (
    <tr>
      <th scope="row">
        <span className="device-label" title={device.label}>
          {device.label}
        </span>
        {device.detail !== undefined && (
          <span className="device-detail" title={device.detail}>
            {device.detail}
          </span>
        )}
      </th>
      {Object.entries(metrics).map(([name, metric]) => {
        const value = device.values[name] ?? null;
        const health = seriesHealth(seriesKey(family, name, id), open, value);
        return (
          <td key={name}>
            {isRaised(health.severity) && (
              <>
                <HealthIcon health={health} />
                <span className="sr">{healthText(health)}</span>
              </>
            )}
            <Value value={value} unit={metric.unit} {...(isRaised(health.mark) ? { severity: health.mark } : {})} />
          </td>
        );
      })}
    </tr>
  );
});

/** Every device with its current values; a click on a heading sorts by that column. */
export function DeviceTable({ family }: { readonly family: FamilyId }) {
  const reading = useReading(family);
  const open = useMarkingIncidents();
  const [order, setOrder] = useState<SortOrder>({ column: NAME, descending: false });
  const { device } = familyOf(family);
  const rows: readonly Row[] = Object.entries(reading?.devices ?? {});
  if (rows.length === 0) return null;
  const cellOf = ([, row]: Row): CellValue => (order.column === NAME ? row.label : row.values[order.column]);
  return (
    <section className="table-panel" aria-label={device.plural}>
      <h2>
        {device.plural} <span className="quiet">{rows.length}</span>
      </h2>
      <Scroller className="table-scroll" label={`Table of ${device.plural.toLowerCase()}`}>
        <table>
          <thead>
            <tr>
              <Head column={NAME} label={device.label} order={order} onSort={setOrder} />
              {Object.entries(device.metrics).map(([name, metric]) => (
                <Head key={name} column={name} label={metric.label} order={order} onSort={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {sortRows(rows, cellOf, order.descending).map(([id, row]) => (
              <DeviceRow key={id} family={family} id={id} device={row} metrics={device.metrics} open={open} />
            ))}
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}
