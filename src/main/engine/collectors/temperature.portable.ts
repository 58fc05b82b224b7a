/** Temperatures through systeminformation, for macOS and Windows, where most machines report none. */
import { atLeast } from './systeminformation';
import type { LoadSystemInformation } from './systeminformation';
import { temperatureReading } from './temperature';
import type { SensorRaw, TemperatureRaw } from './temperature';
import type { Collector } from './collector';

function sensor(id: string, label: string, value: number | null | undefined): SensorRaw[] {
  const celsius = atLeast(1, value);
  return celsius === null ? [] : [{ id, label, detail: null, celsius, high: null, critical: null }];
}

/** Reads `cpuTemperature`. */
export function portableTemperature(load: LoadSystemInformation): Collector<'temperature', TemperatureRaw> {
  return {
    family: 'temperature',
    read: async () => {
      const temperatures = await (await load()).cpuTemperature();
      return {
        sensors: [
          ...sensor('cpu/package', 'CPU', temperatures.main),
          ...temperatures.cores.flatMap((value, index) => sensor(`cpu/core ${index}`, `Core ${index}`, value)),
          ...(temperatures.socket ?? []).flatMap((value, index) => sensor(`cpu/socket ${index}`, `Socket ${index}`, value)),
          ...sensor('chipset', 'Chipset', temperatures.chipset),
        ],
      };
    },
    toReading: temperatureReading,
  };
}
