/** Sorting of tables. */

/** The column a table is sorted by, and the direction. */
export interface SortOrder {
  readonly column: string;
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
export function nextOrder(order: SortOrder, column: string, numeric: boolean): SortOrder {
  return order.column === column ? { column, descending: !order.descending } : { column, descending: numeric };
}
