/** Draws the results. Pure. */
import type { Row } from './bench';
import { minus, over } from './numbers';
import { isStorePart } from './options';

const HEAD = ['', 'bare', 'Traywatch', 'unit', 'compared', 'aim', 'reached', 'range of Traywatch'];
/** The store's rows: their ranges go from the median to the longest of many calls, or what 99 % stay below where the figure is the longest. */
const STORE_HEAD = ['', 'beside', 'Traywatch', 'unit', 'compared', 'aim', 'reached', 'from the median'];

/** The difference or ratio of a row; null where there is none. */
export function comparedOf({ compare, app, bare }: Row): number | null {
  if (compare === 'none') return null;
  return compare === 'minus' ? minus(app, bare) : over(app, bare);
}

/** Whether a row is within its aim; null when it has none, or no figure. */
export function isReached(row: Row): boolean | null {
  const value = row.aim?.of === 'app' ? row.app : comparedOf(row);
  return row.aim === undefined || value === null ? null : value <= row.aim.atMost;
}

/** The tables of a run: the programs', then the store's, those that have rows. */
export function toTables(rows: readonly Row[]): string[] {
  const ofStore = rows.filter(({ part }) => isStorePart(part));
  const others = rows.filter(({ part }) => !isStorePart(part));
  const tables = [toTable(others), toTable(ofStore, STORE_HEAD)].filter((_, i) => (i === 0 ? others : ofStore).length > 0);
  return tables.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

/** Lines of a table with one line per row. */
export function toTable(rows: readonly Row[], head: readonly string[] = HEAD): string[] {
  const cells = [head, ...rows.map(toCells)];
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const toLine = (line: readonly string[]): string => line.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join('  ').trimEnd();
  const [first = '', ...body] = cells.map(toLine);
  return [first, '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)), ...body];
}

/** Numbers to the right, words to the left. */
function pad(cell: string, column: number, width: number): string {
  return [1, 2, 4, 5].includes(column) ? cell.padStart(width) : cell.padEnd(width);
}

function toCells(row: Row): string[] {
  const number = (value: number | null): string => value?.toFixed(row.digits) ?? '–';
  const compared = comparedOf(row);
  const reached = isReached(row);
  const toCompared = (value: number): string => (row.compare === 'over' ? `${value.toFixed(2)} ×` : `${value < 0 ? '' : '+'}${value.toFixed(row.digits)}`);
  const toAim = ({ of, atMost }: NonNullable<Row['aim']>): string => `≤ ${of === 'app' ? atMost : toCompared(atMost)}`;
  return [
    row.what,
    number(row.bare),
    number(row.app),
    row.unit,
    compared === null ? '' : toCompared(compared),
    row.aim === undefined ? '' : toAim(row.aim),
    reached === null ? '' : reached ? 'yes' : 'no',
    row.range ? `${number(row.range.min)} … ${number(row.range.max)}` : '',
  ];
}
