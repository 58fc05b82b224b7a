/** Width reserved for a value, so that nothing beside it moves when it changes. */
import type { Unit } from '../../shared/metrics/define';
import { formatValue } from '../../shared/units';

/** Width of number and unit, characters. */
export interface ValueWidth {
  readonly number: number;
  readonly unit: number;
}

/** Widest number and unit text that each unit's formatter produces for common values. */
export const VALUE_WIDTHS: Readonly<Record<Unit, ValueWidth>> = {
  percent: { number: 4, unit: 1 },
  bytes: { number: 4, unit: 3 },
  bytesPerSecond: { number: 4, unit: 5 },
  perSecond: { number: 4, unit: 3 },
  count: { number: 6, unit: 0 },
  load: { number: 5, unit: 0 },
  celsius: { number: 5, unit: 2 },
  hertz: { number: 4, unit: 3 },
  watts: { number: 4, unit: 1 },
  rpm: { number: 5, unit: 3 },
  seconds: { number: 11, unit: 0 },
  milliseconds: { number: 4, unit: 2 },
  days: { number: 4, unit: 1 },
};

/** The widest of the units, so that the numbers in a column are aligned. */
export function commonUnitWidth(units: readonly Unit[]): number {
  return Math.max(0, ...units.map((unit) => VALUE_WIDTHS[unit].unit));
}

/** A value on an axis: formatted as usual, without trailing zeros. */
export function formatAxisValue(value: number, unit: Unit): string {
  return formatValue(value, unit).replace(/\.0+(?=\D|$)|(\.\d*?[1-9])0+(?=\D|$)/, '$1');
}
