/** Lists the temperature sensors in /sys: hwmon chips, and thermal zones that no chip covers. */
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { accessFault } from './faults';
import { isAbsent, optionalTextAsync } from './files';

/** One sensor and the files it is read from. */
export interface Sensor {
  /** Chip and label: stable across reboots, unlike the number of the hwmon folder. */
  readonly id: string;
  readonly label: string;
  readonly detail: string | null;
  /** File with the temperature in millidegrees Celsius. */
  readonly file: string;
  /** File with the power state of the device; null if it has no runtime power management. */
  readonly sleepFile: string | null;
  /** Device limits in millidegrees; null if the driver reports none. */
  readonly high: number | null;
  readonly critical: number | null;
}

/** Chips left out: reading the temperature of a disk keeps it from sleeping. */
const EXCLUDED_CHIPS = new Set(['drivetemp']);

/** Chips by the type of the thermal zone that measures the same. */
const CHIP_OF_ZONE: Readonly<Record<string, string>> = { x86_pkg_temp: 'coretemp' };

/**
 * Names in natural order: `temp2` before `temp10`. Not with Intl.Collator, which loads 5 MB of tables; these are plain
 * ASCII names.
 */
export function inNaturalOrder(names: readonly string[]): string[] {
  const keyed = names.map((name) => ({ name, key: name.replaceAll(/\d+/g, (digits) => digits.padStart(10, '0')) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ name }) => name);
}

/** Entries of a folder in natural order; empty if it is absent. Rejects with a CollectorError. */
export async function entriesOf(folder: string): Promise<string[]> {
  try {
    return inNaturalOrder(await readdir(folder));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw accessFault(error, folder);
  }
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

/** A chip's device path; sorting by it numbers equal chips the same way each time. */
async function devicePathOf(folder: string): Promise<string> {
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
    const nameOrLabel = label === '' ? name : label;
    // Reading limits may wake the device, so a sleeping one is listed without them.
    const high = asleep ? null : wholeNumber(await text('max'));
    const critical = asleep ? null : wholeNumber(await text('crit'));
    sensors.push({ id: `${chip}/${nameOrLabel}`, label: label === '' ? `${chip} ${name}` : label, detail: chip, file: join(folder, entry), sleepFile, high, critical });
  }
  return sensors;
}

async function chipSensors(root: string): Promise<{ chips: Set<string>; sensors: Sensor[] }> {
  const base = join(root, '/sys/class/hwmon');
  const chips = new Set<string>();
  const found: { path: string; sensors: Sensor[] }[] = [];
  for (const entry of await entriesOf(base)) {
    const folder = join(base, entry);
    const chip = await optionalTextAsync(join(folder, 'name'));
    if (chip === null || chip === '' || EXCLUDED_CHIPS.has(chip)) continue;
    chips.add(chip);
    found.push({ path: await devicePathOf(folder), sensors: await sensorsOf(folder, chip) });
  }
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { chips, sensors: found.flatMap((chip) => chip.sensors) };
}

/** Thermal zones that are not chips as well; most are, under their type with `-` replaced by `_`. */
async function zoneSensors(root: string, chips: ReadonlySet<string>): Promise<Sensor[]> {
  const base = join(root, '/sys/class/thermal');
  const sensors: Sensor[] = [];
  for (const entry of await entriesOf(base)) {
    if (!entry.startsWith('thermal_zone')) continue;
    const type = await optionalTextAsync(join(base, entry, 'type'));
    if (type === null || type === '' || chips.has(type.replaceAll('-', '_')) || chips.has(CHIP_OF_ZONE[type] ?? type)) continue;
    sensors.push({ id: `zone/${type}`, label: type, detail: 'thermal zone', file: join(base, entry, 'temp'), sleepFile: null, high: null, critical: null });
  }
  return sensors;
}

/** Appends a number to the second and later sensors of one id. */
function numbered(sensors: readonly Sensor[]): Sensor[] {
  const counts = new Map<string, number>();
  return sensors.map((sensor) => {
    const count = (counts.get(sensor.id) ?? 0) + 1;
    counts.set(sensor.id, count);
    return count === 1 ? sensor : { ...sensor, id: `${sensor.id} ${count}`, label: `${sensor.label} ${count}` };
  });
}

/** All sensors, in an order that does not depend on the order in which drivers were loaded. */
export async function listSensors(root: string): Promise<Sensor[]> {
  const { chips, sensors } = await chipSensors(root);
  return numbered([...sensors, ...(await zoneSensors(root, chips))]);
}

/** Names of the folders the list is made from; if they change, the list must be read again. */
export async function sensorFolders(root: string): Promise<string> {
  const folders = await Promise.all(['/sys/class/hwmon', '/sys/class/thermal'].map((folder) => entriesOf(join(root, folder))));
  return folders.flat().join('\n');
}
