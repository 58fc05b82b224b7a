/** Temperatures of Windows: the zones of ACPI, which few machines have. What a zone measures is known to their makers. */
import { CounterSource } from '../windows/counter-source';
import type { CounterItem } from '../windows/counter-items';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { temperatureReading } from './temperature';
import type { SensorRaw, TemperatureRaw } from './temperature';

/** Tenths of a kelvin. */
const COUNTER = '\\Thermal Zone Information(*)\\High Precision Temperature';

/** After so many answers without a zone none is asked for any more. */
const MOST_EMPTY = 3;

const ZERO_CELSIUS = 273.15;

/** Zones by their name in ACPI, such as `\_TZ.TZ00`. */
function zonesOf(items: readonly CounterItem[]): SensorRaw[] {
  return items
    .filter(({ instance, value }) => instance !== '_Total' && value > 0)
    .map(({ instance, value }) => ({ id: `acpi/${instance}`, label: 'ACPI zone', detail: instance, celsius: value / 10 - ZERO_CELSIUS, high: null, critical: null }));
}

/** Reads the zones. A machine without any is asked three times. */
export function win32Temperature(deps: Pick<SystemDeps, 'windows'>): Collector<'temperature', TemperatureRaw> {
  const source = new CounterSource(deps.windows, COUNTER);
  let empty = 0;
  return {
    family: 'temperature',
    read: async () => {
      if (empty === MOST_EMPTY) return { sensors: [] };
      const sensors = zonesOf(await source.read());
      empty = sensors.length === 0 ? empty + 1 : 0;
      if (empty === MOST_EMPTY) source.close();
      return { sensors };
    },
    toReading: temperatureReading,
    close: () => source.close(),
  };
}
