/** The settings file: read, migrated and validated, quarantined when it is invalid, written atomically. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { writeFileAtomically } from '../lib/atomic-file';
import type { Log } from '../engine/log';
import { quarantinePath } from '../engine/quarantine';
import { checkInput, describeValidationErrors } from '../../shared/api/validation-errors';
import { messageOf } from '../../shared/result';
import type { Result } from '../../shared/result';
import { DEFAULT_SETTINGS, SETTINGS_VERSION, settingsSchema } from '../../shared/settings/settings-schema';
import type { Settings } from '../../shared/settings/settings-schema';
import { isObject, migrateSettings } from './migrations';

/** What the settings file needs from outside. */
export interface SettingsFileOptions {
  readonly path: string;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** An invalid settings file that was moved away: its new path, and what was wrong, field by field. */
export interface SettingsQuarantined {
  readonly path: string;
  readonly reason: string;
}

/** The settings, and what was wrong with the file. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly quarantined: SettingsQuarantined | null;
  /** Why nothing may be saved: the file has a newer version, or it could be neither read nor quarantined. Null when saving is allowed. */
  readonly refusal: string | null;
}

/** What the text of a file contains. */
type Parsed =
  | { readonly kind: 'good'; readonly settings: Settings }
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'newer'; readonly version: number };

/** Parses the text of a settings file, migrating it where its version is older. Pure. */
export function parseSettings(text: string): Parsed {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return { kind: 'wrong', reason: `not JSON: ${messageOf(error)}` };
  }
  if (!isObject(found)) return { kind: 'wrong', reason: 'not an object' };
  const { version } = found;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return { kind: 'wrong', reason: 'version: not a whole number from 1' };
  if (version > SETTINGS_VERSION) return { kind: 'newer', version };
  const checked = checkInput(settingsSchema, migrateSettings(found, version));
  return checked.success ? { kind: 'good', settings: checked.data } : { kind: 'wrong', reason: describeValidationErrors(checked.error) };
}

function quarantine({ path, clock, log }: SettingsFileOptions, reason: string): LoadedSettings {
  const target = quarantinePath(path, clock.now());
  try {
    renameSync(path, target);
  } catch (error) {
    const refusal = `${path} is not valid (${reason}) and could not be moved: ${messageOf(error)}`;
    log.error('the settings file is not valid and could not be quarantined', { path, reason, error });
    return { settings: DEFAULT_SETTINGS, quarantined: null, refusal };
  }
  log.error('the settings file was not valid and was quarantined', { path: target, reason });
  return { settings: DEFAULT_SETTINGS, quarantined: { path: target, reason }, refusal: null };
}

/** The text of the file, or null where there is none. */
function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/**
 * Reads the settings. Without a file they are the defaults. An invalid file is moved to a timestamped name, and the
 * defaults apply; one of a newer version, or one that cannot be read, is left alone and never overwritten.
 */
export function loadSettings(options: SettingsFileOptions): LoadedSettings {
  const { path, log } = options;
  let text: string | null;
  try {
    text = readIfThere(path);
  } catch (error) {
    log.error('the settings file cannot be read', { path, error });
    return { settings: DEFAULT_SETTINGS, quarantined: null, refusal: `${path} cannot be read: ${messageOf(error)}` };
  }
  if (text === null) return { settings: DEFAULT_SETTINGS, quarantined: null, refusal: null };
  const parsed = parseSettings(text);
  if (parsed.kind === 'good') return { settings: parsed.settings, quarantined: null, refusal: null };
  if (parsed.kind === 'wrong') return quarantine(options, parsed.reason);
  const refusal = `${path} was written by a newer version of Traywatch (version ${parsed.version}, this one knows ${SETTINGS_VERSION})`;
  log.error('the settings file has a newer version; defaults are used and nothing is saved', { path, version: parsed.version });
  return { settings: DEFAULT_SETTINGS, quarantined: null, refusal };
}

/** Writes the file atomically. Fails with Unavailable and the system's reason. */
export function saveSettings(path: string, settings: Settings): Result<null> {
  try {
    writeFileAtomically(path, `${JSON.stringify(settings, null, 2)}\n`);
    return { ok: true, value: null };
  } catch (error) {
    return { ok: false, code: 'Unavailable', message: `the settings could not be saved: ${messageOf(error)}` };
  }
}
