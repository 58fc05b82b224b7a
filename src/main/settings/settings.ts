/** The effective settings, and the one way to change them. */
import { checkInput, describeValidationErrors } from '../../shared/api/validation-errors';
import type { Result } from '../../shared/result';
import { settingsSchema } from '../../shared/settings/settings-schema';
import type { Settings, SettingsPatch } from '../../shared/settings/settings-schema';
import { ownFile } from '../lib/owned-file';
import type { OwnedFile } from '../lib/owned-file';
import { loadSettings, saveSettings } from './settings-file';
import type { SettingsFileOptions, SettingsQuarantined } from './settings-file';

/** The effective settings of this run. */
export interface SettingsHolder {
  get(): Settings;
  /** False while settings of an earlier file are missing: what belongs to them must not be cleaned up (settings-file.ts). */
  readonly isComplete: boolean;
  /** Fields absent from the patch stay as they are. Validates, saves, then applies and calls the subscribers. Where that fails the old settings stay in effect. */
  update(patch: SettingsPatch): Result<Settings>;
  /** Calls back after each change; returns the function that ends it. */
  subscribe(listener: (settings: Settings, before: Settings) => void): () => void;
}

/** The settings, and what there is to report about the file. */
export interface CreatedSettings {
  readonly settings: SettingsHolder;
  readonly quarantined: SettingsQuarantined | null;
  /** Why changes cannot be saved, as text for the user; null when they can. */
  readonly refusal: string | null;
}

/** The fields that are not undefined. */
function defined(patch: object): object {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

/** The settings with the patch applied; within a section, too, absent fields stay as they are. */
function merged(settings: Settings, { alerts, lan, powerControl, containers, ...patch }: SettingsPatch): unknown {
  const section = (before: object, change: object | undefined): object => ({ ...before, ...defined(change ?? {}) });
  return { ...settings, ...defined(patch), alerts: section(settings.alerts, alerts), lan: section(settings.lan, lan), powerControl: section(settings.powerControl, powerControl), containers: section(settings.containers, containers) };
}

/** What the settings need. */
export interface SettingsOptions extends SettingsFileOptions {
  /** Called at each attempt to save: with text for the user where another program has changed the file, and nothing was saved; otherwise with null. */
  onForeignChange?(message: string | null): void;
  /** The file at `path`, for tests. */
  readonly file?: OwnedFile;
}

/** Loads the settings file. */
export function createSettings(options: SettingsOptions): CreatedSettings {
  const { file = ownFile(options.path) } = options;
  const loaded = loadSettings(options, file);
  const { refusal, isComplete } = loaded;
  const listeners = new Set<(settings: Settings, before: Settings) => void>();
  let current = loaded.settings;

  const update = (patch: SettingsPatch): Result<Settings> => {
    if (refusal !== null) return { ok: false, code: 'Unavailable', message: refusal };
    const checked = checkInput(settingsSchema, merged(current, patch));
    if (!checked.success) return { ok: false, code: 'BadInput', message: describeValidationErrors(checked.error) };
    const saved = saveSettings(file, checked.data);
    options.onForeignChange?.(saved.kind === 'changed' ? saved.message : null);
    if (saved.kind !== 'saved') {
      options.log.error('the settings could not be saved', { path: options.path, reason: saved.message });
      return { ok: false, code: 'Unavailable', message: saved.message };
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

  return { settings: { get: () => current, isComplete, update, subscribe }, quarantined: loaded.quarantined, refusal };
}
