import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCallbackLog } from '../../../support/log';
import { createSettings } from '../../../../src/main/settings/settings';
import { webhookInputSchema } from '../../../../src/shared/alerts/webhook';
import { CALLS } from '../../../../src/shared/api/contract';
import { problemAt, problemText } from '../../../../src/shared/api/problem-text';
import { checkInput, describeValidationErrors } from '../../../../src/shared/api/validation-errors';
import { createTokenSchema, setAccountSchema } from '../../../../src/shared/sharing/access-schemas';
import { settingsPatchSchema, settingsSchema } from '../../../../src/shared/settings/settings-schema';
import { schemaLeaves } from '../../../support/schema-leaves';

/** Words of the checking library, and what it says of programs rather than to people. */
const RAW = /Invalid input|Invalid option|expected|Too small|Too big|Unrecognized|NaN|undefined|regex|pattern|\[object/i;
/** Everything that may be typed, sent or written by hand in the place of a value. */
const WRONG: readonly unknown[] = [-1e9, 1e9, 1.5, Number.NaN, Infinity, '', ' ', 'x', 'x'.repeat(5000), '9'.repeat(400), true, null, [], ['x'], [1], {}, { x: 1 }];

function nested(path: string, value: unknown): object {
  return path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
}

function reasonOf(schema: z.ZodType, input: unknown): string | null {
  const checked = checkInput(schema, input);
  return checked.success ? null : describeValidationErrors(checked.error);
}

/** What a form would show of each wrong value of each field, with the field. */
function shownProblems(schema: z.ZodObject, start: object): { path: string; message: string; shown: string }[] {
  return schemaLeaves(schema).flatMap(({ path }) =>
    WRONG.flatMap((value) => {
      const message = reasonOf(schema, { ...start, ...nested(path, value) });
      return message === null ? [] : [{ path, message, shown: problemText(message) }];
    }),
  );
}

const FORMS: readonly (readonly [string, z.ZodObject, object])[] = [
  ['the settings', settingsSchema, { version: 3 }],
  ['a change of settings', settingsPatchSchema, {}],
  ['a webhook', webhookInputSchema, { label: 'Team', kind: 'slack', severities: [], enabled: true, url: 'https://x.example' }],
  ['an account', setAccountSchema, { name: 'Alex', role: 'admin', password: 'correct horse' }],
  ['a token', createTokenSchema, { label: 'Grafana', scopes: ['read'], days: 1 }],
  ['a browser’s name', CALLS.lanRenameDevice.input, { id: 'd1', name: 'Phone' }],
];

describe('what is wrong with a field', () => {
  it.each(FORMS)('of %s is a sentence, whatever is in it', (_, schema, start) => {
    expect(reasonOf(schema, start)).toBeNull();
    const problems = shownProblems(schema, start);
    // Every field takes something that is wrong.
    expect(new Set(problems.map(({ path }) => path))).toEqual(new Set(schemaLeaves(schema).map(({ path }) => path)));
    for (const { path, message, shown } of problems) {
      expect([path, shown]).toEqual([path, expect.stringMatching(/^[A-Z“][^]*[.…]$/)]);
      expect(shown).not.toMatch(RAW);
      expect(shown).not.toContain(`${path}:`);
      // Scripts are told the field.
      expect(message).toContain(path);
    }
  });

  it.each<[z.ZodType, unknown, string]>([
    [settingsPatchSchema, { lan: { port: 65_536 } }, 'lan.port: Enter a number from 1 to 65535'],
    [settingsPatchSchema, { lan: { port: 0 } }, 'lan.port: Enter a number from 1 to 65535'],
    [settingsPatchSchema, { lan: { port: Number.NaN } }, 'lan.port: Enter a number from 1 to 65535'],
    [settingsPatchSchema, { lan: { port: 1.5 } }, 'lan.port: Enter a whole number'],
    [settingsPatchSchema, { lan: { addresses: [] } }, 'lan.addresses: Choose at least one'],
    [settingsPatchSchema, { environment: ' ' }, 'environment: Enter a value'],
    [settingsPatchSchema, { environment: 'x'.repeat(41) }, 'environment: Enter at most 40 characters'],
    [settingsPatchSchema, { theme: 'pink' }, 'theme: Choose one of: system, light, dark'],
    [settingsPatchSchema, { openAtStart: 'yes' }, 'openAtStart: Choose on or off'],
    [settingsPatchSchema, { color: 'red' }, 'input: Unknown field: color'],
    [webhookInputSchema, { label: '', kind: 'slack', severities: [], enabled: true }, 'label: Enter a name'],
    [webhookInputSchema, { label: 'x', kind: 'slack', severities: [], enabled: true, url: '' }, 'url: Enter a URL'],
    [createTokenSchema, { label: ' ', scopes: [], days: 0 }, 'label: Enter a name; scopes: Choose at least one; days: Enter a number from 1 to 366'],
    [setAccountSchema, { name: 'Alex', role: 'admin', password: '' }, 'password: Enter a password'],
  ])('says what to enter: %#', (schema, input, message) => {
    expect(reasonOf(schema, input)).toBe(message);
  });

  it('keeps the schema’s own words', () => {
    expect(reasonOf(z.string().regex(/^a$/, 'only an a'), 'b')).toBe('input: only an a');
    expect(reasonOf(z.strictObject({ a: z.number().refine((a) => a > 1, 'must be more') }), { a: 1 })).toBe('a: must be more');
  });

  it('reaches the form from the settings themselves', () => {
    const folder = mkdtempSync(join(tmpdir(), 'traywatch-settings-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const { settings } = createSettings({ path: join(folder, 'settings.json'), clock: { now: () => 0 }, log: createCallbackLog(() => undefined) });
    const result = settings.update({ alerts: { keepEvents: 1_000_000, pruneEventsAt: 1_100_000 } });
    expect(result.ok ? '' : problemText(result.message)).toBe('Enter a number from 100 to 100000.');
  });
});

describe('the text of a failed call', () => {
  it.each([
    ['lan.port: Enter a number from 1 to 65535', 'Enter a number from 1 to 65535.'],
    ['alerts.keepEvents: Enter a number; alerts.pruneEventsAt: Enter a number from 101 to 200000', 'Enter a number.'],
    ['the settings could not be saved: EACCES: permission denied', 'The settings could not be saved: EACCES: permission denied.'],
    ['there is no more room for devices; remove some first', 'There is no more room for devices; remove some first.'],
    ['alerts.json was not imported, and nothing has changed: it is not JSON', 'alerts.json was not imported, and nothing has changed: it is not JSON.'],
    ['url: must begin with https:// or http://', 'Must begin with https:// or http://.'],
  ])('is a sentence without a path: %s', (message, text) => {
    expect(problemText(message)).toBe(text);
  });

  it('is found by field', () => {
    const message = 'label: Enter a name; url: must begin with https:// or http://';
    expect([problemAt(message, 'label'), problemAt(message, 'url'), problemAt(message, 'kind')]).toEqual(['Enter a name.', 'Must begin with https:// or http://.', undefined]);
  });
});
