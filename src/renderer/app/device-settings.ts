/** Names that were chosen for devices, and devices that are ignored: what is set, and how it is changed. */
import type { FamilyId } from '../../shared/metrics/index';
import { toPlainLine } from '../../shared/plain-text';
import { MAX_NAME, settingOf, withDevice } from '../../shared/settings/device-settings';
import type { DeviceSetting } from '../../shared/settings/device-settings';
import { useApp, useAppState } from './app-context';
import { useSettingsUpdate } from './setting-inputs';

const NONE: readonly DeviceSetting[] = [];

/** All that is set; nothing until the settings are known. */
export function useDeviceSettings(): readonly DeviceSetting[] {
  return useAppState(({ state }) => state?.settings.devices ?? NONE);
}

/** Commands that change what is set for a device; `failure` is why the last change could not be saved. */
export interface DeviceCommands {
  readonly failure: string | null;
  /** `label` is what the device is called now; an empty name gives it back what the system calls it. */
  readonly rename: (family: FamilyId, device: string, label: string, name: string) => void;
  readonly ignore: (family: FamilyId, device: string, label: string) => void;
  /** It keeps its name. */
  readonly showAgain: (setting: DeviceSetting) => void;
  /** As if nothing had been set. */
  readonly reset: (setting: DeviceSetting) => void;
}

/** The commands. Only for those who may change settings. */
export function useDeviceCommands(): DeviceCommands {
  const { appState } = useApp();
  const { failure, save } = useSettingsUpdate();
  const saved = (): readonly DeviceSetting[] => appState.getState().state?.settings.devices ?? NONE;
  const set = (setting: DeviceSetting): void => save({ devices: withDevice(saved(), setting) });
  return {
    failure,
    rename(family, device, label, typed) {
      const before = settingOf(saved(), family, device);
      const system = before?.label ?? label;
      const name = toPlainLine(typed).slice(0, MAX_NAME).trim();
      if (name !== label) set({ family, device, label: system, name: name === '' || name === system ? null : name, ignored: false });
    },
    ignore(family, device, label) {
      set({ family, device, label, name: settingOf(saved(), family, device)?.name ?? null, ignored: true });
    },
    showAgain: (setting) => set({ ...setting, ignored: false }),
    reset: (setting) => set({ ...setting, name: null, ignored: false }),
  };
}
