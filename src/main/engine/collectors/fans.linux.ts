/** Fans from /sys, read off the main thread because some chips are on slow buses. */
import { dirname, join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { fansReading, isChipHot, isWatched, plausibleSpeed } from './fans';
import type { ChipHeat, FanRaw, FansRaw } from './fans';
import { allEnded, namesIn, optionalTextAsync } from './files';
import type { OpenSensor } from './open-sensor.linux';
import { SensorList } from './sensor-list.linux';
import { wholeNumber } from './sensors.linux';

async function degrees(file: string): Promise<Value> {
  const value = wholeNumber(await optionalTextAsync(file));
  return value === null ? null : value / 1000;
}

/** What is remembered of a fan. */
class FanWatch {
  #hasSpun = false;
  /** Lowest temperatures of its chip since it stood still, by input. */
  #lowest = new Map<string, number>();
  /** Since when it stands still in the heat, ms. */
  #hotSince: number | null = null;

  /** `now`: ms of a monotonic clock. */
  async read(sensor: OpenSensor, now: number): Promise<FanRaw> {
    const rpm = await sensor.readInput();
    const { id, label, detail: chip, found } = sensor.facts;
    const speed = plausibleSpeed(rpm);
    if (speed !== null && speed > 0) {
      this.#hasSpun = true;
      this.#lowest.clear();
    }
    // Temperatures are of interest only then, and the device is awake, since it has just given a speed.
    const mayStall = speed === 0 && this.#hasSpun && isWatched(chip);
    const isHot = mayStall ? await this.#isHot(dirname(found.file)) : null;
    this.#hotSince = isHot === true ? (this.#hotSince ?? now) : null;
    return { id, label, chip, rpm, hasSpun: this.#hasSpun, hotFor: isHot === null ? null : (now - (this.#hotSince ?? now)) / 1000 };
  }

  async #isHot(folder: string): Promise<boolean | null> {
    const inputs = (await namesIn(folder)).flatMap((name) => /^(temp\d+)_input$/.exec(name)?.[1] ?? []);
    const heats: ChipHeat[] = [];
    for (const input of inputs) {
      const file = join(folder, input);
      const celsius = (await optionalTextAsync(`${file}_fault`)) === '1' ? null : await degrees(`${file}_input`);
      const lowest = this.#lowest.get(input);
      if (celsius !== null && (lowest === undefined || celsius < lowest)) this.#lowest.set(input, celsius);
      heats.push({ celsius, high: await degrees(`${file}_max`), critical: await degrees(`${file}_crit`), lowest: this.#lowest.get(input) ?? null });
    }
    return isChipHot(heats);
  }
}

/** Reads every fan that is not asleep. */
export function linuxFans(deps: Pick<SystemDeps, 'root' | 'clock'>): Collector<'fans', FansRaw> {
  const list = new SensorList(deps, { folders: ['fans'] });
  let watches: ReadonlyMap<string, FanWatch> = new Map();
  return {
    family: 'fans',
    read: async () => {
      const sensors = await list.current();
      watches = new Map(sensors.map(({ id }) => [id, watches.get(id) ?? new FanWatch()]));
      return { fans: await allEnded(sensors.map((sensor) => (watches.get(sensor.id) ?? new FanWatch()).read(sensor, deps.clock.mono()))) };
    },
    toReading: fansReading,
    close: () => list.close(),
  };
}
