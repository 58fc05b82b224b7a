/** The temperature sensors of this machine, its fans or its power meters, with their open files, listed again when chips come or go. */
import { basename } from 'node:path';
import type { RenamedDevices } from '../../../shared/metrics/reading';
import type { SystemDeps } from './deps';
import type { GpuGates } from './gpu/gates';
import { isExhausted } from './files';
import { OpenSensor } from './open-sensor.linux';
import { identify, renamedSensors } from './sensor-ids';
import type { SensorName } from './sensor-ids';
import { entriesOf, readChips } from './sensors.linux';
import type { FoundChip, FoundSensor, SensorFolder } from './sensors.linux';

/** The folders are checked each minute, as docks and graphics cards come and go; device limits are read every 15 minutes. */
const CHECK_MS = 60_000;
const RELIST_MS = 15 * 60_000;
/** After the device of an open file has gone, the list is read again at once, but no more often than this. */
const GONE_MS = 10_000;

/** Chips by the type of the thermal zone that measures the same. */
const CHIP_OF_ZONE: Readonly<Record<string, string>> = { x86_pkg_temp: 'coretemp' };

/** True for a zone that is a chip as well; most are, under their type with `-` replaced by `_`. */
function isCovered({ name }: FoundChip, chips: ReadonlySet<string>): boolean {
  const chip = Object.hasOwn(CHIP_OF_ZONE, name) ? CHIP_OF_ZONE[name] : undefined;
  return chips.has(name.replaceAll('-', '_')) || chips.has(chip ?? name);
}

/** A sensor with its chip and what its id is made from. */
interface NamedSensor {
  readonly chip: FoundChip;
  readonly sensor: FoundSensor;
  readonly name: SensorName;
  readonly detail: string;
}

function chipSensors(chip: FoundChip): NamedSensor[] {
  const { name, place, serial, sensors } = chip;
  return sensors.map((sensor) => {
    const ofInput = sensor.label === '' ? { name: sensor.name, label: `${name} ${sensor.name}` } : { name: sensor.label, label: sensor.label };
    return { chip, sensor, name: { chip: name, place, serial, ...ofInput }, detail: name };
  });
}

function zoneSensors(zone: FoundChip): NamedSensor[] {
  const { name, place, serial, sensors } = zone;
  return sensors.map((sensor) => ({ chip: zone, sensor, name: { chip: 'zone', name, place, serial, label: name }, detail: 'thermal zone' }));
}

/** All sensors, in an order that does not depend on the order in which drivers were loaded. */
function sensorsOf(chips: readonly FoundChip[], zones: readonly FoundChip[]): NamedSensor[] {
  const names = new Set(chips.map(({ name }) => name));
  const ordered = [...chips].sort((a, b) => (a.path < b.path ? -1 : 1));
  return [...ordered.flatMap(chipSensors), ...zones.filter((zone) => !isCovered(zone, names)).flatMap(zoneSensors)];
}

/** The chips of one folder as they were last read, and when they are read again. */
interface FolderState {
  chips: readonly FoundChip[];
  entries: string | null;
  isComplete: boolean;
  readAt: number;
  /** Time until a list that is not complete is read again, ms; grows, as the reason may last. */
  retry: number;
}

const unread = (): FolderState => ({ chips: [], entries: null, isComplete: false, readAt: Number.NEGATIVE_INFINITY, retry: CHECK_MS });

/** `gates` says which graphics cards are let go; `folders` what is listed, temperatures by default. */
interface ListOptions {
  readonly gates?: Pick<GpuGates, 'isClosed'>;
  readonly folders?: readonly SensorFolder[];
}

/** The list. Where it cannot be read, what was listed before stays, and the next read tries again. */
export class SensorList {
  readonly #deps: Pick<SystemDeps, 'root' | 'clock'>;
  readonly #gates: Pick<GpuGates, 'isClosed'>;
  readonly #folders: ReadonlyMap<SensorFolder, FolderState>;
  #sensors: readonly OpenSensor[] = [];
  #renamed: readonly RenamedDevices[] = [];
  #due = Number.NEGATIVE_INFINITY;
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: Pick<SystemDeps, 'root' | 'clock'>, { gates = { isClosed: () => false }, folders = ['hwmon', 'thermal'] }: ListOptions = {}) {
    this.#deps = deps;
    this.#gates = gates;
    this.#folders = new Map(folders.map((kind) => [kind, unread()]));
  }

  /** Which ids of versions before became which; the same array until the list was read again. Empty for one not complete. */
  get renamed(): readonly RenamedDevices[] {
    return this.#renamed;
  }

  async current(): Promise<readonly OpenSensor[]> {
    const now = this.#deps.clock.mono();
    if (now >= this.#due) await this.#check(now, false);
    else if (now >= this.#checkedAt + GONE_MS && this.#sensors.some((sensor) => sensor.isGone)) await this.#check(now, true);
    return this.#sensors;
  }

  close(): void {
    for (const sensor of this.#sensors) sensor.close();
  }

  async #check(now: number, isForced: boolean): Promise<void> {
    this.#checkedAt = now;
    const results: ('changed' | 'same' | 'failed')[] = [];
    for (const [kind, state] of this.#folders) results.push(await this.#checkFolder(kind, state, now, isForced));
    if (results.includes('changed')) this.#open();
    else for (const sensor of this.#sensors) sensor.checkState();
    this.#due = results.includes('failed') ? now : now + CHECK_MS;
  }

  async #checkFolder(kind: SensorFolder, state: FolderState, now: number, isForced: boolean): Promise<'changed' | 'same' | 'failed'> {
    try {
      const entries = await entriesOf(this.#deps.root, kind);
      const joined = entries.join('\n\n');
      const isDue = now - state.readAt >= (state.isComplete ? RELIST_MS : state.retry);
      if (!isForced && !isDue && joined === state.entries) return 'same';
      const { chips, isComplete } = await readChips(this.#deps.root, kind, entries, state.chips);
      const retry = isComplete || joined !== state.entries ? CHECK_MS : Math.min(2 * state.retry, RELIST_MS);
      Object.assign(state, { chips, isComplete, entries: joined, readAt: now, retry } satisfies FolderState);
      return 'changed';
    } catch (error) {
      // What was listed before is still good, and open files stay readable.
      if (state.entries === null && isExhausted(error)) throw error;
      return 'failed';
    }
  }

  /** Sensors that are still there keep what is known of them. */
  #open(): void {
    const folders = [...this.#folders];
    const named = sensorsOf(
      folders.flatMap(([kind, { chips }]) => (kind === 'thermal' ? [] : chips)),
      this.#folders.get('thermal')?.chips ?? [],
    );
    const ids = identify(named.map(({ name }) => name));
    this.close();
    const before = new Map(this.#sensors.map((sensor) => [`${sensor.id}\n${sensor.found.file}`, sensor]));
    this.#sensors = named.map(({ chip, sensor, detail }, i) => {
      const { id, label } = ids[i] ?? { id: sensor.file, label: sensor.label };
      const facts = { id, label, detail, sleepFile: chip.sleepFile, mustRest: () => this.#gates.isClosed(basename(chip.path)), found: sensor };
      return before.get(`${id}\n${sensor.file}`)?.update(facts) ?? new OpenSensor(facts);
    });
    this.#renamed = folders.every(([, { isComplete }]) => isComplete) ? renamedSensors(named.map(({ name }) => name)) : [];
  }
}
