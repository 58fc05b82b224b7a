import { memo } from 'react';
import type { Unit } from '../../shared/metrics/define';
import type { Severity } from '../../shared/metrics/severity';
import { formatParts } from '../../shared/units';
import { SLOTS } from '../lib/slots';

/** What a value is shown from. */
interface ValueProps {
  readonly value: number | null | undefined;
  readonly unit: Unit;
  /** Colours the number; the badge beside it says the same in words. */
  readonly severity?: Severity;
}

/** A number and its unit, each in a slot of fixed width: whatever the value, nothing around it moves. */
export const Value = memo(function Value({ value, unit, severity }: ValueProps) {
  const { text, unit: name } = formatParts(value, unit);
  const slot = SLOTS[unit];
  return (
    <span className="value" data-severity={severity}>
      <span className="value-number" style={{ minWidth: `${slot.number}ch` }}>
        {text}
      </span>
      {slot.unit > 0 && (
        <span className="value-unit" style={{ minWidth: `${slot.unit}ch` }}>
          {name}
        </span>
      )}
    </span>
  );
});
