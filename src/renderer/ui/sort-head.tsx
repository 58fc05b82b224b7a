/** The heading of a column that a table can be sorted by. */
import type { SortOrder } from '../lib/sort';

interface SortHeadProps {
  readonly column: string;
  readonly label: string;
  /** Tooltip of the heading. */
  readonly help?: string | undefined;
  readonly order: SortOrder;
  readonly onSort: () => void;
}

/** The label as a button, with the direction where the table is sorted by it. */
export function SortHead({ column, label, help, order, onSort }: SortHeadProps) {
  const sorted = order.column === column;
  return (
    <th scope="col" data-column={column} title={help} aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className="sort" onClick={onSort}>
        {label}
        <span className="sort-sign" aria-hidden="true">
          {sorted ? (order.descending ? '▾' : '▴') : ''}
        </span>
      </button>
    </th>
  );
}
