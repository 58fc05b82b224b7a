/** Sorting of tables. */

/** The column a table is sorted by, and the direction. */
export interface SortOrder<Column extends string = string> {
  readonly column: Column;
  readonly descending: boolean;
}

/** Value a cell is sorted by. */
export type CellValue = string | number | null | undefined;

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Compares two cells; missing values come last in either direction. */
function compareCells(a: CellValue, b: CellValue, descending: boolean): number {
  const missing = Number(a === null || a === undefined) - Number(b === null || b === undefined);
  if (missing !== 0 || a === null || a === undefined || b === null || b === undefined) return missing;
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
  return descending ? -order : order;
}

/** Sorted rows; equal ones keep their order. */
export function sortRows<T>(rows: readonly T[], cellOf: (row: T) => CellValue, descending: boolean): readonly T[] {
  return rows.toSorted((a, b) => compareCells(cellOf(a), cellOf(b), descending));
}

/** The order after a click on a column: reversed for the same column; a new one begins ascending for text, descending for numbers. */
export function nextOrder<Column extends string>(order: SortOrder<Column>, column: Column, isNumber: boolean): SortOrder<Column> {
  return { column, descending: order.column === column ? !order.descending : isNumber };
}

/** The same for the heading of a column. */
export function orderAfter<Column extends string>(order: SortOrder<Column>, { column, isNumber }: { readonly column: Column; readonly isNumber: boolean }): SortOrder<Column> {
  return nextOrder(order, column, isNumber);
}
