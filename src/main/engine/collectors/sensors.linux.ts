/** Which temperature sensors /sys has: hwmon chips, and thermal zones that no chip covers. */
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { accessFault } from './faults';
import { isAbsent, optionalTextAsync } from './files';

/** One sensor and where it is read. */
export interface Sensor {
  /** Chip and label: the same after a reboot, unlike the number of the hwmon folder. */
  readonly id: string;
  readonly label: string;
  readonly detail: string | null;
  /** Holds millidegrees. */
  readonly file: string;
  /** Tells whether the device sleeps; null when it never does. */
  readonly sleepFile: string | null;
  /** Millidegrees; null where the driver has no such mark. */
  readonly high: number | null;
  readonly critical: number | null;
}

/** Asking a sleeping disk for its temperature keeps it awake. */
const LEFT_OUT = new Set(['drivetemp']);

/** Chips that measure the same as a thermal zone of another name. */
const COVERED: Readonly<Record<string, string>> = { x86_pkg_temp: 'coretemp' };

/**
 * Names in the order of the numbers in them: `temp2` before `temp10`. By hand: these are the kernel's plain names, and
 * the collation of a language takes 5 MB of tables into memory.
 */
export function inNaturalOrder(names: readonly string[]): string[] {
  const keyed = names.map((name) => ({ name, key: name.replaceAll(/\d+/g, (digits) => digits.padStart(10, '0')) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ name }) => name);
}

/** Entries of a folder; none when there is no such folder. Throws a CollectorError when it may not be read. */
export async function entriesOf(folder: string): Promise<string[]> {
  try {
    return inNaturalOrder(await readdir(folder));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw accessFault(error, folder);
  }
}

/** A whole number, or null when the text is none. */
export function wholeNumber(text: string | null): number | null {
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}

/** True while a device with power management of its own is switched off. */
export async function isAsleep(sleepFile: string): Promise<boolean> {
  const status = await optionalTextAsync(sleepFile);
  return status === 'suspended' || status === 'suspending';
}

async function sleepFileOf(folder: string): Promise<string | null> {
  const file = join(folder, 'device/power/runtime_status');
  const status = await optionalTextAsync(file);
  return status === null || status === 'unsupported' ? null : file;
}

/** A chip's place on its bus; sorting by it numbers equal chips the same way each time. */
async function placeOf(folder: string): Promise<string> {
  try {
    return await realpath(join(folder, 'device'));
  } catch (error) {
    if (isAbsent(error)) return folder;
    throw accessFault(error, folder);
  }
}

async function sensorsOf(folder: string, chip: string): Promise<Sensor[]> {
  const sleepFile = await sleepFileOf(folder);
  const asleep = sleepFile !== null && (await isAsleep(sleepFile));
  const sensors: Sensor[] = [];
  for (const entry of await entriesOf(folder)) {
    const name = /^(temp\d+)_input$/.exec(entry)?.[1];
    if (name === undefined) continue;
    const text = (part: string): Promise<string | null> => optionalTextAsync(join(folder, `${name}_${part}`));
    const label = (await text('label')) ?? '';
    const own = label === '' ? name : label;
    // Marks may need the device itself, so a sleeping one is listed without them.
    const high = asleep ? null : wholeNumber(await text('max'));
    const critical = asleep ? null : wholeNumber(await text('crit'));
    sensors.push({ id: `${chip}/${own}`, label: label === '' ? `${chip} ${name}` : label, detail: chip, file: join(folder, entry), sleepFile, high, critical });
  }
  return sensors;
}

async function chipSensors(root: string): Promise<{ chips: Set<string>; sensors: Sensor[] }> {
  const base = join(root, '/sys/class/hwmon');
  const chips = new Set<string>();
  const found: { place: string; sensors: Sensor[] }[] = [];
  for (const entry of await entriesOf(base)) {
    const folder = join(base, entry);
    const chip = await optionalTextAsync(join(folder, 'name'));
    if (chip === null || chip === '' || LEFT_OUT.has(chip)) continue;
    chips.add(chip);
    found.push({ place: await placeOf(folder), sensors: await sensorsOf(folder, chip) });
  }
  found.sort((a, b) => (a.place < b.place ? -1 : 1));
  return { chips, sensors: found.flatMap((chip) => chip.sensors) };
}

/** Most zones appear among the chips too, under their type with `-` made `_`. */
async function zoneSensors(root: string, chips: ReadonlySet<string>): Promise<Sensor[]> {
  const base = join(root, '/sys/class/thermal');
  const sensors: Sensor[] = [];
  for (const entry of await entriesOf(base)) {
    if (!entry.startsWith('thermal_zone')) continue;
    const type = await optionalTextAsync(join(base, entry, 'type'));
    if (type === null || type === '' || chips.has(type.replaceAll('-', '_')) || chips.has(COVERED[type] ?? type)) continue;
    sensors.push({ id: `zone/${type}`, label: type, detail: 'thermal zone', file: join(base, entry, 'temp'), sleepFile: null, high: null, critical: null });
  }
  return sensors;
}

/** Gives the second and later ones of an id a number. */
function numbered(sensors: readonly Sensor[]): Sensor[] {
  const counts = new Map<string, number>();
  return sensors.map((sensor) => {
    const count = (counts.get(sensor.id) ?? 0) + 1;
    counts.set(sensor.id, count);
    return count === 1 ? sensor : { ...sensor, id: `${sensor.id} ${count}`, label: `${sensor.label} ${count}` };
  });
}

/** All sensors, in an order that does not depend on the order of loading drivers. */
export async function listSensors(root: string): Promise<Sensor[]> {
  const { chips, sensors } = await chipSensors(root);
  return numbered([...sensors, ...(await zoneSensors(root, chips))]);
}

/** The folders the list was made from; a change of these calls for a new list. */
export async function sensorFolders(root: string): Promise<string> {
  const folders = await Promise.all(['/sys/class/hwmon', '/sys/class/thermal'].map((folder) => entriesOf(join(root, folder))));
  return folders.flat().join('\n');
}
