/** The list of devices that have another name or are ignored, without its schema, so that a page can use it. Pure. */
import type { FamilyId } from '../metrics/index';

/** Limits: number of devices, letters of a name, and of the label that is kept beside it. */
export const MAX_DEVICES = 200;
export const MAX_NAME = 60;
export const MAX_LABEL = 200;

/** One device that has another name or is ignored. */
export interface DeviceSetting {
  readonly family: FamilyId;
  /** Id of the device. */
  readonly device: string;
  /** What the system calls it: no reading tells that while it has another name or is ignored. */
  readonly label: string;
  /** Null: what the system calls it. */
  readonly name: string | null;
  readonly ignored: boolean;
}

/** What is set for a device; undefined for nothing. */
export function settingOf(settings: readonly DeviceSetting[], family: FamilyId, device: string): DeviceSetting | undefined {
  return settings.find((one) => one.family === family && one.device === device);
}

/**
 * The list with this setting in the place of the device's former one, whose label it keeps: a reading tells the chosen name.
 * One without a name that is not ignored leaves the list.
 */
export function withDevice(settings: readonly DeviceSetting[], setting: DeviceSetting): DeviceSetting[] {
  const former = settingOf(settings, setting.family, setting.device);
  const others = settings.filter((other) => other !== former);
  if (setting.name === null && !setting.ignored) return others;
  return [...others, { ...setting, label: (former ?? setting).label.slice(0, MAX_LABEL) }];
}
