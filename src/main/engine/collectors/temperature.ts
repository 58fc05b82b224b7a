/** Temperatures by sensor: what the platforms read, and which values are plausible. */
import type { Thresholds } from '../../../shared/metrics/define';
import type { DeviceReading, ReadingOf, RenamedDevices, Value } from '../../../shared/metrics/reading';
import { temperature } from '../../../shared/metrics/temperature';
import { emptyRecord, maxOf, roundTo, rounded } from './numbers';
import type { Previous } from './collector';

/** One sensor. Degrees Celsius; null if it could not be read this time. */
export interface SensorRaw {
  readonly id: string;
  readonly label: string;
  readonly detail: string | null;
  readonly celsius: Value;
  /** Device limits as reported by the driver, plausible or not. */
  readonly high: Value;
  readonly critical: Value;
  /** True once it gave a plausible value: an implausible one is then missing, and no sign that nothing is connected. */
  readonly hasWorked?: boolean;
  /** True while its device sleeps, and so is not read. */
  readonly isAsleep?: boolean;
}

/** All sensors. */
export interface TemperatureRaw {
  readonly sensors: readonly SensorRaw[];
  /** Ids that versions before gave; another array whenever the sensors were listed anew. */
  readonly renamed?: readonly RenamedDevices[];
}

/** Upper bound of plausible values; drivers report 65261.85 or 255 for unknown. */
const MAX_CELSIUS = 150;
/** Lower bound of plausible values; drivers report -128, -62 and -273 for inputs that are not connected. */
const MIN_CELSIUS = -40;

/** No sensor has smaller steps: a millidegree is the number of an error, without its sign or with it. */
const LEAST_STEP = 0.001;

/** Lower bound of plausible critical limits: firmware reports 20.8 °C for sensors that it made up, and hardware at rest is warmer than that. */
const MIN_CRITICAL = 40;

/** Values of an input without a sensor: no bit set, or all of them, which is 127 with 8 bits and 127.9375 with 12. */
function isUnconnected(celsius: number): boolean {
  return Math.abs(celsius) <= LEAST_STEP || (celsius >= 127 && celsius <= 128);
}

/** True for a temperature that a working sensor can report. */
export function isPlausible(celsius: number): boolean {
  return celsius > MIN_CELSIUS && celsius < MAX_CELSIUS && !isUnconnected(celsius);
}

const asLimit = (celsius: Value): Value => (celsius !== null && celsius > 0 && celsius < MAX_CELSIUS ? celsius : null);

/**
 * Device limits of a sensor; null without a plausible critical one, because a high limit alone is often a meaningless
 * constant of the driver. If high is missing or not below critical, the warning limit is 10 °C below critical.
 */
export function limitsOf(high: Value, critical: Value): Thresholds | null {
  const top = asLimit(critical);
  // One with all bits set was never given.
  if (top === null || top < MIN_CRITICAL || isUnconnected(top)) return null;
  const warning = asLimit(high);
  return { warning: warning !== null && warning < top ? warning : top - 10, critical: top };
}

/**
 * Readings of the sensors. Those that could not be read are null, and so are those with an implausible value; inputs that
 * never had a plausible one are left out.
 */
export function temperatureReading(raw: TemperatureRaw, previous: Previous<TemperatureRaw> | null = null): ReadingOf<'temperature'> {
  const devices = emptyRecord<DeviceReading<'value'>>();
  const temperatures: Value[] = [];
  for (const { id, label, detail, celsius: read, high, critical, hasWorked, isAsleep } of raw.sensors) {
    const celsius = read !== null && isPlausible(read) ? read : null;
    if (read !== celsius && hasWorked !== true) continue;
    const limits = limitsOf(high, critical);
    devices[id] = {
      label,
      ...(detail === null ? {} : { detail }),
      values: { value: roundTo(celsius, temperature.device.metrics.value.resolution) },
      ...(limits === null ? {} : { limits }),
      ...(isAsleep === true ? { state: { code: 'asleep' } } : {}),
    };
    temperatures.push(celsius);
  }
  const { renamed = [] } = raw;
  const isNews = renamed.length > 0 && renamed !== previous?.raw.renamed;
  return { values: rounded(temperature.metrics, { hottest: maxOf(temperatures) }), devices, ...(isNews ? { renamed } : {}) };
}
