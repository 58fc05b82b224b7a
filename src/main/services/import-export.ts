/** Exports all services to one JSON file, without secrets, and imports such a file completely or not at all. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
import type { CallOutput } from '../../shared/api/contract';
import { checkInput, describeValidationErrors } from '../../shared/api/validation-errors';
import { MAX_SERVICES, serviceSchema } from '../../shared/services/service-schemas';
import type { Service } from '../../shared/services/service-schemas';
import { CallError, messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import { fileStamp } from '../lib/file-dialogs';
import type { FileDialogs } from '../lib/file-dialogs';
import { fileErrorText } from '../lib/file-error-text';
import { writeViaPartialFile } from '../lib/partial-file';
import { readRegularFile, toText } from '../lib/regular-file';

/** Identifies such a file. */
const KIND = 'traywatch-services';
/** Version of the file, raised when the section `services` of the settings changes. */
const VERSION = 1;
/** Largest file that is read, bytes: each service may bring the certificate of an authority. */
const MAX_BYTES = 25_000_000;

const headSchema = z.looseObject({ kind: z.literal(KIND), version: z.int().min(1), services: z.array(z.unknown()).max(MAX_SERVICES) });

/** What a person calls the service that cannot be read: by name, or by its place in the file. */
function titleOf(found: unknown, at: number): string {
  const named = z.looseObject({ name: z.string() }).safeParse(found);
  return named.success ? `“${named.data.name.slice(0, 80)}”` : `service ${at + 1}`;
}

/** Parses the text of an exported file. Throws an Error that names the service and the field. Pure. */
function parseServicesFile(text: string): readonly Service[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const head = headSchema.safeParse(found);
  if (!head.success) throw new Error('it does not contain services of Traywatch');
  if (head.data.version > VERSION) throw new Error(`version: it was written by a newer version of Traywatch (${head.data.version}, this one knows ${VERSION})`);
  const services = new Map<string, Service>();
  head.data.services.forEach((one, at) => {
    const checked = checkInput(serviceSchema, one);
    if (!checked.success) throw new Error(`${titleOf(one, at)}: ${describeValidationErrors(checked.error)}`);
    if (services.has(checked.data.id)) throw new Error(`${titleOf(one, at)}: id: there is another service "${checked.data.id}"`);
    services.set(checked.data.id, checked.data);
  });
  return [...services.values()];
}

/** Exports to the file that the user chooses. */
export async function exportServices(services: readonly Service[], dialogs: FileDialogs, clock: Pick<Clock, 'now'>): Promise<CallOutput<'exportServices'>> {
  const path = await dialogs.save({ title: 'Export services', name: `traywatch-services-${fileStamp(clock.now())}.json` });
  if (path === null) return { path };
  const text = `${JSON.stringify({ kind: KIND, version: VERSION, services }, null, 2)}\n`;
  try {
    await writeViaPartialFile(path, (file) => writeFile(file, text), dialogs.spareFolder);
  } catch (error) {
    throw new CallError('Unavailable', fileErrorText(error));
  }
  return { path };
}

/** The services of the file that the user chooses; null where none is chosen. Throws a CallError that says that nothing has changed. */
export async function readServicesFile(dialogs: FileDialogs): Promise<readonly Service[] | null> {
  const path = await dialogs.open({ title: 'Import services', extension: 'json' });
  if (path === null) return null;
  try {
    const bytes = readRegularFile(path, MAX_BYTES);
    if (bytes === null) throw new Error('ENOENT: there is no such file');
    return parseServicesFile(toText(bytes));
  } catch (error) {
    throw new CallError('BadInput', `${basename(path)} was not imported, and nothing has changed: ${messageOf(error)}`);
  }
}
