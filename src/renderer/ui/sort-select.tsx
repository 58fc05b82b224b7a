/** A select for the column that a table is sorted by, for narrow pages, which lack most headings. */
interface SortSelectProps<Head extends { readonly column: string; readonly label: string }> {
  readonly className: string;
  readonly heads: readonly Head[];
  /** The column that the table is sorted by. */
  readonly column: string;
  readonly onSelect: (head: Head) => void;
}

/** One option for each heading. */
export function SortSelect<Head extends { readonly column: string; readonly label: string }>({ className, heads, column, onSelect }: SortSelectProps<Head>) {
  return (
    <label className={className}>
      <span className="sr">Sort by</span>
      <select
        value={column}
        onChange={({ target }) => {
          const head = heads.find((one) => one.column === target.value);
          if (head !== undefined) onSelect(head);
        }}
      >
        {heads.map((head) => (
          <option key={head.column} value={head.column}>
            {head.label}
          </option>
        ))}
      </select>
    </label>
  );
}
