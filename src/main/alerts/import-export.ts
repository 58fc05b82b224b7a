/** Exports all alert settings to one JSON file, and imports such a file completely or not at all. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
import type { CallOutput } from '../../shared/api/contract';
import { checkInput, describeValidationErrors } from '../../shared/api/validation-errors';
import { alertsPatchSchema, alertsSettingsSchema } from '../../shared/alerts/alert-settings';
import type { AlertsSettings } from '../../shared/alerts/alert-settings';
import { CallError, messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import { fileStamp } from '../lib/file-dialogs';
import type { FileDialogs } from '../lib/file-dialogs';
import { fileErrorText } from '../lib/file-error-text';
import { writeViaPartialFile } from '../lib/partial-file';
import { readRegularFile, toText } from '../lib/regular-file';
import { migrateAlerts } from '../settings/migrations';
import type { SettingsHolder } from '../settings/settings';

/** Identifies such a file. */
const KIND = 'traywatch-alerts';
/** Version of the file, raised when the section `alerts` of the settings changes. */
const VERSION = 2;
/** Largest file that is read, bytes; 200 rules have about a tenth of this. */
const MAX_BYTES = 2_000_000;

const headSchema = z.looseObject({ kind: z.literal(KIND), version: z.int().min(1) });
const fields = { kind: z.literal(KIND), version: z.literal(VERSION) };
/** The fields in the file are validated like a change by the user; missing fields get the defaults of a new installation. */
const patchSchema = z.strictObject({ ...fields, alerts: alertsPatchSchema });
const fileSchema = z.strictObject({ ...fields, alerts: alertsSettingsSchema });

/** What import and export need. */
export interface ImportExportParts {
  readonly settings: SettingsHolder;
  readonly dialogs: FileDialogs;
  readonly clock: Pick<Clock, 'now'>;
}

/** Parses the text of an exported file. Throws an Error that names the field. Pure. */
function parseAlertsFile(text: string): AlertsSettings {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const head = headSchema.safeParse(found);
  if (!head.success) throw new Error('it does not contain alert settings of Traywatch');
  if (head.data.version > VERSION) throw new Error(`version: it was written by a newer version of Traywatch (${head.data.version}, this one knows ${VERSION})`);
  const present = toPresent(head.data);
  const patch = checkInput(patchSchema, present);
  if (!patch.success) throw new Error(describeValidationErrors(patch.error));
  const whole = checkInput(fileSchema, present);
  if (!whole.success) throw new Error(describeValidationErrors(whole.error));
  return whole.data.alerts;
}

/** A file of version 1 under the present names; its section is that of settings version 2. */
function toPresent(file: z.infer<typeof headSchema>): unknown {
  const alerts = z.record(z.string(), z.unknown()).safeParse(file['alerts']);
  return file.version === 1 && alerts.success ? { ...file, version: VERSION, alerts: migrateAlerts(alerts.data) } : file;
}

function readText(path: string): string {
  const bytes = readRegularFile(path, MAX_BYTES);
  if (bytes === null) throw new Error('ENOENT: there is no such file');
  return toText(bytes);
}

/** Exports to the file that the user chooses. The URLs of webhooks are secrets and not exported. */
export async function exportAlerts({ settings, dialogs, clock }: ImportExportParts): Promise<CallOutput<'exportAlerts'>> {
  const path = await dialogs.save({ title: 'Export alert settings', name: `traywatch-alerts-${fileStamp(clock.now())}.json` });
  if (path === null) return { path };
  const text = `${JSON.stringify({ kind: KIND, version: VERSION, alerts: settings.get().alerts }, null, 2)}\n`;
  try {
    await writeViaPartialFile(path, (file) => writeFile(file, text), dialogs.spareFolder);
  } catch (error) {
    throw new CallError('Unavailable', fileErrorText(error));
  }
  return { path };
}

/** Replaces the alert settings by those of a file; the result contains the previous ones, so that the import can be undone. */
export async function importAlerts({ settings, dialogs }: ImportExportParts): Promise<CallOutput<'importAlerts'>> {
  const path = await dialogs.open({ title: 'Import alert settings', extension: 'json' });
  if (path === null) return { path, before: null };
  let alerts: AlertsSettings;
  try {
    alerts = parseAlertsFile(readText(path));
  } catch (error) {
    throw new CallError('BadInput', `${basename(path)} was not imported, and nothing has changed: ${messageOf(error)}`);
  }
  const before = settings.get().alerts;
  const result = settings.update({ alerts });
  if (!result.ok) throw new CallError(result.code, result.message);
  return { path, before };
}
