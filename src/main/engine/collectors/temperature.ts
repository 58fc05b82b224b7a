/** Temperatures by sensor: what the platforms read, and which values are plausible. */
import type { Thresholds } from '../../../shared/metrics/define';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { temperature } from '../../../shared/metrics/temperature';
import { maxOf, roundTo, rounded } from './numbers';

/** One sensor. Degrees Celsius; null if it could not be read this time. */
export interface SensorRaw {
  readonly id: string;
  readonly label: string;
  readonly detail: string | null;
  readonly celsius: Value;
  /** Device limits as reported by the driver, plausible or not. */
  readonly high: Value;
  readonly critical: Value;
}

/** All sensors. */
export interface TemperatureRaw {
  readonly sensors: readonly SensorRaw[];
}

/** Upper bound of plausible values; drivers report 65261.85 or 255 for unknown. */
const MAX_CELSIUS = 150;
/** Lower bound of plausible values; drivers report -128, -62 and -273 for inputs that are not connected. */
const MIN_CELSIUS = -40;

/** Values of an input without a sensor: no bit set, or all of them. */
const UNCONNECTED: ReadonlySet<number> = new Set([0, 127, 127.5]);

/** True for a temperature that a working sensor can report. */
export function isPlausible(celsius: number): boolean {
  return celsius > MIN_CELSIUS && celsius < MAX_CELSIUS && !UNCONNECTED.has(celsius);
}

const asLimit = (celsius: Value): Value => (celsius !== null && celsius > 0 && celsius < MAX_CELSIUS ? celsius : null);

/**
 * Device limits of a sensor; null without a plausible critical one, because a high limit alone is often a meaningless
 * constant of the driver. If high is missing or not below critical, the warning limit is 10 °C below critical.
 */
export function limitsOf(high: Value, critical: Value): Thresholds | null {
  const top = asLimit(critical);
  if (top === null) return null;
  const warning = asLimit(high);
  return { warning: warning !== null && warning < top ? warning : top - 10, critical: top };
}

/** Readings of the sensors; those with implausible values are left out, those that could not be read are null. */
export function temperatureReading(raw: TemperatureRaw): ReadingOf<'temperature'> {
  const devices: Record<string, DeviceReading<'value'>> = {};
  const temperatures: Value[] = [];
  for (const { id, label, detail, celsius, high, critical } of raw.sensors) {
    if (celsius !== null && !isPlausible(celsius)) continue;
    const limits = limitsOf(high, critical);
    devices[id] = {
      label,
      ...(detail === null ? {} : { detail }),
      values: { value: roundTo(celsius, temperature.device.metrics.value.resolution) },
      ...(limits === null ? {} : { limits }),
    };
    temperatures.push(celsius);
  }
  return { values: rounded(temperature.metrics, { hottest: maxOf(temperatures) }), devices };
}
