/** Columns, order and text of the process table. Pure. */
import type { Unit } from '../../../shared/metrics/define';
import type { ProcessColumn } from '../../../shared/processes/process-columns';
import type { ProcessInfo, ProcessTable } from '../../../shared/processes/process-schemas';
import { formatCount } from '../../../shared/units';
import type { SortOrder } from '../../lib/sort';

/** A column of the table. */
export interface ProcessHead {
  readonly column: ProcessColumn;
  readonly label: string;
  /** Tooltip of the heading. */
  readonly help?: string;
  /** Numbers are first sorted descending, text ascending. */
  readonly isNumber: boolean;
  readonly unit?: Unit;
  /** Made from two reads: unknown in a table of the first. */
  readonly isRate?: true;
  /** Lowest width step at which it is shown: 0 on a phone, 3 only on wide pages. */
  readonly from: 0 | 1 | 2 | 3;
}

/** The columns from left to right. */
export const PROCESS_HEADS = [
  { column: 'name', label: 'Name', from: 0, isNumber: false },
  { column: 'pid', label: 'PID', from: 2, isNumber: true },
  { column: 'cpu', label: 'CPU', from: 0, isNumber: true, unit: 'percent', help: '100 % = one core', isRate: true },
  { column: 'memory', label: 'Memory', from: 0, isNumber: true, unit: 'bytes', help: 'Resident memory (RSS), including shared' },
  { column: 'read', label: 'Read', from: 1, isNumber: true, unit: 'bytesPerSecond', help: 'From disks', isRate: true },
  { column: 'written', label: 'Written', from: 1, isNumber: true, unit: 'bytesPerSecond', help: 'To disks', isRate: true },
  { column: 'user', label: 'User', from: 2, isNumber: false },
  { column: 'startedAt', label: 'Started', from: 3, isNumber: true },
  { column: 'command', label: 'Command', from: 3, isNumber: false },
] as const satisfies readonly ProcessHead[];

/** Sort order of the table. */
export type ProcessOrder = SortOrder<ProcessColumn>;

/** Order at first: by CPU usage, highest first. */
export const FIRST_ORDER: ProcessOrder = { column: 'cpu', descending: true };

/** True where rows in this order would be in none: it is by a rate, and there are no rates yet. */
function lacksOrder({ ratesOver }: Pick<ProcessTable, 'ratesOver'>, column: ProcessColumn): boolean {
  return ratesOver === null && PROCESS_HEADS.some((head: ProcessHead) => head.column === column && head.isRate === true);
}

/**
 * The new rows in the order of those shown, so that a row the user points at does not move away. New processes come last,
 * ended ones are removed.
 */
export function holdOrder(shown: readonly ProcessInfo[], rows: readonly ProcessInfo[]): readonly ProcessInfo[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const remaining = shown.flatMap(({ key }) => byKey.get(key) ?? []);
  const known = new Set(shown.map(({ key }) => key));
  return [...remaining, ...rows.filter(({ key }) => !known.has(key))];
}

/** An answer: the table, the order its rows are in, and a key that changes where earlier rows say nothing about that order. */
export interface AnsweredRows {
  readonly table: Pick<ProcessTable, 'ratesOver' | 'processes'> | null;
  readonly order: ProcessOrder | null;
  readonly orderKey: string;
}

/** What is shown of a result: its rows, in the order shown before while that is held, or null while they are in no order. */
export interface ShownRows {
  readonly latest: readonly ProcessInfo[] | null;
  readonly orderKey: string;
  readonly held: boolean;
  readonly rows: readonly ProcessInfo[] | null;
}

/** The rows after another result, or after the order began or ceased to be held. An order is held only once there was one. */
export function nextRows(shown: ShownRows, { table, orderKey, order }: AnsweredRows, held: boolean): ShownRows {
  const latest = table === null || order === null || lacksOrder(table, order.column) ? null : table.processes;
  if (shown.latest === latest && shown.held === held) return shown;
  const isHeld = held && latest !== null && shown.rows !== null && shown.orderKey === orderKey;
  return { latest, orderKey, held, rows: isHeld ? holdOrder(shown.rows, latest) : latest };
}

/** Before the first answer. */
export const NO_ROWS: ShownRows = { latest: null, orderKey: '', held: false, rows: null };

/** Whether two rows would be rendered identically. */
export function isSameRow(a: ProcessInfo, b: ProcessInfo): boolean {
  return a.key === b.key && a.command === b.command && a.container === b.container && PROCESS_HEADS.every(({ column }) => a[column] === b[column]);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Start time of a process in short form relative to the day of `now`: 14:05, 11-20 or 2024; local time. */
export function formatStart(time: number | null, now: number): string {
  if (time === null) return '–';
  const date = new Date(time);
  const today = new Date(now);
  if (date.getFullYear() !== today.getFullYear()) return String(date.getFullYear());
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const isToday = day === `${two(today.getMonth() + 1)}-${two(today.getDate())}`;
  return isToday ? `${two(date.getHours())}:${two(date.getMinutes())}` : day;
}

/** "412 processes" or "12 of 412 processes", with digits in groups of three. */
export function describeCount(total: number, matching: number): string {
  const noun = total === 1 ? 'process' : 'processes';
  return matching === total ? `${formatCount(total)} ${noun}` : `${formatCount(matching)} of ${formatCount(total)} ${noun}`;
}
