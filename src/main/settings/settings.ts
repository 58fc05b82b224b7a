/** The settings in force, and the one way to change them. */
import { checkInput, describeValidationErrors } from '../../shared/api/validation-errors';
import type { Result } from '../../shared/result';
import { settingsSchema } from '../../shared/settings/settings-schema';
import type { Settings, SettingsPatch } from '../../shared/settings/settings-schema';
import { loadSettings, saveSettings } from './settings-file';
import type { SettingsFileOptions, SettingsQuarantined } from './settings-file';

/** Holds the settings. */
export interface SettingsHolder {
  get(): Settings;
  /** Fields absent from the patch stay as they are. Checks, saves, then puts in force and tells subscribers. When it fails, the old settings stand. */
  update(patch: SettingsPatch): Result<Settings>;
  /** Told after each change; returns the function that ends it. */
  subscribe(listener: (settings: Settings, before: Settings) => void): () => void;
}

/** What `createSettings` gives: the holder, and what there is to report about the file. */
export interface CreatedSettings {
  readonly settings: SettingsHolder;
  readonly quarantined: SettingsQuarantined | null;
  /** Why changes cannot be saved, for a person; null when they can. */
  readonly refusal: string | null;
}

/** The fields that are given. */
function given(patch: object): object {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

/** Of a section, too, the fields that are absent stay. */
function merged(settings: Settings, { alerts, lan, powerControl, ...patch }: SettingsPatch): unknown {
  const section = (before: object, change: object | undefined): object => ({ ...before, ...given(change ?? {}) });
  return { ...settings, ...given(patch), alerts: section(settings.alerts, alerts), lan: section(settings.lan, lan), powerControl: section(settings.powerControl, powerControl) };
}

/** Loads the settings file and holds what it says. */
export function createSettings(options: SettingsFileOptions): CreatedSettings {
  const loaded = loadSettings(options);
  const { refusal } = loaded;
  const listeners = new Set<(settings: Settings, before: Settings) => void>();
  let current = loaded.settings;

  const update = (patch: SettingsPatch): Result<Settings> => {
    if (refusal !== null) return { ok: false, code: 'Unavailable', message: refusal };
    const checked = checkInput(settingsSchema, merged(current, patch));
    if (!checked.success) return { ok: false, code: 'BadInput', message: describeValidationErrors(checked.error) };
    const saved = saveSettings(options.path, checked.data);
    if (!saved.ok) {
      options.log.error('the settings could not be saved', { path: options.path, reason: saved.message });
      return saved;
    }
    const before = current;
    current = checked.data;
    for (const listener of listeners) listener(current, before);
    return { ok: true, value: current };
  };

  const subscribe: SettingsHolder['subscribe'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  return { settings: { get: () => current, update, subscribe }, quarantined: loaded.quarantined, refusal };
}
