/** Axis scales with round limits and intervals, by unit. */
import type { Unit } from '../../shared/metrics/define';

/** An axis from `min` to `max` with a tick each `interval`. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

const NICE = [1, 2, 5, 10] as const;
/** Round intervals of time, s: seconds, minutes, hours, days, weeks. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000] as const;
/** Upper limits of percent axes and their intervals: few, so that the scale does not change with each value. */
const PERCENT_SCALES = [
  [1, 0.5],
  [2, 0.5],
  [5, 1],
  [10, 2],
  [25, 5],
  [50, 10],
  [100, 25],
] as const;
/** Intervals per axis, before rounding. */
const TICKS = 4;

/** Smallest of 1, 2, 5 × 10^n at or above `raw`. */
function decimalStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  return (NICE.find((step) => step * power >= raw * (1 - 1e-9)) ?? 10) * power;
}

/** Smallest power of two at or above `raw`: round in KiB, MiB and GiB alike. */
function binaryStep(raw: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, raw)) - 1e-9);
}

function timeStep(raw: number): number {
  return TIME_STEPS.find((step) => step >= raw) ?? decimalStep(raw);
}

function stepOf(unit: Unit, raw: number): number {
  if (unit === 'bytes' || unit === 'bytesPerSecond') return binaryStep(raw);
  if (unit === 'seconds') return timeStep(raw);
  const step = decimalStep(raw);
  return unit === 'count' || unit === 'rpm' ? Math.max(1, step) : step;
}

/** Units whose values vary far from zero: their axes do not begin at zero. */
const FLOATING: ReadonlySet<Unit> = new Set<Unit>(['celsius', 'hertz', 'seconds']);

/** Minimum difference between the limits of an axis, so that the noise of a steady value does not fill the chart. */
const MIN_HEIGHTS: Partial<Readonly<Record<Unit, number>>> = { bytes: 1024, bytesPerSecond: 1024, celsius: 10, hertz: 5e8 };

/** 1 % of the value where the unit has no fixed minimum, and 1 for a line at zero. */
function minHeight(unit: Unit, top: number): number {
  return MIN_HEIGHTS[unit] ?? (Math.abs(top) < 1e-6 ? 1 : Math.abs(top) * 0.01);
}

/** A scale that contains `low` to `high`; null means that there is no value. */
export function scaleFor(unit: Unit, low: number | null, high: number | null): Scale {
  const top = high ?? 1;
  if (unit === 'percent' && top <= 100 && (low ?? 0) >= 0) {
    const [max, interval] = PERCENT_SCALES.find(([step]) => step >= top) ?? [100, 25];
    return { min: 0, max, interval };
  }
  const bottom = FLOATING.has(unit) ? (low ?? 0) : Math.min(0, low ?? 0);
  const height = Math.max(top - bottom, minHeight(unit, top));
  const interval = stepOf(unit, height / TICKS);
  const min = Math.floor(bottom / interval + 1e-9) * interval;
  const max = Math.ceil(top / interval - 1e-9) * interval;
  return { min, max: max > min ? max : min + interval, interval };
}
