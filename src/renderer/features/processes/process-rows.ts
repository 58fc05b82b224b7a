/** What the table of processes shows, and in which order its rows stand. Pure. */
import type { Unit } from '../../../shared/metrics/define';
import type { ProcessColumn } from '../../../shared/processes/process-columns';
import type { ProcessInfo } from '../../../shared/processes/process-schemas';
import { formatCount } from '../../../shared/units';
import { nextOrder } from '../../lib/sort';

/** A column of the table. */
export interface ProcessHead {
  readonly column: ProcessColumn;
  readonly label: string;
  /** What it means, where a word does not say it. */
  readonly help?: string;
  /** Texts begin upward and numbers downward when they are first sorted by. */
  readonly numeric: boolean;
  readonly unit?: Unit;
  /** The width it needs: 0 stands on a phone too, 3 where there is room for everything. */
  readonly from: 0 | 1 | 2 | 3;
}

/** The columns, in the order a person sees them. */
export const PROCESS_HEADS = [
  { column: 'name', label: 'Name', from: 0, numeric: false },
  { column: 'pid', label: 'PID', from: 2, numeric: true },
  { column: 'cpu', label: 'CPU', from: 0, numeric: true, unit: 'percent', help: 'Percent of one core: 200 % is two cores’ worth' },
  { column: 'memory', label: 'Memory', from: 0, numeric: true, unit: 'bytes', help: 'Memory that the process holds, what it shares with others included' },
  { column: 'read', label: 'Read', from: 1, numeric: true, unit: 'bytesPerSecond', help: 'From disks' },
  { column: 'written', label: 'Written', from: 1, numeric: true, unit: 'bytesPerSecond', help: 'To disks' },
  { column: 'user', label: 'User', from: 2, numeric: false },
  { column: 'startedAt', label: 'Started', from: 3, numeric: true },
  { column: 'command', label: 'Command', from: 3, numeric: false },
] as const satisfies readonly ProcessHead[];

/** How the table is sorted. */
export interface ProcessOrder {
  readonly column: ProcessColumn;
  readonly descending: boolean;
}

/** The order the page opens with: who keeps the machine busy. */
export const FIRST_ORDER: ProcessOrder = { column: 'cpu', descending: true };

/** The order after a click on a column. */
export function orderAfter(order: ProcessOrder, { column, numeric }: ProcessHead): ProcessOrder {
  return { column, descending: nextOrder(order, column, numeric).descending };
}

/** Rows shown at first, and added whenever the last of them come into sight: each costs something every two seconds. */
export const ROWS_STEP = 60;
/** So near the end, px, more rows are asked for. */
const NEAR_END = 260;

/** True when the last rows come into sight. */
export function isNearEnd({ scrollHeight, scrollTop, clientHeight }: Pick<HTMLElement, 'scrollHeight' | 'scrollTop' | 'clientHeight'>): boolean {
  return scrollHeight - scrollTop - clientHeight < NEAR_END;
}

/**
 * New rows in the order of those shown: what is being pointed at or worked with must not run away. Rows that are new
 * come last, rows that are gone leave.
 */
export function holdOrder(shown: readonly ProcessInfo[], rows: readonly ProcessInfo[]): readonly ProcessInfo[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const kept = shown.flatMap(({ key }) => byKey.get(key) ?? []);
  const known = new Set(shown.map(({ key }) => key));
  return [...kept, ...rows.filter(({ key }) => !known.has(key))];
}

/** True when two rows would be drawn alike. */
export function isSameRow(a: ProcessInfo, b: ProcessInfo): boolean {
  return a.key === b.key && a.command === b.command && PROCESS_HEADS.every(({ column }) => a[column] === b[column]);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** When a process started, as short as it can be told on the day of `now`: 14:05, 11-20, 2024; local time. */
export function formatStart(time: number | null, now: number): string {
  if (time === null) return '–';
  const date = new Date(time);
  const today = new Date(now);
  if (date.getFullYear() !== today.getFullYear()) return String(date.getFullYear());
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const isToday = day === `${two(today.getMonth() + 1)}-${two(today.getDate())}`;
  return isToday ? `${two(date.getHours())}:${two(date.getMinutes())}` : day;
}

/** "412 processes", "12 of 412 processes", the numbers set in groups of three. */
export function describeCount(total: number, matching: number): string {
  const words = total === 1 ? 'process' : 'processes';
  return matching === total ? `${formatCount(total)} ${words}` : `${formatCount(matching)} of ${formatCount(total)} ${words}`;
}
