/**
 * Formats values, one formatter per unit, for tray, alerts, cards and charts alike. The number of digits depends on unit and
 * magnitude only, so that a live value keeps its width. Sizes are binary (KiB = 1024 bytes), like in system tools.
 */
import type { Unit } from './metrics/define';

/** A formatted value: number and unit separately, so that a view may style them differently. */
export interface Formatted {
  readonly text: string;
  readonly unit: string;
}

/** A missing value. */
export const MISSING: Formatted = { text: '–', unit: '' };

const NARROW_SPACE = '\u202f';
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A whole number in groups of three digits: "1 234", set apart by narrow no-break spaces. The one style for large numbers in text. */
export function formatCount(value: number): string {
  return value.toFixed(0).replaceAll(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
}

function digits(value: number, fraction: number): string {
  return value.toFixed(fraction);
}

/** Scales a value to the largest fitting step, with three significant digits; `smallest` decimals at the first step. */
function scaled(value: number, steps: readonly string[], base: number, smallest: number): Formatted {
  let rest = Math.abs(value);
  let step = 0;
  // 999.5 would be rounded to "1000": use the next step.
  while (step < steps.length - 1 && rest >= (base === 1024 ? 1000 : base) - 0.5) {
    rest /= base;
    step += 1;
  }
  const fraction = step === 0 ? smallest : rest < 9.995 ? 2 : rest < 99.95 ? 1 : 0;
  return { text: (value < 0 ? '-' : '') + digits(rest, fraction), unit: steps[step] ?? '' };
}

/** Durations as "3 d 04 h", "4 h 07 min", "12 min 05 s", "9 s". */
function duration(seconds: number): Formatted {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (n: number): string => String(n).padStart(2, '0');
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor(whole / 3600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  if (days > 0) return { text: `${days} d ${pad(hours)} h`, unit: '' };
  if (hours > 0) return { text: `${hours} h ${pad(minutes)} min`, unit: '' };
  if (minutes > 0) return { text: `${minutes} min ${pad(whole % 60)} s`, unit: '' };
  return { text: `${whole} s`, unit: '' };
}

const FORMAT: Readonly<Record<Unit, (value: number) => Formatted>> = {
  percent: (value) => ({ text: digits(value, Math.abs(value) < 99.95 ? 1 : 0), unit: '%' }),
  bytes: (value) => scaled(value, BINARY, 1024, 0),
  bytesPerSecond: (value) => {
    const size = scaled(value, BINARY, 1024, 0);
    return { text: size.text, unit: `${size.unit}/s` };
  },
  perSecond: (value) => {
    const rate = scaled(value, ['', 'k', 'M', 'G'], 1000, value < 99.95 ? 1 : 0);
    return { text: rate.text, unit: `${rate.unit}/s` };
  },
  count: (value) => (Math.abs(value) < 1e5 ? { text: formatCount(value), unit: '' } : scaled(value, ['', 'k', 'M', 'G'], 1000, 0)),
  load: (value) => ({ text: digits(value, 2), unit: '' }),
  celsius: (value) => ({ text: digits(value, 1), unit: '°C' }),
  hertz: (value) => ({ text: digits(value / 1e9, 2), unit: 'GHz' }),
  watts: (value) => ({ text: digits(value, Math.abs(value) < 99.95 ? 1 : 0), unit: 'W' }),
  rpm: (value) => ({ text: formatCount(value), unit: 'rpm' }),
  seconds: duration,
  days: (value) => ({ text: digits(value, Math.abs(value) < 9.95 ? 1 : 0), unit: 'd' }),
  milliseconds: (value) => (Math.abs(value) < 999.5 ? { text: digits(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0), unit: 'ms' } : { text: digits(value / 1000, 2), unit: 's' }),
};

/** Formats a value of a unit; a missing or non-finite value becomes a dash. */
export function formatParts(value: number | null | undefined, unit: Unit): Formatted {
  return value === null || value === undefined || !Number.isFinite(value) ? MISSING : FORMAT[unit](value);
}

/** The same as one string, with a narrow no-break space between number and unit. */
export function formatValue(value: number | null | undefined, unit: Unit): string {
  const { text, unit: name } = formatParts(value, unit);
  return name === '' ? text : `${text}${NARROW_SPACE}${name}`;
}
