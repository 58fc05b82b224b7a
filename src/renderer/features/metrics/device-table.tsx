/** The devices of a metric page with their current values. */
import { memo, useMemo, useState } from 'react';
import { seriesHealth } from '../../../shared/alerts/severity';
import type { OpenIncident } from '../../../shared/alerts/severity';
import { bootTimeOf, isSum } from '../../../shared/metrics/counter-start';
import { deviceStateText } from '../../../shared/metrics/device-state';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { MetricSet } from '../../../shared/metrics/define';
import type { DeviceReading } from '../../../shared/metrics/reading';
import { isRaised } from '../../../shared/metrics/severity';
import { useLive } from '../../app/app-context';
import { useMarkingIncidents } from '../../app/health';
import { AsOf, DeviceFaultText, useFamilyState } from '../../app/staleness';
import { countedSinceText } from '../../lib/counted-since';
import { nextOrder, sortRows } from '../../lib/sort';
import type { CellValue, SortOrder } from '../../lib/sort';
import { DeviceName, IgnoredDevices } from './device-name';
import type { DeviceNameProps } from './device-name';
import { Heading } from '../../ui/heading';
import { MetricValue } from '../../ui/metric-value';
import { Scroller } from '../../ui/scroller';
import { HealthIcon, healthText } from '../../ui/severity-icon';

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

/** The metrics that this system tells at all. The same object while it stays so: rows are drawn anew for another one. */
function useTold(metrics: MetricSet, untold: readonly string[] = []): MetricSet {
  const names = untold.join(' ');
  return useMemo(() => Object.fromEntries(Object.entries(metrics).filter(([name]) => !names.split(' ').includes(name))), [metrics, names]);
}

const hasSums = (metrics: MetricSet): boolean => Object.values(metrics).some(isSum);

/** Since when the totals count, for all rows that say nothing else. */
function TotalsNote() {
  const boot = useLive((state) => countedSinceText({ boot: bootTimeOf(state), change: null }, state.time));
  return boot === null ? null : <p className="table-note">Totals {boot}.</p>;
}

interface DeviceRowProps extends Pick<DeviceNameProps, 'isBack' | 'onIgnore'> {
  readonly family: FamilyId;
  readonly id: string;
  readonly device: DeviceReading;
  readonly metrics: MetricSet;
  /** The incidents that mark values. */
  readonly open: readonly OpenIncident[];
  /** Time for saying since when its totals count, epoch ms. */
  readonly now: number;
}

const DeviceRow = memo(function DeviceRow({ family, id, device, metrics, open, now, isBack, onIgnore }: DeviceRowProps) {
  const { fault } = device;
  const values = fault?.last?.values ?? device.values;
  return (
    <tr data-stale={fault === undefined ? undefined : 'failed'}>
      <th scope="row">
        <DeviceName family={family} id={id} label={device.label} isBack={isBack} onIgnore={onIgnore} />
        {fault !== undefined && (
          <span className="device-detail device-fault">
            <DeviceFaultText fault={fault} />
          </span>
        )}
        {device.state !== undefined && <span className="device-detail device-state">{deviceStateText(device.state)}</span>}
        {device.detail !== undefined && (
          <span className="device-detail" title={device.detail}>
            {device.detail}
          </span>
        )}
        {device.since !== undefined && hasSums(metrics) && <span className="device-detail">Totals {countedSinceText({ boot: null, change: device.since }, now)}</span>}
      </th>
      {Object.entries(metrics).map(([name, metric]) => {
        const value = values[name] ?? null;
        const health = seriesHealth(seriesKey(family, name, id), open, value);
        return (
          <td key={name}>
            {isRaised(health.severity) && (
              <>
                <HealthIcon health={health} />
                <span className="sr">{healthText(health)}</span>
              </>
            )}
            <MetricValue metric={metric} value={value} {...(isRaised(health.mark) ? { severity: health.mark } : {})} />
          </td>
        );
      })}
    </tr>
  );
});

/** Every device with its current values; a click on a heading sorts by that column. */
export function DeviceTable({ family }: { readonly family: FamilyId }) {
  const { reading, stale } = useFamilyState(family);
  const open = useMarkingIncidents();
  const [order, setOrder] = useState<SortOrder>({ column: NAME, descending: false });
  // The device that was ignored or brought back last: where the focus goes.
  const [ignored, setIgnored] = useState<string | null>(null);
  const [back, setBack] = useState<string | null>(null);
  const { device } = familyOf(family);
  const now = useLive((state) => Math.floor(state.time / 3_600_000) * 3_600_000);
  const metrics = useTold(device.metrics, reading?.untold);
  const rows: readonly Row[] = Object.entries(reading?.devices ?? {});
  const ignoredDevices = <IgnoredDevices family={family} latest={ignored} onShow={setBack} />;
  if (rows.length === 0) return ignoredDevices;
  const cellOf = ([, row]: Row): CellValue => (order.column === NAME ? row.label : row.values[order.column]);
  return (
    <section className="table-panel" aria-label={device.plural} data-stale={stale?.reason}>
      <Heading>
        {device.plural} <span className="quiet">{rows.length}</span> {stale !== null && <AsOf at={stale.asOf} />}
      </Heading>
      <Scroller className="table-scroll" label={`Table of ${device.plural.toLowerCase()}`}>
        <table>
          <thead>
            <tr>
              <Head column={NAME} label={device.label} order={order} onSort={setOrder} />
              {Object.entries(metrics).map(([name, metric]) => (
                <Head key={name} column={name} label={metric.label} order={order} onSort={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {sortRows(rows, cellOf, order.descending).map(([id, row]) => (
              <DeviceRow key={id} family={family} id={id} device={row} metrics={metrics} open={open} now={row.since === undefined ? 0 : now} isBack={id === back} onIgnore={setIgnored} />
            ))}
          </tbody>
        </table>
        {hasSums(metrics) && <TotalsNote />}
        {ignoredDevices}
      </Scroller>
    </section>
  );
}
