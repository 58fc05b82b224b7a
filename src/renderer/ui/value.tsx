import { memo } from 'react';
import type { Unit } from '../../shared/metrics/define';
import type { Severity } from '../../shared/metrics/severity';
import { formatParts } from '../../shared/units';
import { VALUE_WIDTHS } from '../lib/value-width';

/** What a value is shown from. */
interface ValueProps {
  readonly value: number | null | undefined;
  readonly unit: Unit;
  /** Colours the number; the badge beside it says the same in words. */
  readonly severity?: Severity;
  /** Width of the unit's slot in characters, where values of several units stand in a column. */
  readonly unitWidth?: number;
}

/** A number and its unit, each in a slot of fixed width: whatever the value, nothing around it moves. */
export const Value = memo(function Value({ value, unit, severity, unitWidth }: ValueProps) {
  const { text, unit: name } = formatParts(value, unit);
  const slot = VALUE_WIDTHS[unit];
  const room = unitWidth ?? slot.unit;
  return (
    <span className="value" data-severity={severity}>
      <span className="value-number" style={{ minWidth: `${slot.number}ch` }}>
        {text}
      </span>
      {(room > 0 || name !== '') && (
        <span className="value-unit" style={{ minWidth: `${room}ch` }}>
          {name}
        </span>
      )}
    </span>
  );
});
