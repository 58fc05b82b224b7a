/**
 * Ids and labels of temperature sensors. An id says where the hardware is, so that it stays the same whatever other chips are
 * there; versions before numbered equal chips by their order, and their ids are still derived to continue what was stored
 * under them. Pure.
 */
import type { RenamedDevices } from '../../../shared/metrics/reading';
import { emptyRecord } from './numbers';
import type { Place } from './hardware-place';

/** What an id is made from. Sensors without a place can only be distinguished by their order. */
export interface SensorName {
  /** Name of the chip, or `zone` for a thermal zone. */
  readonly chip: string;
  /** Label, name of the input (`temp1`) where it has none, or type of the zone. */
  readonly name: string;
  readonly place: Place | null;
  /** Number made from the device's serial number; null if it has none. Another device at the same place is another device. */
  readonly serial: string | null;
  readonly label: string;
}

/** An id and a label, one for each sensor. */
export interface SensorId {
  readonly id: string;
  readonly label: string;
}

/**
 * Wi-Fi chips are named after the number of their radio, which depends on the order in which drivers were loaded, and those
 * of network sockets after the number of their PCI bus, which depends on the other cards.
 */
function chipAt({ chip, place }: SensorName): string {
  return place === null ? chip : chip.replace(/^(iwlwifi)_\d+$|_phy\d+$|_[0-9a-f]+_[0-9a-f]+:[0-9a-f]+$/, '$1');
}

/** Id of a sensor as versions before stored it, without the number. */
function formerId({ chip, name }: SensorName): string {
  return `${chip}/${name}`;
}

function stableId(sensor: SensorName): string {
  const parts = [chipAt(sensor), sensor.place?.id, sensor.serial].filter((part) => part !== undefined && part !== null);
  return `${parts.join(' ')}/${sensor.name}`;
}

/** Appends a number to the second and later ones of each text. */
function numbered(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return texts.map((text) => {
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return count === 1 ? text : `${text} ${count}`;
  });
}

/** Labels of sensors that have the same one, of the same kind of chip, also say where they are. */
function labelsOf(sensors: readonly SensorName[]): string[] {
  const counts = new Map<string, number>();
  for (const sensor of sensors) counts.set(formerId(sensor), (counts.get(formerId(sensor)) ?? 0) + 1);
  const labels = sensors.map((sensor) => (sensor.place === null || counts.get(formerId(sensor)) === 1 ? sensor.label : `${sensor.label} (${sensor.place.text})`));
  // Equal labels of different kinds of chips stay: the detail distinguishes them.
  const distinct = numbered(labels.map((label, i) => `${sensors[i]?.chip}\n${label}`));
  return distinct.map((text) => text.slice(text.indexOf('\n') + 1));
}

/** The ids of sensors, which must be in the order of their devices' paths. */
export function identify(sensors: readonly SensorName[]): SensorId[] {
  const ids = numbered(sensors.map(stableId));
  const labels = labelsOf(sensors);
  return ids.map((id, i) => ({ id, label: labels[i] ?? id }));
}

/**
 * Which ids of versions before became which: a group for each set of sensors that were distinguished by a number. Only for a
 * complete list, as a missing sensor would have changed the numbers.
 */
export function renamedSensors(sensors: readonly SensorName[]): RenamedDevices[] {
  const groups = new Map<string, { renamed: Record<string, string>; count: number; isSame: boolean }>();
  const before = numbered(sensors.map(formerId));
  const now = numbered(sensors.map(stableId));
  sensors.forEach((sensor, i) => {
    const group = groups.get(formerId(sensor)) ?? { renamed: emptyRecord<string>(), count: 0, isSame: true };
    const [from, to] = [before[i] ?? '', now[i] ?? ''];
    group.renamed[from] = to;
    group.count += 1;
    if (from !== to) group.isSame = false;
    groups.set(formerId(sensor), group);
  });
  return [...groups].flatMap(([former, { renamed, count, isSame }]) => (isSame ? [] : [{ renamed, unless: `${former} ${count + 1}` }]));
}
