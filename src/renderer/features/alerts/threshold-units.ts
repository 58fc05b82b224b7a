/** Units for typing the thresholds of a rule: bytes are typed as GiB, hertz as GHz, and so on. Pure. */
import type { Unit } from '../../../shared/metrics/define';

/** A unit for typing; one of it is `factor` of the metric's stored unit. */
export interface ThresholdUnit {
  readonly name: string;
  readonly factor: number;
  /** Values are whole numbers. */
  readonly isWhole?: true;
}

const UNITS: Readonly<Record<Unit, ThresholdUnit>> = {
  percent: { name: '%', factor: 1 },
  bytes: { name: 'GiB', factor: 1024 ** 3 },
  bytesPerSecond: { name: 'MiB/s', factor: 1024 ** 2 },
  perSecond: { name: '/s', factor: 1 },
  count: { name: '', factor: 1, isWhole: true },
  load: { name: '', factor: 1 },
  celsius: { name: '°C', factor: 1 },
  hertz: { name: 'GHz', factor: 1e9 },
  watts: { name: 'W', factor: 1 },
  rpm: { name: 'rpm', factor: 1, isWhole: true },
  seconds: { name: 's', factor: 1 },
  milliseconds: { name: 'ms', factor: 1 },
  days: { name: 'd', factor: 1 },
};

/** For rules that evaluate the time until full, in hours. */
const HOURS: ThresholdUnit = { name: 'h', factor: 1 };

/** For conditions on the time until full, in days: their trend is that of days. */
const DAYS: ThresholdUnit = { name: 'd', factor: 24 };

/** The unit in which the thresholds of a condition are typed. */
export function conditionUnit(unit: Unit, source: 'value' | 'timeToFull'): ThresholdUnit {
  return source === 'timeToFull' ? DAYS : UNITS[unit];
}

/** The unit in which the thresholds of a rule are typed. */
export function thresholdUnit(unit: Unit, source: 'value' | 'timeToFull'): ThresholdUnit {
  return source === 'timeToFull' ? HOURS : UNITS[unit];
}

/** Formats a threshold in its typing unit with up to six significant digits; empty for null. */
export function toThresholdText(threshold: number | null, { factor }: ThresholdUnit): string {
  return threshold === null ? '' : String(Number((threshold / factor).toPrecision(6)));
}

/** Parses a threshold to the metric's stored unit; null for an empty text, NaN for one that is no number. */
export function parseThreshold(text: string, { factor }: ThresholdUnit): number | null {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return null;
  return /^-?\d+(\.\d+)?$/.test(typed) ? Number(typed) * factor : Number.NaN;
}
