/** All alert settings as one JSON file: written where a person says, and read back whole or not at all. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
import type { CallOutput } from '../../shared/api/contract';
import { checkInput, describeValidationErrors } from '../../shared/api/validation-errors';
import { alertsPatchSchema, alertsSettingsSchema } from '../../shared/alerts/alert-settings';
import type { AlertsSettings } from '../../shared/alerts/alert-settings';
import { CallError, messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import { writeViaPartialFile } from '../lib/partial-file';
import { fileStamp } from '../history/history-commands';
import type { Dialogs } from '../history/history-commands';
import { migrateAlerts } from '../settings/migrations';
import type { SettingsHolder } from '../settings/settings';
import { failureText } from '../history/background-tasks';

/** What tells such a file from any other. */
const KIND = 'traywatch-alerts';
/** Version of the file; it follows the section of the settings. */
const VERSION = 2;
/** Two hundred rules take a tenth of this, bytes. */
const MAX_BYTES = 2_000_000;

const headSchema = z.looseObject({ kind: z.literal(KIND), version: z.int().min(1) });
const fields = { kind: z.literal(KIND), version: z.literal(VERSION) };
/** What is in the file is checked as if a person had sent it; what is not is as in a new installation. */
const sentSchema = z.strictObject({ ...fields, alerts: alertsPatchSchema });
const fileSchema = z.strictObject({ ...fields, alerts: alertsSettingsSchema });

/** What the transfer needs. */
export interface ImportExportParts {
  readonly settings: SettingsHolder;
  readonly dialogs: Dialogs;
  readonly clock: Pick<Clock, 'now'>;
}

/** Understands the text of an exported file. Throws an Error that names the field. Pure. */
function parseAlertsFile(text: string): AlertsSettings {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const head = headSchema.safeParse(found);
  if (!head.success) throw new Error('it does not hold alert settings of Traywatch');
  if (head.data.version > VERSION) throw new Error(`version: it was written by a newer version of Traywatch (${head.data.version}, this one knows ${VERSION})`);
  const present = toPresent(head.data);
  const sent = checkInput(sentSchema, present);
  if (!sent.success) throw new Error(describeValidationErrors(sent.error));
  const whole = checkInput(fileSchema, present);
  if (!whole.success) throw new Error(describeValidationErrors(whole.error));
  return whole.data.alerts;
}

/** A file of version 1 under the names of today; its section is the one of settings of version 2. */
function toPresent(file: z.infer<typeof headSchema>): unknown {
  const alerts = z.record(z.string(), z.unknown()).safeParse(file['alerts']);
  return file.version === 1 && alerts.success ? { ...file, version: VERSION, alerts: migrateAlerts(alerts.data) } : file;
}

async function readSmall(path: string): Promise<string> {
  if ((await stat(path)).size > MAX_BYTES) throw new Error('it is too large for a file of settings');
  return readFile(path, 'utf8');
}

/** Saves the settings where the person says. Addresses of webhooks are secrets and stay behind. */
export async function exportAlerts({ settings, dialogs, clock }: ImportExportParts): Promise<CallOutput<'exportAlerts'>> {
  const path = await dialogs.save({ title: 'Export alert settings', name: `traywatch-alerts-${fileStamp(clock.now())}.json` });
  if (path === null) return { path };
  const text = `${JSON.stringify({ kind: KIND, version: VERSION, alerts: settings.get().alerts }, null, 2)}\n`;
  try {
    await writeViaPartialFile(path, (file) => writeFile(file, text));
  } catch (error) {
    throw new CallError('Unavailable', failureText(error));
  }
  return { path };
}

/** Puts a file's settings in the place of those in force, which the answer carries so that it can be undone. */
export async function importAlerts({ settings, dialogs }: ImportExportParts): Promise<CallOutput<'importAlerts'>> {
  const path = await dialogs.open({ title: 'Import alert settings', extension: 'json' });
  if (path === null) return { path, before: null };
  let alerts: AlertsSettings;
  try {
    alerts = parseAlertsFile(await readSmall(path));
  } catch (error) {
    throw new CallError('BadInput', `${basename(path)} was not imported, and nothing has changed: ${messageOf(error)}`);
  }
  const before = settings.get().alerts;
  const result = settings.update({ alerts });
  if (!result.ok) throw new CallError(result.code, result.message);
  return { path, before };
}
