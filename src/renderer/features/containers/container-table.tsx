/** The table of containers, grouped by compose project. */
import { memo, useMemo, useState } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import { deviceHealth } from '../../../shared/alerts/severity';
import type { OpenIncident } from '../../../shared/alerts/severity';
import { isRaised } from '../../../shared/metrics/severity';
import { formatValue } from '../../../shared/units';
import { useMarkingIncidents } from '../../app/health';
import { Sparkline } from '../../charts/sparkline';
import type { SparkState } from '../../charts/spark-path';
import { shortDuration } from '../../lib/coverage';
import { familyLink } from '../../lib/route';
import { isNearEnd, ROWS_STEP } from '../../lib/row-steps';
import { orderAfter } from '../../lib/sort';
import type { SortOrder } from '../../lib/sort';
import { Scroller } from '../../ui/scroller';
import { HealthIcon, healthText } from '../../ui/severity-icon';
import { SortHead } from '../../ui/sort-head';
import { useWidthStep } from '../../ui/use-width';
import { Value } from '../../ui/value';
import { CONTAINER_HEADS, CONTAINER_WIDTHS, groupLabel, toLines } from './container-rows';
import type { ContainerGroup, ContainerHead, ContainerRow, ContainerValues } from './container-rows';
import { nameInProject } from './container-text';
import { StateWord } from './state-icon';
import { cpuKey, useCpuSparks } from './use-cpu-sparks';

/** The scale of each sparkline reaches at least to 10 % of a core: what does next to nothing looks so. */
const SPARK_REACH = 10;

function CpuSpark({ store, device }: { readonly store: StoreApi<SparkState>; readonly device: string }) {
  const series = useMemo(() => [cpuKey(device)], [device]);
  return <Sparkline store={store} series={series} unit="percent" reach={SPARK_REACH} />;
}

/** Memory, and how much of its limit that is as a thin bar. */
function Memory({ values: { memory, memoryUsage, memoryLimit } }: { readonly values: ContainerValues }) {
  const text = memoryUsage === null || memoryLimit === null ? undefined : `${formatValue(memoryUsage, 'percent')} of ${formatValue(memoryLimit, 'bytes')}`;
  return (
    <span className="container-memory" title={text}>
      <Value value={memory} unit="bytes" />
      {memoryUsage !== null && (
        <span className="container-bar" aria-hidden="true">
          <span style={{ width: `${Math.min(100, memoryUsage)}%` }} />
        </span>
      )}
      {text !== undefined && <span className="sr">, {text}</span>}
    </span>
  );
}

function ValueCell({ head: { column, unit }, values }: { readonly head: ContainerHead; readonly values: ContainerValues }) {
  if (column === 'memory') return <Memory values={values} />;
  return unit === undefined ? null : <Value value={values[column as keyof ContainerValues]} unit={unit} />;
}

function RowCell({ head, row, store }: { readonly head: ContainerHead; readonly row: ContainerRow; readonly store: StoreApi<SparkState> }) {
  const { container, values, uptime, isRunning } = row;
  if (head.column === 'state') return <StateWord state={container.state} health={container.health} exitCode={container.exitCode} />;
  if (head.column === 'spark') return isRunning ? <CpuSpark store={store} device={container.device} /> : null;
  if (head.column === 'image') return container.image;
  if (head.column === 'uptime') return uptimeText(uptime);
  return <ValueCell head={head} values={values} />;
}

/** To the minute, as the table is. */
function uptimeText(uptime: number | null): string {
  if (uptime === null) return '–';
  return uptime < 60 ? '< 1 min' : shortDuration(Math.floor(uptime / 60) * 60);
}

interface RowProps {
  readonly row: ContainerRow;
  /** The columns that fit, the name first. */
  readonly heads: readonly ContainerHead[];
  readonly isInGroup: boolean;
  readonly open: readonly OpenIncident[];
  readonly store: StoreApi<SparkState>;
}

