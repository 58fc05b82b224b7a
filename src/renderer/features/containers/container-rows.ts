/** Rows, groups, order and filter of the table of containers, from the list of the engines and the last reading. Pure. */
import type { ContainerInfo, EngineStatus } from '../../../shared/containers/container-schemas';
import type { Unit } from '../../../shared/metrics/define';
import type { Reading } from '../../../shared/metrics/reading';
import { sortRows } from '../../lib/sort';
import type { CellValue, SortOrder } from '../../lib/sort';
import { stateText } from './container-text';

/** Values of a container, or of a group the sums of those that are known. */
export interface ContainerValues {
  readonly cpu: number | null;
  readonly memory: number | null;
  /** Percent of the limit; null for a group, and without a limit. */
  readonly memoryUsage: number | null;
  readonly memoryLimit: number | null;
  readonly received: number | null;
  readonly sent: number | null;
  readonly read: number | null;
  readonly written: number | null;
  readonly restarts: number | null;
}

/** One container with its last values. */
export interface ContainerRow {
  readonly container: ContainerInfo;
  readonly values: ContainerValues;
  /** Seconds since its start; null while it does not run. */
  readonly uptime: number | null;
  readonly isRunning: boolean;
}

/** The containers of a compose project of an engine, or those without a project. */
export interface ContainerGroup {
  readonly key: string;
  /** Null for those without. */
  readonly project: string | null;
  /** Label of the engine, where there are several. */
  readonly engine: string | null;
  readonly rows: readonly ContainerRow[];
  readonly sums: ContainerValues;
  readonly running: number;
}

/** A column of the table. */
export interface ContainerHead {
  readonly column: 'name' | 'state' | 'cpu' | 'spark' | 'memory' | 'received' | 'sent' | 'read' | 'written' | 'uptime' | 'restarts' | 'image';
  readonly label: string;
  readonly help?: string;
  /** Numbers are first sorted descending, text ascending. */
  readonly isNumber: boolean;
  readonly unit?: Unit;
  /** Lowest width step at which it is shown: 0 on a phone. */
  readonly from: 0 | 1 | 2 | 3 | 4;
}

/** Minimum widths of the page for the steps from 1 on, px. */
export const CONTAINER_WIDTHS = [860, 1080, 1340, 1600] as const;

/** The columns from left to right. */
export const CONTAINER_HEADS: readonly ContainerHead[] = [
  { column: 'name', label: 'Name', from: 0, isNumber: false },
  { column: 'state', label: 'State', from: 0, isNumber: false },
  { column: 'cpu', label: 'CPU', from: 0, isNumber: true, unit: 'percent', help: '100 % = one core' },
  { column: 'spark', label: 'Last 5 min', from: 1, isNumber: true, help: 'CPU' },
  { column: 'memory', label: 'Memory', from: 0, isNumber: true, unit: 'bytes', help: 'Without file cache. The bar shows the share of its limit' },
  { column: 'received', label: 'Received', from: 2, isNumber: true, unit: 'bytesPerSecond', help: 'From the network' },
  { column: 'sent', label: 'Sent', from: 2, isNumber: true, unit: 'bytesPerSecond', help: 'To the network' },
  { column: 'read', label: 'Read', from: 3, isNumber: true, unit: 'bytesPerSecond', help: 'From block devices' },
  { column: 'written', label: 'Written', from: 3, isNumber: true, unit: 'bytesPerSecond', help: 'To block devices' },
  { column: 'uptime', label: 'Uptime', from: 2, isNumber: true, help: 'Since its last start' },
  { column: 'restarts', label: 'Restarts', from: 3, isNumber: true, unit: 'count', help: 'Automatic restarts' },
  { column: 'image', label: 'Image', from: 4, isNumber: false },
];

/** Order at first. */
export const FIRST_ORDER: SortOrder = { column: 'name', descending: false };

const VALUE_NAMES = ['cpu', 'memory', 'memoryUsage', 'memoryLimit', 'received', 'sent', 'read', 'written', 'restarts'] as const satisfies readonly (keyof ContainerValues)[];

function valuesFrom(read: (name: keyof ContainerValues) => number | null): ContainerValues {
  return Object.fromEntries(VALUE_NAMES.map((name) => [name, read(name)])) as Record<keyof ContainerValues, number | null>;
}

/** Each container with the last values of its series. Of one that does not run there are none, whatever the series still has. */
export function toRows(containers: readonly ContainerInfo[], devices: Reading['devices'], now: number): readonly ContainerRow[] {
  return containers.map((container) => {
    const { state, startedAt, device } = container;
    const isRunning = state === 'running';
    const values = devices[device]?.values;
    return {
      container,
      isRunning,
      values: valuesFrom((name) => (isRunning || name === 'restarts' ? (values?.[name] ?? null) : null)),
      uptime: isRunning && startedAt !== null ? Math.max(0, (now - startedAt) / 1000) : null,
    };
  });
}

