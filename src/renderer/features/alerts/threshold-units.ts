/** Units in which a person types the level of a rule: nobody thinks of free space in bytes. */
import type { Unit } from '../../../shared/metrics/define';

/** A unit to type in, and how many of the metric's own unit it is. */
export interface ThresholdUnit {
  readonly name: string;
  readonly factor: number;
}

const UNITS: Readonly<Record<Unit, ThresholdUnit>> = {
  percent: { name: '%', factor: 1 },
  bytes: { name: 'GiB', factor: 1024 ** 3 },
  bytesPerSecond: { name: 'MiB/s', factor: 1024 ** 2 },
  perSecond: { name: '/s', factor: 1 },
  count: { name: '', factor: 1 },
  load: { name: '', factor: 1 },
  celsius: { name: '°C', factor: 1 },
  hertz: { name: 'GHz', factor: 1e9 },
  seconds: { name: 's', factor: 1 },
  milliseconds: { name: 'ms', factor: 1 },
};

/** Hours, for rules about the time until something is full. */
const HOURS: ThresholdUnit = { name: 'h', factor: 1 };

/** The unit the levels of a rule are typed in. */
export function thresholdUnit(unit: Unit, source: 'value' | 'timeToFull'): ThresholdUnit {
  return source === 'timeToFull' ? HOURS : UNITS[unit];
}

/** A level as text in its unit, without digits that say nothing. */
export function toThresholdText(level: number | null, { factor }: ThresholdUnit): string {
  return level === null ? '' : String(Number((level / factor).toPrecision(6)));
}

/** The level a text means; null where it is empty, NaN where it is no number. */
export function parseThreshold(text: string, { factor }: ThresholdUnit): number | null {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return null;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) * factor : Number.NaN;
}