const Row = memo(function Row({ row, heads, isInGroup, open, store }: RowProps) {
  const { container, isRunning } = row;
  const health = deviceHealth('container', container.device, undefined, open);
  return (
    <tr data-running={isRunning} data-grouped={isInGroup || undefined}>
      <th scope="row" data-column="name">
        <span className="container-name">
          {isRaised(health.severity) && (
            <>
              <HealthIcon health={health} />
              <span className="sr">{healthText(health)}</span>
            </>
          )}
          <a className="device-label" title={container.name} href={familyLink('container', container.device)}>
            {isInGroup ? nameInProject(container) : container.name}
          </a>
        </span>
      </th>
      {heads.slice(1).map((head) => (
        <td key={head.column} data-column={head.column} {...(head.column === 'image' ? { title: container.image } : {})}>
          <RowCell head={head} row={row} store={store} />
        </td>
      ))}
    </tr>
  );
});

interface GroupProps {
  readonly group: ContainerGroup;
  readonly heads: readonly ContainerHead[];
  readonly isOpen: boolean;
  readonly onToggle: (key: string) => void;
}

/** A project with the sums of its containers. */
const Group = memo(function Group({ group, heads, isOpen, onToggle }: GroupProps) {
  const label = groupLabel(group);
  return (
    <tr className="container-group">
      <th scope="row" data-column="name">
        <button type="button" className="disclosure" aria-expanded={isOpen} title={label} onClick={() => onToggle(group.key)}>
          {label}
        </button>
      </th>
      {heads.slice(1).map((head) => (
        <td key={head.column} data-column={head.column}>
          {head.column === 'state' ? (
            <span className="container-state">
              {group.running} of {group.rows.length}
              <span className="sr"> running</span>
            </span>
          ) : (
            <ValueCell head={head} values={group.sums} />
          )}
        </td>
      ))}
    </tr>
  );
});

interface ContainerTableProps {
  readonly groups: readonly ContainerGroup[];
  readonly order: SortOrder;
  readonly onSort: (order: SortOrder) => void;
  /** While a filter is typed, no group hides what it finds. */
  readonly isFiltered: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** The table. The first lines, and more as it is scrolled. */
export function ContainerTable({ groups, order, onSort, isFiltered }: ContainerTableProps) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(NONE);
  const [limit, setLimit] = useState(ROWS_STEP);
  const [toggle] = useState(() => (key: string) => setClosed((before) => (before.has(key) ? new Set([...before].filter((other) => other !== key)) : new Set([...before, key]))));
  const step = useWidthStep(CONTAINER_WIDTHS);
  const heads = useMemo(() => CONTAINER_HEADS.filter(({ from }) => from <= step), [step]);
  const hidden = isFiltered ? NONE : closed;
  const lines = useMemo(() => toLines(groups, hidden), [groups, hidden]);
  const shown = lines.slice(0, limit);
  const store = useCpuSparks(step === 0 ? [] : shown.flatMap((line) => (line.kind === 'row' && line.row.isRunning ? line.row.container.device : [])));
  const open = useMarkingIncidents();
  return (
    <Scroller
      label="Table of containers"
      className="table-scroll container-scroll"
      onScroll={({ currentTarget }) => {
        if (limit < lines.length && isNearEnd(currentTarget)) setLimit(limit + ROWS_STEP);
      }}
    >
      <table className="steady-table container-table">
        <thead>
          <tr>
            {heads.map((head) => (
              <SortHead key={head.column} column={head.column} label={head.label} help={head.help} order={order} onSort={() => onSort(orderAfter(order, head))} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((line) =>
            line.kind === 'group' ? (
              <Group key={line.group.key} group={line.group} heads={heads} isOpen={!hidden.has(line.group.key)} onToggle={toggle} />
            ) : (
              <Row key={`${line.row.container.engine} ${line.row.container.id}`} row={line.row} heads={heads} isInGroup={line.isInGroup} open={open} store={store} />
            ),
          )}
        </tbody>
      </table>
    </Scroller>
  );
}
