/** Temperatures from /sys, read off the main thread: some sensors sit behind slow buses. */
import type { Value } from '../../../shared/metrics/reading';
import type { SystemDeps } from './deps';
import { HeldFile } from './files';
import { isAsleep, listSensors, sensorFolders, wholeNumber } from './sensors.linux';
import type { Sensor } from './sensors.linux';
import { temperatureReading } from './temperature';
import type { SensorRaw, TemperatureRaw } from './temperature';
import type { Collector } from './collector';

/** Chips come and go with docks and graphics cards: look each minute; marks are read again each quarter of an hour. */
const LOOK_MS = 60_000;
const RELIST_MS = 15 * 60_000;

interface Held {
  readonly sensor: Sensor;
  readonly file: HeldFile;
}

const celsius = (millidegrees: number | null): Value => (millidegrees === null ? null : millidegrees / 1000);

/** The sensor's value; null when it sleeps or cannot answer just now. */
async function valueOf({ sensor, file }: Held): Promise<Value> {
  try {
    if (sensor.sleepFile !== null && (await isAsleep(sensor.sleepFile))) return null;
    return celsius(wholeNumber((await file.readTextAsync()).trim()));
  } catch {
    // One sensor that fails says nothing about the others; its own value is missing.
    file.close();
    return null;
  }
}

async function rawOf(held: Held): Promise<SensorRaw> {
  const { id, label, detail, high, critical } = held.sensor;
  return { id, label, detail, celsius: await valueOf(held), high: celsius(high), critical: celsius(critical) };
}

/** Keeps the list of sensors and their open files. */
class SensorList {
  readonly #deps: Pick<SystemDeps, 'root' | 'clock'>;
  #held: readonly Held[] = [];
  #folders: string | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: Pick<SystemDeps, 'root' | 'clock'>) {
    this.#deps = deps;
  }

  async current(): Promise<readonly Held[]> {
    const now = this.#deps.clock.mono();
    if (now - this.#lookedAt < LOOK_MS) return this.#held;
    this.#lookedAt = now;
    const folders = await sensorFolders(this.#deps.root);
    if (folders !== this.#folders || now - this.#listedAt >= RELIST_MS) {
      this.#folders = folders;
      this.#listedAt = now;
      const sensors = await listSensors(this.#deps.root);
      this.close();
      this.#held = sensors.map((sensor) => ({ sensor, file: new HeldFile(sensor.file, 64) }));
    }
    return this.#held;
  }

  close(): void {
    for (const { file } of this.#held) file.close();
  }
}

/** Reads every sensor that is awake; a machine without sensors gives none. */
export function linuxTemperature(deps: Pick<SystemDeps, 'root' | 'clock'>): Collector<'temperature', TemperatureRaw> {
  const list = new SensorList(deps);
  return {
    family: 'temperature',
    read: async () => ({ sensors: await Promise.all((await list.current()).map(rawOf)) }),
    toReading: temperatureReading,
    close: () => list.close(),
  };
}
