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
}

/** A number and its unit, each with a fixed width, so that nothing around them moves when the value changes. */
export const Value = memo(function Value({ value, unit, severity, unitWidth }: ValueProps) {
  const { text, unit: name } = formatParts(value, unit);
  const width = VALUE_WIDTHS[unit];
  const widthOfUnit = unitWidth ?? width.unit;
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
