/**
 * Gives devices the names that a person has chosen for them, and leaves ignored ones out. Applied to each batch before
 * anything else sees it, so that no other part of the app knows of either. Sums of the machine stay as they were read, since
 * they are of the whole machine; the highest value of its devices is that of the devices that are left, and so is their count.
 * Batteries alone are left out by their collector, which knows what each of them holds. Pure.
 */
import { familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { DeviceReading, Reading, SampleBatch, Value } from '../../../shared/metrics/reading';
import type { DeviceSetting } from '../../../shared/settings/device-settings';
import { countOf, emptyRecord, maxOf } from '../collectors/numbers';

/** What is set for the devices of one family, by id. */
type FamilyOverrides = ReadonlyMap<string, Pick<DeviceSetting, 'name' | 'ignored'>>;

/** The same for all families that have any. */
type DeviceOverrides = ReadonlyMap<FamilyId, FamilyOverrides>;

/** The settings, by family and id. */
export function toOverrides(settings: readonly DeviceSetting[]): DeviceOverrides {
  const overrides = new Map<FamilyId, Map<string, DeviceSetting>>();
  for (const setting of settings) overrides.set(setting.family, (overrides.get(setting.family) ?? new Map<string, DeviceSetting>()).set(setting.device, setting));
  return overrides;
}

/** Ids of the devices of a family that are ignored. */
export function ignoredIn(family: FamilyId, settings: readonly DeviceSetting[]): ReadonlySet<string> {
  return new Set(settings.filter((setting) => setting.family === family && setting.ignored).map(({ device }) => device));
}

/** The families whose devices are set otherwise in one than in the other. */
export function changedFamilies(before: readonly DeviceSetting[], now: readonly DeviceSetting[]): ReadonlySet<FamilyId> {
  const textsOf = (settings: readonly DeviceSetting[]): Map<string, FamilyId> => new Map(settings.map((setting) => [JSON.stringify(setting), setting.family]));
  const [were, are] = [textsOf(before), textsOf(now)];
  return new Set([...[...were].filter(([text]) => !are.has(text)), ...[...are].filter(([text]) => !were.has(text))].map(([, family]) => family));
}

/** A renamed device still says what the system calls it, before its detail. */
function renamed(device: DeviceReading, name: string): DeviceReading {
  return { ...device, label: name, detail: device.detail === undefined ? device.label : `${device.label}, ${device.detail}` };
}

/** The machine's values that are the highest of its devices, or count them: of those that are left. */
function valuesOfDevices(family: FamilyId, devices: Reading['devices']): Record<string, Value> {
  const values: Record<string, Value> = {};
  const left = Object.values(devices);
  for (const [metric, { highestOf, countOf: counted }] of Object.entries(familyOf(family).metrics)) {
    if (highestOf !== undefined) values[metric] = maxOf(left.map((device) => device.values[highestOf] ?? null));
    if (counted !== undefined) values[metric] = countOf(left.map((device) => counted.map((name) => device.values[name] ?? null)));
  }
  return values;
}

/** The note about what is left: none of devices that cannot be read where one of these is ignored, as those say it themselves. */
function noteOf(family: FamilyId, reading: Reading, left: number, ignored: readonly DeviceReading[]): Pick<Reading, 'note'> {
  const { plural } = familyOf(family).device;
  if (left === 0) return { note: `${plural} are ignored. Bring them back under Settings → Monitoring.` };
  const { note } = reading;
  return note === undefined || ignored.some(({ fault }) => fault !== undefined) ? {} : { note };
}

/** A reading with the names of its devices, and without those that are ignored, which it names; the same object where none of them is set. */
export function overridden(family: FamilyId, reading: Reading, overrides: FamilyOverrides): Reading {
  const ids = [...overrides].filter(([, { ignored }]) => ignored).map(([id]) => id);
  // A collector may have left out the ignored ones already.
  const named = ids.length === 0 ? reading : { ...reading, ignored: ids };
  return [...overrides.keys()].some((id) => Object.hasOwn(reading.devices, id)) ? withDevices(family, named, overrides) : named;
}

function withDevices(family: FamilyId, reading: Reading, overrides: FamilyOverrides): Reading {
  const devices = emptyRecord<DeviceReading>();
  const ignored: DeviceReading[] = [];
  for (const [id, device] of Object.entries(reading.devices)) {
    const override = overrides.get(id);
    if (override?.ignored === true) ignored.push(device);
    else devices[id] = override === undefined || override.name === null ? device : renamed(device, override.name);
  }
  if (ignored.length === 0) return { ...reading, devices };
  const { note: _note, ...rest } = reading;
  return { ...rest, devices, values: { ...reading.values, ...valuesOfDevices(family, devices) }, ...noteOf(family, reading, Object.keys(devices).length, ignored) };
}

/** The batch with what is set for devices; the same object where nothing is. */
export function overriddenBatch(batch: SampleBatch, overrides: DeviceOverrides): SampleBatch {
  const readings: Partial<Record<FamilyId, Reading>> = { ...batch.readings };
  let isSame = true;
  for (const [family, ofFamily] of overrides) {
    const before = batch.readings[family];
    if (before === undefined) continue;
    const reading = overridden(family, before, ofFamily);
    if (reading === before) continue;
    readings[family] = reading;
    isSame = false;
  }
  return isSame ? batch : Object.freeze({ ...batch, readings });
}
