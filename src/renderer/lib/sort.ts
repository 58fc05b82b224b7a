/** Order of a table of devices. */

/** Which column rules, and which way. */
export interface SortOrder {
  readonly column: string;
  readonly descending: boolean;
}

/** What a cell is sorted by. */
export type Cell = string | number | null | undefined;

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Compares two cells; missing ones go last whichever way. */
function compareCells(a: Cell, b: Cell, descending: boolean): number {
  const missing = Number(a === null || a === undefined) - Number(b === null || b === undefined);
  if (missing !== 0 || a === null || a === undefined || b === null || b === undefined) return missing;
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
  return descending ? -order : order;
}

/** Rows in order; rows that are equal keep the order they came in. */
export function sortRows<T>(rows: readonly T[], cellOf: (row: T) => Cell, descending: boolean): readonly T[] {
  return rows.toSorted((a, b) => compareCells(cellOf(a), cellOf(b), descending));
}

/** The order after a click on a column: turned round, or new with names upward and numbers downward. */
export function nextOrder(order: SortOrder, column: string, numeric: boolean): SortOrder {
  return order.column === column ? { column, descending: !order.descending } : { column, descending: numeric };
}
