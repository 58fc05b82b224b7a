/** The settings file: read and checked, set aside when it is wrong, written so that it is never half there. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { writeFileAtomically } from '../lib/atomic-file';
import type { Log } from '../engine/log';
import { quarantinePath } from '../engine/quarantine';
import { checkInput, describeValidationErrors } from '../../shared/api/validation-errors';
import { messageOf } from '../../shared/result';
import type { Result } from '../../shared/result';
import { DEFAULT_SETTINGS, SETTINGS_VERSION, settingsSchema } from '../../shared/settings/settings-schema';
import type { Settings } from '../../shared/settings/settings-schema';
import { migrateSettings } from './migrations';
import type { RawSettings } from './migrations';

/** What the settings file needs from outside. */
export interface SettingsFileOptions {
  readonly path: string;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** A settings file that was moved out of the way, and what was wrong with it, field by field. */
export interface SettingsQuarantined {
  readonly path: string;
  readonly reason: string;
}

/** What was found. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly quarantined: SettingsQuarantined | null;
  /** Why nothing may be saved: the file is a newer version's, or it could be neither read nor set aside. */
  readonly refusal: string | null;
}

/** What a file's text comes to. */
type Parsed =
  | { readonly kind: 'good'; readonly settings: Settings }
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'newer'; readonly version: number };

function isRaw(value: unknown): value is RawSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Understands the text of a settings file. Pure. */
export function parseSettings(text: string): Parsed {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return { kind: 'wrong', reason: `not JSON: ${messageOf(error)}` };
  }
  if (!isRaw(found)) return { kind: 'wrong', reason: 'not an object' };
  const { version } = found;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return { kind: 'wrong', reason: 'version: not a whole number from 1' };
  if (version > SETTINGS_VERSION) return { kind: 'newer', version };
  const checked = checkInput(settingsSchema, migrateSettings(found, version));
  return checked.success ? { kind: 'good', settings: checked.data } : { kind: 'wrong', reason: describeValidationErrors(checked.error) };
}

function quarantined({ path, clock, log }: SettingsFileOptions, reason: string): LoadedSettings {
  const target = quarantinePath(path, clock.now());
  try {
    renameSync(path, target);
  } catch (error) {
    const refusal = `${path} is not valid (${reason}) and could not be set aside: ${messageOf(error)}`;
    log.error('the settings file is not valid and could not be set aside', { path, reason, error });
    return { settings: DEFAULT_SETTINGS, quarantined: null, refusal };
  }
  log.error('the settings file was not valid and has been set aside', { path: target, reason });
  return { settings: DEFAULT_SETTINGS, quarantined: { path: target, reason }, refusal: null };
}

/** The text of the file, or null where there is none. */
function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/**
 * Reads the settings. A missing file means the defaults; a wrong one is set aside under a timestamped name, and the
 * defaults stand; one of a newer version, or one that cannot be read, is left alone and never written over.
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
  if (parsed.kind === 'wrong') return quarantined(options, parsed.reason);
  const refusal = `${path} was written by a newer version of Traywatch (version ${parsed.version}, this one knows ${SETTINGS_VERSION})`;
  log.error('the settings are a newer version’s; defaults are used and nothing is saved', { path, version: parsed.version });
  return { settings: DEFAULT_SETTINGS, quarantined: null, refusal };
}

/** Writes the settings beside the file, then renames: a reader finds the old or the new, never a part. */
export function saveSettings(path: string, settings: Settings): Result<null> {
  try {
    writeFileAtomically(path, `${JSON.stringify(settings, null, 2)}\n`);
    return { ok: true, value: null };
  } catch (error) {
    return { ok: false, code: 'Unavailable', message: `the settings could not be saved: ${messageOf(error)}` };
  }
}