/** The rows of which name, image, project, service, state or engine contain all words, ignoring case. */
export function filterRows(rows: readonly ContainerRow[], text: string, engines: readonly EngineStatus[]): readonly ContainerRow[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return rows;
  const labels = new Map(engines.map(({ id, label }) => [id, label]));
  return rows.filter(({ container }) => {
    const { name, image, project, service, state, engine } = container;
    const searched = [name, image, project, service, state, stateText(container), labels.get(engine)].join('\n').toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}

/** The sum of what is known; null where nothing is. */
function sumOf(rows: readonly ContainerRow[], name: keyof ContainerValues): number | null {
  const known = rows.flatMap(({ values }) => values[name] ?? []);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** Of shares of limits and of limits there is no sum: some have none. */
const UNSUMMED: ReadonlySet<keyof ContainerValues> = new Set<keyof ContainerValues>(['memoryUsage', 'memoryLimit']);

function groupOf(key: string, rows: readonly ContainerRow[], engine: string | null): ContainerGroup {
  return {
    key,
    project: rows[0]?.container.project ?? null,
    engine,
    rows,
    sums: valuesFrom((name) => (UNSUMMED.has(name) ? null : sumOf(rows, name))),
    running: rows.filter(({ isRunning }) => isRunning).length,
  };
}

function rowCell(row: ContainerRow, column: string): CellValue {
  const { container, values, uptime } = row;
  if (column === 'name') return container.name;
  if (column === 'state') return stateText(container);
  if (column === 'image') return container.image;
  if (column === 'uptime') return uptime;
  return values[(column === 'spark' ? 'cpu' : column) as keyof ContainerValues];
}

function groupCell({ project, sums, running, rows }: ContainerGroup, column: string): CellValue {
  if (column === 'state') return running / rows.length;
  if (column === 'name' || column === 'image' || column === 'uptime') return project;
  return sums[(column === 'spark' ? 'cpu' : column) as keyof ContainerValues];
}

/**
 * Groups by compose project and engine, sorted by their sums, each with its rows sorted. Those without a project come last:
 * they are no group that anybody made.
 */
export function groupRows(rows: readonly ContainerRow[], engines: readonly EngineStatus[], { column, descending }: SortOrder): readonly ContainerGroup[] {
  const byKey = new Map<string, ContainerRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.container.engine, row.container.project]);
    const members = byKey.get(key);
    if (members === undefined) byKey.set(key, [row]);
    else members.push(row);
  }
  const labelOf = (engine: string | undefined): string | null => (engines.length < 2 ? null : (engines.find(({ id }) => id === engine)?.label ?? engine ?? null));
  const groups = [...byKey].map(([key, members]) => groupOf(key, sortRows(members, (row) => rowCell(row, column), descending), labelOf(members[0]?.container.engine)));
  // By what a column does not tell of groups they are in the order of their names.
  const isByName = column === 'image' || column === 'uptime';
  const sorted = sortRows(groups, (group) => groupCell(group, column), descending && !isByName);
  return [...sorted.filter(({ project }) => project !== null), ...sorted.filter(({ project }) => project === null)];
}

/** A line of the table: the head of a group, or a container. */
export type ContainerLine = { readonly kind: 'group'; readonly group: ContainerGroup } | { readonly kind: 'row'; readonly row: ContainerRow; readonly isInGroup: boolean };

/** The lines of the table; `closed` has the keys of groups whose containers are hidden. A single group without a project has no head. */
export function toLines(groups: readonly ContainerGroup[], closed: ReadonlySet<string>): readonly ContainerLine[] {
  const [first] = groups;
  const isFlat = groups.length === 1 && first?.project === null;
  return groups.flatMap((group): readonly ContainerLine[] => {
    const rows = isFlat || !closed.has(group.key) ? group.rows.map((row) => ({ kind: 'row', row, isInGroup: !isFlat }) as const) : [];
    return isFlat ? rows : [{ kind: 'group', group }, ...rows];
  });
}

/** What a group is called: "shop", "Other containers", with its engine where there are several. */
export function groupLabel({ project, engine }: Pick<ContainerGroup, 'project' | 'engine'>): string {
  const label = project ?? 'Other containers';
  return engine === null ? label : `${label} · ${engine}`;
}

/** "60 containers, 52 running". */
export function countText(containers: readonly Pick<ContainerInfo, 'state'>[]): string {
  const running = containers.filter(({ state }) => state === 'running').length;
  return `${containers.length} ${containers.length === 1 ? 'container' : 'containers'}, ${running} running`;
}
