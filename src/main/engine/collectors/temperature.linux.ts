/** Temperatures from /sys, read off the main thread because some sensors are on slow buses. */
import type { Value } from '../../../shared/metrics/reading';
import type { SystemDeps } from './deps';
import { HeldFile } from './files';
import { isAsleep, listSensors, sensorFolders, wholeNumber } from './sensors.linux';
import type { Sensor } from './sensors.linux';
import { temperatureReading } from './temperature';
import type { SensorRaw, TemperatureRaw } from './temperature';
import type { Collector } from './collector';

/** The folders are checked each minute, as docks and graphics cards come and go; device limits are read every 15 minutes. */
const CHECK_MS = 60_000;
const RELIST_MS = 15 * 60_000;

interface OpenSensor {
  readonly sensor: Sensor;
  readonly file: HeldFile;
}

const celsius = (millidegrees: number | null): Value => (millidegrees === null ? null : millidegrees / 1000);

/** The sensor's temperature; null while it sleeps or cannot be read. */
async function valueOf({ sensor, file }: OpenSensor): Promise<Value> {
  try {
    if (sensor.sleepFile !== null && (await isAsleep(sensor.sleepFile))) return null;
    return celsius(wholeNumber((await file.readTextAsync()).trim()));
  } catch {
    // A sensor that fails does not affect the others.
    file.close();
    return null;
  }
}

async function rawOf(open: OpenSensor): Promise<SensorRaw> {
  const { id, label, detail, high, critical } = open.sensor;
  return { id, label, detail, celsius: await valueOf(open), high: celsius(high), critical: celsius(critical) };
}

/** The list of sensors with their open files. */
class SensorList {
  readonly #deps: Pick<SystemDeps, 'root' | 'clock'>;
  #sensors: readonly OpenSensor[] = [];
  #folders: string | null = null;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: Pick<SystemDeps, 'root' | 'clock'>) {
    this.#deps = deps;
  }

  async current(): Promise<readonly OpenSensor[]> {
    const now = this.#deps.clock.mono();
    if (now - this.#checkedAt < CHECK_MS) return this.#sensors;
    this.#checkedAt = now;
    const folders = await sensorFolders(this.#deps.root);
    if (folders !== this.#folders || now - this.#listedAt >= RELIST_MS) {
      this.#folders = folders;
      this.#listedAt = now;
      const sensors = await listSensors(this.#deps.root);
      this.close();
      this.#sensors = sensors.map((sensor) => ({ sensor, file: new HeldFile(sensor.file, 64) }));
    }
    return this.#sensors;
  }

  close(): void {
    for (const { file } of this.#sensors) file.close();
  }
}

/** Reads every sensor that is not asleep. */
export function linuxTemperature(deps: Pick<SystemDeps, 'root' | 'clock'>): Collector<'temperature', TemperatureRaw> {
  const list = new SensorList(deps);
  return {
    family: 'temperature',
    read: async () => ({ sensors: await Promise.all((await list.current()).map(rawOf)) }),
    toReading: temperatureReading,
    close: () => list.close(),
  };
}
