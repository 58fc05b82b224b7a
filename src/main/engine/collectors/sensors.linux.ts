/**
 * Lists the temperature sensors in /sys: hwmon chips, and thermal zones that no chip covers. A chip, a zone or an attribute
 * that cannot be read never hides another one.
 */
import { readlink, realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { isAbsent, isExhausted, namesIn, optionalTextAsync } from './files';
import { placeOf, shortHash } from './hardware-place';
import type { Place } from './hardware-place';
import { busFacts } from './place-facts.linux';

/** An input of a chip, or a thermal zone, and the files it is read from. */
export interface FoundSensor {
  /** `temp1`; type of a zone. */
  readonly name: string;
  /** Empty if the driver has none. */
  readonly label: string;
  /** File with the temperature in millidegrees Celsius. */
  readonly file: string;
  /** Files that say whether the value means anything: `fault` is 1 for an input without a sensor, `enable` 0 for one switched off. */
  readonly faultFile: string | null;
  readonly enableFile: string | null;
  /** File that is 1 for a fan that has failed; null for what is no fan, and where its chip does not say so. */
  readonly failedFile: string | null;
  /** Device limits in millidegrees; null if the driver reports none. */
  readonly high: number | null;
  readonly critical: number | null;
}

/** A chip, or a thermal zone. */
export interface FoundChip {
  /** The entry of the class it was found as, with the device that led to (`entriesOf`). */
  readonly entry: string;
  /** Name of the driver; type of a zone. */
  readonly name: string;
  /** Path of its device: chips in this order are numbered the same way each time. */
  readonly path: string;
  readonly place: Place | null;
  readonly serial: string | null;
  /** File with the power state of the device; null if it has no runtime power management. */
  readonly sleepFile: string | null;
  readonly sensors: readonly FoundSensor[];
}

/** The chips of one folder; not complete where one of them could not be read, and is missing or as it was before. */
export interface ChipList {
  readonly chips: readonly FoundChip[];
  readonly isComplete: boolean;
}

/** Chips left out: reading the temperature of a disk keeps it from sleeping. */
const EXCLUDED_CHIPS = new Set(['drivetemp']);

/** Chips of graphics cards: their fans and their power are told with the card, which is not woken for them. */
const GRAPHICS_CHIPS = new Set(['amdgpu', 'i915', 'nouveau', 'nvidia', 'radeon', 'xe']);

/**
 * Names in natural order: `temp2` before `temp10`. Not with Intl.Collator, which loads 5 MB of tables; these are plain
 * ASCII names.
 */
export function inNaturalOrder(names: readonly string[]): string[] {
  const keyed = names.map((name) => ({ name, key: name.replaceAll(/\d+/g, (digits) => digits.padStart(10, '0')) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ name }) => name);
}

/** The text as an integer; null if it is none. */
export function wholeNumber(text: string | null): number | null {
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}

/** True while a device is suspended by runtime power management. */
export async function isAsleep(sleepFile: string): Promise<boolean> {
  const status = await optionalTextAsync(sleepFile);
  return status === 'suspended' || status === 'suspending';
}

async function sleepFileOf(folder: string): Promise<string | null> {
  const file = join(folder, 'device/power/runtime_status');
  const status = await optionalTextAsync(file);
  return status === null || status === 'unsupported' ? null : file;
}

/** The path a link leads to, even if nothing is there; null if it is no link and nothing is there. */
async function targetOf(path: string): Promise<string | null> {
  for (const find of [realpath, async (link: string) => resolve(link, '..', await readlink(link))]) {
    try {
      return await find(path);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
  return null;
}

/** Serial number of the device; that of an NVMe drive is in a folder of its own where an older kernel names the PCI device. */
async function serialOf(device: string): Promise<string | null> {
  const [controller] = await namesIn(join(device, 'nvme')).catch(() => []);
  const found = (await optionalTextAsync(join(device, 'serial'))) ?? (controller === undefined ? null : await optionalTextAsync(join(device, 'nvme', controller, 'serial')));
  // The number itself must not be readable from an id.
  return found === null || found === '' ? null : shortHash(found);
}

/** Where a chip or a zone is plugged in. `base` is the folder of its class. */
async function hardwareOf(root: string, base: string, folder: string): Promise<Pick<FoundChip, 'path' | 'place' | 'serial'>> {
  const device = join(folder, 'device');
  const path = (await targetOf(device)) ?? folder;
  const [top, here] = [(await targetOf(root)) ?? root, (await targetOf(base)) ?? base];
  const hardware = path === folder ? ((await targetOf(folder)) ?? folder) : path;
  // A folder that is in the class itself, and no link out of it, says nothing about the hardware.
  const isPlaced = !hardware.startsWith(`${here}/`);
  const parts = relative(top, hardware).replace(/^sys\/(?:devices\/)?/, '').split('/');
  const place = isPlaced ? placeOf(parts, await busFacts(hardware, parts)) : null;
  return { path, place, serial: await serialOf(device) };
}

async function sensorsIn(folder: string, input: RegExp, isAwake: boolean, before: FoundChip | undefined): Promise<{ sensors: FoundSensor[]; isComplete: boolean }> {
  const entries = await namesIn(folder);
  const sensors: FoundSensor[] = [];
  let isComplete = true;
  for (const entry of inNaturalOrder(entries)) {
    const name = input.exec(entry)?.[1];
    // Some meters tell both their mean power and that of now.
    if (name === undefined || sensors.some((sensor) => sensor.name === name)) continue;
    const text = (part: string): Promise<string | null> => optionalTextAsync(join(folder, `${name}_${part}`));
    const fileOf = (part: string): string | null => (entries.includes(`${name}_${part}`) ? join(folder, `${name}_${part}`) : null);
    const isFan = name.startsWith('fan');
    const label = await text('label');
    if (label === null && fileOf('label') !== null) isComplete = false;
    sensors.push({
      name,
      label: label ?? before?.sensors.find((sensor) => sensor.name === name)?.label ?? '',
      file: join(folder, entry),
      // The flag of a fan is about the fan itself, which has failed, and not about its input.
      faultFile: isFan ? null : fileOf('fault'),
      failedFile: isFan ? fileOf('fault') : null,
      enableFile: fileOf('enable'),
      // Reading limits may wake the device, so a sleeping one is listed without them.
      high: isAwake ? wholeNumber(await text('max')) : null,
      critical: isAwake ? wholeNumber(await text('crit')) : null,
    });
  }
  return { sensors, isComplete };
}

/** What a chip is read from: the folder of its class, the entry in it, and the chip as it was before. */
interface ChipParts {
  readonly root: string;
  readonly base: string;
  readonly entry: string;
  readonly before: FoundChip | undefined;
}

/** No chip with sensors. */
const NONE: ChipList = { chips: [], isComplete: true };

const folderOf = ({ base, entry }: ChipParts): string => join(base, entry.split('\n')[0] ?? '');

/**
 * The folder that has the attributes of a chip, and its name: that of the class, or, with drivers and kernels of the older
 * kind (applesmc, all before 3.15), that of the device. Rejects if the folder cannot be read.
 */
async function attributesOf(folder: string): Promise<{ home: string; name: string | null }> {
  for (const home of [folder, join(folder, 'device')]) {
    const name = await optionalTextAsync(join(home, 'name'));
    if (name !== null) return { home, name };
    if (home === folder && (await namesIn(home)).includes('name')) throw new Error(`${home}/name cannot be read`);
  }
  return { home: folder, name: null };
}

/** Files of inputs: temperatures in millidegrees, speeds of fans in revolutions per minute, power in microwatts. */
const INPUTS = { temperature: /^(temp\d+)_input$/, fan: /^(fan\d+)_input$/, power: /^(power\d+)_(?:input|average)$/ } as const;

/** Rejects if the chip's folder cannot be read. */
async function readChip(parts: ChipParts, input: RegExp): Promise<ChipList> {
  const folder = folderOf(parts);
  const { home, name } = await attributesOf(folder);
  if (name === null || name === '' || EXCLUDED_CHIPS.has(name)) return NONE;
  if (input !== INPUTS.temperature && GRAPHICS_CHIPS.has(name)) return NONE;
  const sleepFile = await sleepFileOf(folder);
  const isAwake = sleepFile === null || !(await isAsleep(sleepFile));
  const { sensors, isComplete } = await sensorsIn(home, input, isAwake, parts.before);
  // Only zones are compared with chips that have no input.
  if (sensors.length === 0 && input !== INPUTS.temperature) return { ...NONE, isComplete };
  const hardware = await hardwareOf(parts.root, parts.base, folder);
  // A battery, which newer kernels list as a chip as well, is told with the batteries.
  if (input === INPUTS.power && hardware.path.includes('/power_supply/')) return { ...NONE, isComplete };
  return { chips: [{ entry: parts.entry, name, ...hardware, sleepFile, sensors }], isComplete };
}

/** A thermal zone as a chip with one sensor. */
async function readZone(parts: ChipParts): Promise<ChipList> {
  const folder = folderOf(parts);
  if (!parts.entry.startsWith('thermal_zone')) return NONE;
  const name = await optionalTextAsync(join(folder, 'type'));
  if (name === null) throw new Error(`${folder}/type cannot be read`);
  if (name === '') return NONE;
  const sensor = { name, label: name, file: join(folder, 'temp'), faultFile: null, enableFile: null, failedFile: null, high: null, critical: null };
  return { chips: [{ entry: parts.entry, name, ...(await hardwareOf(parts.root, parts.base, folder)), sleepFile: null, sensors: [sensor] }], isComplete: true };
}

/** The folders that sensors are listed from, and how an entry of each is read. */
const FOLDERS = {
  hwmon: { path: '/sys/class/hwmon', read: (parts: ChipParts) => readChip(parts, INPUTS.temperature) },
  fans: { path: '/sys/class/hwmon', read: (parts: ChipParts) => readChip(parts, INPUTS.fan) },
  power: { path: '/sys/class/hwmon', read: (parts: ChipParts) => readChip(parts, INPUTS.power) },
  thermal: { path: '/sys/class/thermal', read: readZone },
} as const;

/** Name of a folder that sensors are listed from. */
export type SensorFolder = keyof typeof FOLDERS;

/**
 * The entries of a folder, each with the device it leads to: they change when the chips do, although numbers are given anew.
 * Rejects with a CollectorError where the folder cannot be read.
 */
export async function entriesOf(root: string, kind: SensorFolder): Promise<readonly string[]> {
  const base = join(root, FOLDERS[kind].path);
  const names = inNaturalOrder(await namesIn(base));
  return Promise.all(names.map(async (name) => `${name}\n${await readlink(join(base, name)).catch(() => '')}`));
}

/** Reads the chips of all entries; one that cannot be read is as it was in `before`. */
export async function readChips(root: string, kind: SensorFolder, entries: readonly string[], before: readonly FoundChip[]): Promise<ChipList> {
  const { path, read } = FOLDERS[kind];
  const chips: FoundChip[] = [];
  let isComplete = true;
  for (const entry of entries) {
    const known = before.find((chip) => chip.entry === entry);
    try {
      const found = await read({ root, base: join(root, path), entry, before: known });
      chips.push(...found.chips);
      isComplete &&= found.isComplete;
    } catch (error) {
      if (isExhausted(error)) throw error;
      isComplete = false;
      if (known !== undefined) chips.push(known);
    }
  }
  return { chips, isComplete };
}
