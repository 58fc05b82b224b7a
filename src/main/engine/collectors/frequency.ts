/** Clock speed of the processor: what the platforms read, and the mean and maximum of it. */
import { frequency } from '../../../shared/metrics/frequency';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { emptyRecord, maxOf, roundTo, rounded, sumOf } from './numbers';

/** Speeds in hertz, by core number; null for a core whose speed is unknown. */
export interface FrequencyRaw {
  readonly cores: ReadonlyMap<string, Value>;
  /** Mean reported by the system, used where it reports no cores. */
  readonly average: Value;
  readonly highest: Value;
}

/** Mean and maximum over the cores; null where no speed is known, as in many virtual machines. */
export function frequencyReading(raw: FrequencyRaw): ReadingOf<'frequency'> {
  const devices = emptyRecord<DeviceReading<'speed'>>();
  for (const [id, speed] of raw.cores) {
    devices[id] = { label: `Core ${id}`, values: { speed: roundTo(speed, frequency.device.metrics.speed.resolution) } };
  }
  const known = [...raw.cores.values()].filter((speed) => speed !== null);
  const sum = sumOf(known);
  const average = sum === null ? raw.average : sum / known.length;
  return { values: rounded(frequency.metrics, { average, highest: maxOf(known) ?? raw.highest }), devices };
}
