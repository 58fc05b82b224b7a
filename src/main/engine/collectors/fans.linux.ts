/** Fans from /sys, read off the main thread because some chips are on slow buses. */
import { dirname, join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { fansReading, hasHeaders, isChipHot, isWatched, plausibleSpeed } from './fans';
import type { ChipHeat, FanRaw, FansRaw } from './fans';
import { allEnded, namesIn, optionalTextAsync } from './files';
import type { OpenSensor, SensorFacts } from './open-sensor.linux';
import { SensorList } from './sensor-list.linux';
import { wholeNumber } from './sensors.linux';

async function degrees(file: string): Promise<Value> {
  const value = wholeNumber(await optionalTextAsync(file));
  return value === null ? null : value / 1000;
}

/** A temperature of a chip before it is read: its name, `temp1`, and its limits, °C. */
interface HeatInput extends Pick<ChipHeat, 'high' | 'critical'> {
  readonly name: string;
  readonly file: string;
  readonly faultFile: string | null;
}

/** The same with its value. */
type Heat = Pick<HeatInput, 'name'> & Omit<ChipHeat, 'lowest'>;

async function inputsIn(folder: string): Promise<readonly HeatInput[]> {
  const entries = await namesIn(folder);
  const names = entries.flatMap((entry) => /^(temp\d+)_input$/.exec(entry)?.[1] ?? []);
  return allEnded(
    names.map(async (name) => {
      const fileOf = (part: string): string => join(folder, `${name}_${part}`);
      const faultFile = entries.includes(`${name}_fault`) ? fileOf('fault') : null;
      return { name, file: fileOf('input'), faultFile, high: await degrees(fileOf('max')), critical: await degrees(fileOf('crit')) };
    }),
  );
}

async function heatOf({ name, file, faultFile, high, critical }: HeatInput): Promise<Heat> {
  const isFaulty = faultFile !== null && (await optionalTextAsync(faultFile)) === '1';
  return { name, celsius: isFaulty ? null : await degrees(file), high, critical };
}

/** The temperatures of chips by folder, read once a tick for all fans of a chip. Names and limits are as old as the list of fans. */
class ChipHeats {
  #inputs = new Map<string, readonly HeatInput[]>();
  #heats = new Map<string, Promise<readonly Heat[]>>();

  /** Begins a tick. */
  begin({ isNewList }: { readonly isNewList: boolean }): void {
    this.#heats.clear();
    if (isNewList) this.#inputs.clear();
  }

  async of(folder: string): Promise<readonly Heat[]> {
    const heats = this.#heats.get(folder) ?? this.#read(folder);
    this.#heats.set(folder, heats);
    return heats;
  }

  async #read(folder: string): Promise<readonly Heat[]> {
    const inputs = this.#inputs.get(folder) ?? (await inputsIn(folder));
    this.#inputs.set(folder, inputs);
    return allEnded(inputs.map(heatOf));
  }
}

/** Modes in which a chip sets the speed by a temperature: not full speed, by hand, or a constant speed. */
const BY_TEMPERATURE: ReadonlySet<string | null> = new Set(['2', '4', '5']);

/** Name of the temperature that a fan, `fan1`, turns by; null where its chip does not tell. As in Documentation/hwmon/nct6775.rst of the kernel. */
async function heatNameOf(folder: string, fan: string): Promise<string | null> {
  const output = join(folder, fan.replace('fan', 'pwm'));
  if (!BY_TEMPERATURE.has(await optionalTextAsync(`${output}_enable`))) return null;
  const selected = await optionalTextAsync(`${output}_temp_sel`);
  return selected === null ? null : `temp${selected}`;
}

/** The temperatures of a fan. A chip with headers measures the processor as well, by which a fan of the case need not turn. */
async function heatsOf({ detail: chip, found }: SensorFacts, heats: ChipHeats): Promise<readonly Heat[]> {
  const folder = dirname(found.file);
  if (!hasHeaders(chip)) return heats.of(folder);
  const name = await heatNameOf(folder, found.name);
  return name === null ? [] : (await heats.of(folder)).filter((heat) => heat.name === name);
}

/** What is remembered of a fan. */
class FanWatch {
  #hasSpun = false;
  /** Lowest temperatures of its chip since it stood still, by name. */
  #lowest = new Map<string, number>();
  /** Since when it stands still in the heat, ms. */
  #hotSince: number | null = null;
  /** Since when its chip says that it has failed, ms. */
  #failedSince: number | null = null;

  /** `now`: ms of a monotonic clock. */
  async read(sensor: OpenSensor, heats: ChipHeats, now: number): Promise<FanRaw> {
    const rpm = await sensor.readInput();
    const { id, label, detail: chip } = sensor.facts;
    // What follows is asked for only of a device that is awake, since it has just given a speed.
    const hasFailed = rpm !== null && (await sensor.hasFailed());
    this.#failedSince = hasFailed ? (this.#failedSince ?? now) : null;
    const speed = hasFailed ? null : plausibleSpeed(rpm);
    if (speed !== null && speed > 0) {
      this.#hasSpun = true;
      this.#lowest.clear();
    }
    const mayStall = speed === 0 && this.#hasSpun && isWatched(chip);
    const isHot = mayStall ? this.#isHot(await heatsOf(sensor.facts, heats)) : null;
    this.#hotSince = isHot === true ? (this.#hotSince ?? now) : null;
    const failedFor = this.#failedSince === null ? null : (now - this.#failedSince) / 1000;
    return { id, label, chip, rpm, hasSpun: this.#hasSpun, failedFor, hotFor: isHot === null ? null : (now - (this.#hotSince ?? now)) / 1000, isAsleep: sensor.isAsleep };
  }

  #isHot(heats: readonly Heat[]): boolean | null {
    return isChipHot(
      heats.map(({ name, ...heat }) => {
        const lowest = this.#lowest.get(name);
        if (heat.celsius !== null && (lowest === undefined || heat.celsius < lowest)) this.#lowest.set(name, heat.celsius);
        return { ...heat, lowest: this.#lowest.get(name) ?? null };
      }),
    );
  }
}

/** Reads every fan that is not asleep. */
export function linuxFans(deps: Pick<SystemDeps, 'root' | 'clock'>): Collector<'fans', FansRaw> {
  const list = new SensorList(deps, { folders: ['fans'] });
  const heats = new ChipHeats();
  let listed: readonly OpenSensor[] = [];
  let watches: ReadonlyMap<string, FanWatch> = new Map();
  return {
    family: 'fans',
    read: async () => {
      const sensors = await list.current();
      heats.begin({ isNewList: sensors !== listed });
      listed = sensors;
      watches = new Map(sensors.map(({ id }) => [id, watches.get(id) ?? new FanWatch()]));
      return { fans: await allEnded(sensors.map((sensor) => (watches.get(sensor.id) ?? new FanWatch()).read(sensor, heats, deps.clock.mono()))) };
    },
    toReading: fansReading,
    close: () => list.close(),
  };
}
