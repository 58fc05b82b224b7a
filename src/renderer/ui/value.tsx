/** Display of values. */
import { memo } from 'react';
import type { Unit } from '../../shared/metrics/define';
import type { Severity } from '../../shared/metrics/severity';
import { formatParts } from '../../shared/units';
import { VALUE_WIDTHS } from '../lib/value-width';

/** A value and how it is shown. */
interface ValueProps {
  readonly value: number | null | undefined;
  readonly unit: Unit;
  /** Colors the number; a badge or icon beside it must show the same without color. */
  readonly severity?: Severity;
  /** Width reserved for the unit, characters, where a column has values of several units. */
  readonly unitWidth?: number;
  /** A missing value is still to come: it is drawn as a placeholder, not as a dash, which means that there is none. */
  readonly pending?: boolean | undefined;
}

/** A number and its unit, each with a fixed width, so that nothing around them moves when the value changes. */
export const Value = memo(function Value({ value, unit, severity, unitWidth, pending = false }: ValueProps) {
  const { text, unit: name } = formatParts(value, unit);
  const width = VALUE_WIDTHS[unit];
  const widthOfUnit = unitWidth ?? width.unit;
  if (pending && (value === null || value === undefined)) {
    return (
      <span className="value" data-pending="true">
        <span className="value-number skeleton" style={{ minWidth: `${width.number}ch` }} />
        <span className="sr">Collecting…</span>
      </span>
    );
  }
  return (
    <span className="value" data-severity={severity}>
      <span className="value-number" style={{ minWidth: `${width.number}ch` }}>
        {text}
      </span>
      {(widthOfUnit > 0 || name !== '') && (
        <span className="value-unit" style={{ minWidth: `${widthOfUnit}ch` }}>
          {name}
        </span>
      )}
    </span>
  );
});
