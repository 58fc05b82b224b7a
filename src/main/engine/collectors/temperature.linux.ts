/** Temperatures from /sys, read off the main thread because some sensors are on slow buses. */
import type { SystemDeps } from './deps';
import type { GpuGates } from './gpu/gates';
import { allEnded } from './files';
import { SensorList } from './sensor-list.linux';
import { temperatureReading } from './temperature';
import type { TemperatureRaw } from './temperature';
import type { Collector } from './collector';

/** Reads every sensor that is not asleep; those of graphics cards only while `gates` lets them be read. */
export function linuxTemperature(deps: Pick<SystemDeps, 'root' | 'clock'>, gates: Pick<GpuGates, 'isClosed'> = { isClosed: () => false }): Collector<'temperature', TemperatureRaw> {
  const list = new SensorList(deps, { gates });
  return {
    family: 'temperature',
    read: async () => {
      const sensors = await list.current();
      return { sensors: await allEnded(sensors.map((sensor) => sensor.read())), renamed: list.renamed };
    },
    toReading: temperatureReading,
    close: () => list.close(),
  };
}
