/**
 * Energy counters of processors (RAPL) from /sys/class/powercap (Documentation/power/powercap/powercap.rst of the kernel), and
 * power meters of other chips. Since 2020 the counters are for root alone, because what a program computes can be guessed from
 * them; then they are not read.
 */
import { join } from 'node:path';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { accessFault, errorCodeOf } from './faults';
import { allEnded, HeldFile, isAbsent, namesIn, optionalTextAsync } from './files';
import { ownValue } from './numbers';
import type { OpenSensor } from './open-sensor.linux';
import { powerReading } from './power';
import type { MeterRaw, PowerRaw } from './power';
import { SensorList } from './sensor-list.linux';
import { inNaturalOrder, wholeNumber } from './sensors.linux';

const FOLDER = '/sys/class/powercap';

/** A package or the platform, or a part of a package. `intel-rapl-mmio` counts the same packages once more. AMD uses these names as well. */
const DOMAIN = /^(intel-rapl:\d+)(:\d+)?$/;

/** How often the counters are looked for, and tried again where they may not be read, ms. */
const RELIST_MS = 15 * 60_000;

const DENIED =
  'The processor’s energy counters are for root alone, because other programs could guess secrets from them. To permit a group to read them, write “z /sys/class/powercap/intel-rapl*/energy_uj 0440 root GROUP” into /etc/tmpfiles.d/rapl.conf and restart.';

/** Names of parts in the kernel, and what they are. */
const PARTS: Readonly<Record<string, string>> = { core: 'cores', uncore: 'graphics', dram: 'memory' };

/** A counter before it is opened. */
type Domain = Pick<MeterRaw, 'id' | 'label' | 'of' | 'range'> & { readonly file: string };

/** `package-0` as "Processor 0"; `package-1-die-0` as "Processor 1 die 0". */
const processorLabel = (name: string): string => name.replace(/^package-/, 'Processor ').replace('-die-', ' die ');

/** Describes a domain by its name and that of the package it is a part of; null for the package itself. */
export function describeDomain(name: string, parent: string | null): Pick<MeterRaw, 'id' | 'label' | 'of'> {
  if (parent !== null) return { id: `${parent}/${name}`, label: `${processorLabel(parent)}: ${ownValue(PARTS, name) ?? name}`, of: 'part' };
  if (name === 'psys') return { id: name, label: 'Whole machine', of: 'machine' };
  return name.startsWith('package-') ? { id: name, label: processorLabel(name), of: 'processor' } : { id: name, label: name, of: 'part' };
}

const MICRO = 1e-6;

async function listDomains(root: string): Promise<Domain[]> {
  const folder = join(root, FOLDER);
  const domains: Domain[] = [];
  const names = new Map<string, string>();
  for (const entry of inNaturalOrder(await namesIn(folder))) {
    const [, top, part] = DOMAIN.exec(entry) ?? [];
    const name = top === undefined ? null : await optionalTextAsync(join(folder, entry, 'name'));
    if (top === undefined || name === null || name === '') continue;
    if (part === undefined) names.set(top, name);
    const about = describeDomain(name, part === undefined ? null : (names.get(top) ?? top));
    if (domains.some(({ id }) => id === about.id)) continue;
    const range = wholeNumber(await optionalTextAsync(join(folder, entry, 'max_energy_range_uj')));
    domains.push({ ...about, range: range === null ? null : range * MICRO, file: join(folder, entry, 'energy_uj') });
  }
  return domains;
}

/** Microjoules of a counter; null if it cannot be read, or `denied` if it may not be. */
async function energyOf(file: HeldFile): Promise<number | 'denied' | null> {
  try {
    return wholeNumber((await file.readTextAsync()).trim());
  } catch (error) {
    if (['EACCES', 'EPERM'].includes(errorCodeOf(error) ?? '')) return 'denied';
    if (isAbsent(error)) return null;
    throw accessFault(error, file.path);
  }
}

/** A counter with its open file. */
interface Counter {
  readonly domain: Domain;
  readonly file: HeldFile;
}

/** The counters; those that may not be read are tried again each quarter of an hour. */
class Counters {
  readonly #deps: Pick<SystemDeps, 'root' | 'clock'>;
  #counters: readonly Counter[] = [];
  #isDenied = false;
  #due = Number.NEGATIVE_INFINITY;

  constructor(deps: Pick<SystemDeps, 'root' | 'clock'>) {
    this.#deps = deps;
  }

  async read(): Promise<PowerRaw> {
    const now = this.#deps.clock.mono();
    if (now >= this.#due) await this.#list(now);
    const energies = this.#isDenied ? [] : await allEnded(this.#counters.map(({ file }) => energyOf(file)));
    if (energies.length > 0) this.#isDenied = energies.every((energy) => energy === 'denied');
    if (this.#isDenied) return { meters: [], note: DENIED };
    const meters = this.#counters.map(({ domain: { id, label, of, range } }, i): MeterRaw => {
      const energy = energies[i];
      return { id, label, of, range, joules: typeof energy === 'number' ? energy * MICRO : null };
    });
    return { meters };
  }

  close(): void {
    for (const { file } of this.#counters) file.close();
  }

  async #list(now: number): Promise<void> {
    const domains = await listDomains(this.#deps.root);
    this.close();
    this.#counters = domains.map((domain) => ({ domain, file: new HeldFile(domain.file, 64) }));
    this.#due = now + RELIST_MS;
    this.#isDenied = false;
  }
}

/** No meter shows more, watts. */
const MOST_WATTS = 20_000;

/** A meter of a chip: a power supply, a board. */
async function meterOf(sensor: OpenSensor): Promise<MeterRaw> {
  const { id, label, detail } = sensor.facts;
  const microwatts = await sensor.readInput();
  const watts = microwatts === null ? null : microwatts * MICRO;
  return { id, label, detail, of: 'part', joules: null, range: null, watts: watts !== null && watts >= 0 && watts <= MOST_WATTS ? watts : null, isAsleep: sensor.isAsleep };
}

/** Reads counters and meters. */
export function linuxPower(deps: Pick<SystemDeps, 'root' | 'clock'>): Collector<'power', PowerRaw> {
  const counters = new Counters(deps);
  const chips = new SensorList(deps, { folders: ['power'] });
  return {
    family: 'power',
    read: async () => {
      const { meters, ...rest } = await counters.read();
      const found = await allEnded((await chips.current()).map(meterOf));
      return { meters: [...meters, ...found], ...rest };
    },
    toReading: powerReading,
    close: () => {
      counters.close();
      chips.close();
    },
  };
}
