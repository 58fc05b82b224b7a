/** The settings file: read, migrated and validated, quarantined when it is invalid, written atomically. */
import { newestQuarantined } from '../engine/quarantine';
import type { Log } from '../engine/log';
import { ForeignChangeError, ownFile } from '../lib/owned-file';
import type { OwnedFile } from '../lib/owned-file';
import { isAbsence } from '../lib/regular-file';
import { checkInput, describeValidationErrors } from '../../shared/api/validation-errors';
import { messageOf } from '../../shared/result';
import { DEFAULT_SETTINGS, SETTINGS_VERSION, settingsSchema } from '../../shared/settings/settings-schema';
import type { Settings } from '../../shared/settings/settings-schema';
import { FALLBACK_SETTINGS } from './fallback-settings';
import { isObject, migrateSettings } from './migrations';

/** What the settings file needs from outside. */
export interface SettingsFileOptions {
  readonly path: string;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** An invalid settings file that was moved away. */
export interface SettingsQuarantined {
  /** Its new path. */
  readonly path: string;
  /** What was wrong, field by field; null where an earlier run moved it and no settings were saved since. */
  readonly reason: string | null;
}

/** The settings, and what was wrong with the file. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly quarantined: SettingsQuarantined | null;
  /** Why nothing may be saved: the file has a newer version, or it could be neither read nor quarantined. Null when saving is allowed. */
  readonly refusal: string | null;
  /**
   * False while settings of an earlier file are missing here: it could not be read, or is quarantined beside this one. What
   * belongs to them, such as the URL of a webhook, must not be cleaned up then.
   */
  readonly isComplete: boolean;
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

const NOT_SAVED = { quarantined: null, isComplete: false } as const;

/** Nothing may be saved: the file is left as it is. */
function refused(refusal: string): LoadedSettings {
  return { settings: FALLBACK_SETTINGS, refusal, ...NOT_SAVED };
}

function quarantine({ path, clock, log }: SettingsFileOptions, file: OwnedFile, reason: string): LoadedSettings {
  let target: string;
  try {
    target = file.quarantine(clock.now());
  } catch (error) {
    log.error('the settings file is not valid and could not be quarantined', { path, reason, error });
    return refused(`${path} is not valid (${reason}) and could not be moved: ${messageOf(error)}`);
  }
  log.error('the settings file was not valid and was quarantined', { path: target, reason });
  return { settings: FALLBACK_SETTINGS, quarantined: { path: target, reason }, refusal: null, isComplete: false };
}

/** An invalid file beside this one that an earlier run moved; null where there is none, and where the folder is missing. */
function earlierQuarantined(path: string): string | null {
  try {
    return newestQuarantined(path);
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

/** True also where the folder cannot be listed. */
function mayHaveQuarantined(path: string): boolean {
  try {
    return newestQuarantined(path) !== null;
  } catch {
    return true;
  }
}

function parsed(options: SettingsFileOptions, file: OwnedFile, text: string): LoadedSettings {
  const { path, log } = options;
  const found = parseSettings(text);
  if (found.kind === 'good') return { settings: found.settings, quarantined: null, refusal: null, isComplete: !mayHaveQuarantined(path) };
  if (found.kind === 'wrong') return quarantine(options, file, found.reason);
  log.error('the settings file has a newer version; defaults are used and nothing is saved', { path, version: found.version });
  return refused(`${path} was written by a newer version of Traywatch (version ${found.version}, this one knows ${SETTINGS_VERSION})`);
}

/** Without a file the defaults apply, unless there was an invalid one: then the user has not chosen them. */
function absent(path: string): LoadedSettings {
  const earlier = earlierQuarantined(path);
  if (earlier === null) return { settings: DEFAULT_SETTINGS, quarantined: null, refusal: null, isComplete: true };
  return { settings: FALLBACK_SETTINGS, quarantined: { path: earlier, reason: null }, refusal: null, isComplete: false };
}

/**
 * Reads the settings. Without a file they are the defaults. An invalid file is moved to a timestamped name, and the
 * fallback settings apply; one of a newer version, or one that cannot be read, is left alone and never overwritten.
 */
export function loadSettings(options: SettingsFileOptions, file: OwnedFile = ownFile(options.path)): LoadedSettings {
  const { path, log } = options;
  try {
    const content = file.read();
    if (content.kind === 'absent') return absent(path);
    if (content.kind === 'text') return parsed(options, file, content.text);
    if (content.kind === 'invalid') return quarantine(options, file, content.reason);
    log.error('the settings file cannot be read', { path, reason: content.reason });
    return refused(content.reason);
  } catch (error) {
    log.error('the folder of the settings cannot be read', { path, error });
    return refused(`The folder of ${path} cannot be read: ${messageOf(error)}`);
  }
}

/** What became of an attempt to save; `message` is text for the user. */
type SaveResult = { readonly kind: 'saved' } | { readonly kind: 'changed' | 'failed'; readonly message: string };

/** Writes the file atomically: not where another program has changed it, which is reported as `changed`. */
export function saveSettings(file: OwnedFile, settings: Settings): SaveResult {
  try {
    file.write(`${JSON.stringify(settings, null, 2)}\n`);
    return { kind: 'saved' };
  } catch (error) {
    if (error instanceof ForeignChangeError) return { kind: 'changed', message: `${error.message} while Traywatch was running. Nothing was saved. Restart Traywatch to use that file` };
    return { kind: 'failed', message: `the settings could not be saved: ${messageOf(error)}` };
  }
}
