/** Temperatures by sensor: what the platforms read, and which numbers are believed. */
import type { Thresholds } from '../../../shared/metrics/define';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { temperature } from '../../../shared/metrics/temperature';
import { maxOf, roundTo, rounded } from './numbers';

/** One sensor. Degrees Celsius; null when it did not answer this time. */
export interface SensorRaw {
  readonly id: string;
  readonly label: string;
  readonly detail: string | null;
  readonly celsius: Value;
  /** The sensor's own marks as the driver tells them, sane or not. */
  readonly high: Value;
  readonly critical: Value;
}

/** All sensors. */
export interface TemperatureRaw {
  readonly sensors: readonly SensorRaw[];
}

/** Above this nothing inside a computer still works; drivers give 65261.85 or 255 for "no idea". */
const HOTTEST = 150;
/** Below this no ordinary sensor is rated; drivers give -128, -62 and -273 for inputs that are not connected. */
const COLDEST = -40;

/** What an input without a sensor says: no bit set, or all of them. */
const UNCONNECTED: ReadonlySet<number> = new Set([0, 127, 127.5]);

/** True for a temperature that can be one. */
export function isPlausible(celsius: number): boolean {
  return celsius > COLDEST && celsius < HOTTEST && !UNCONNECTED.has(celsius);
}

const asLimit = (celsius: Value): Value => (celsius !== null && celsius > 0 && celsius < HOTTEST ? celsius : null);

/**
 * Marks of a sensor. Only a sane critical mark makes them: a driver's high mark alone is often a constant
 * without meaning. Where high is missing or not below critical, 10 °C below critical warns.
 */
export function limitsOf(high: Value, critical: Value): Thresholds | null {
  const top = asLimit(critical);
  if (top === null) return null;
  const mark = asLimit(high);
  return { warning: mark !== null && mark < top ? mark : top - 10, critical: top };
}

/** Sensors with a value that can be none are left out; one that did not answer stays, with null. */
export function temperatureReading(raw: TemperatureRaw): ReadingOf<'temperature'> {
  const devices: Record<string, DeviceReading<'value'>> = {};
  const seen: Value[] = [];
  for (const { id, label, detail, celsius, high, critical } of raw.sensors) {
    if (celsius !== null && !isPlausible(celsius)) continue;
    const limits = limitsOf(high, critical);
    devices[id] = {
      label,
      ...(detail === null ? {} : { detail }),
      values: { value: roundTo(celsius, temperature.device.metrics.value.resolution) },
      ...(limits === null ? {} : { limits }),
    };
    seen.push(celsius);
  }
  return { values: rounded(temperature.metrics, { hottest: maxOf(seen) }), devices };
}
