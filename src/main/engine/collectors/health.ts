/** Health of drives and arrays: what the platforms find, and the reading made of it. */
import type { DeviceMetricName } from '../../../shared/metrics/index';
import type { DeviceState } from '../../../shared/metrics/device-state';
import { health } from '../../../shared/metrics/health';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { countOf, emptyRecord, maxOf, rounded } from './numbers';

type Name = DeviceMetricName<'health'>;

/** A drive, an array, a pool or a file system. What is not among its values is unknown, or means nothing for it. */
export interface HealthDevice {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly state: DeviceState;
  readonly values: Readonly<Partial<Record<Name, Value>>>;
}

/** One read. */
export interface HealthRaw {
  readonly devices: readonly HealthDevice[];
  /** Why something is not known, and what can be done about it; null where there is nothing to say. */
  readonly note: string | null;
}

const UNKNOWN = Object.fromEntries(Object.keys(health.device.metrics).map((name) => [name, null])) as Record<Name, null>;

/** What few devices say, or only now and then: it is not shown where none says it. */
const RARE: readonly Name[] = ['progress', 'wear', 'spare', 'temperature', 'powerOn', 'reallocated', 'pending'];

/** All devices; how many have a problem, null while nothing is known of any, and the largest wear. */
export function healthReading({ devices, note }: HealthRaw): ReadingOf<'health'> {
  const readings = emptyRecord<DeviceReading<Name>>();
  for (const { id, label, detail, state, values } of devices) {
    readings[id] = { label, ...(detail === undefined ? {} : { detail }), values: rounded(health.device.metrics, { ...UNKNOWN, ...values }), state };
  }
  const values = { problems: countOf(devices.map(({ values: { failing = null, degraded = null } }) => [failing, degraded])), wear: maxOf(devices.map(({ values: { wear } }) => wear ?? null)) };
  const untold = RARE.filter((name) => devices.every(({ values: { [name]: value = null } }) => value === null));
  return { values: rounded(health.metrics, values), devices: readings, untold, ...(note === null ? {} : { note }) };
}
