/**
 * `npm run update-document`: the signed document that installed copies ask for (docs/decisions/0023-updates.md).
 *
 *   -- --make-key=FILE                  writes a new private key, and prints the public half for TRAYWATCH_UPDATES_KEY
 *   -- --folder=DIR --base=URL --page=URL --output=FILE [--channel=stable] [--previous=FILE]
 *                                       describes the files of a release in DIR, and signs with the key in TRAYWATCH_SIGNING_KEY
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/paths.mjs';
import { runMain, say, UserError } from './lib/say.mjs';
import { describeFiles, makeKey, publicKeyOf, refuseRollback, signDocument } from './lib/update-document.mjs';

const text = /** @type {const} */ ({ type: 'string' });
const OPTIONS = { 'make-key': text, folder: text, base: text, page: text, output: text, channel: { ...text, default: 'stable' }, previous: text };

/** @param {string} file */
function writeKey(file) {
  const key = makeKey();
  // Never over one that signs what is installed already.
  fs.writeFileSync(file, key, { mode: 0o600, flag: 'wx' });
  say(`The private key is in ${file}; keep it in the secrets of the release. Public half, for TRAYWATCH_UPDATES_KEY: ${publicKeyOf(key)}`);
  return 0;
}

/**
 * @param {Record<string, string | undefined>} values
 * @param {string} name
 */
function need(values, name) {
  const value = values[name];
  if (value === undefined || value === '') throw new UserError(`--${name}=… is missing.`);
  return value;
}

await runMain(async () => {
  const { values } = parseArgs({ options: OPTIONS, strict: true });
  if (values['make-key'] !== undefined) return writeKey(values['make-key']);
  const key = process.env.TRAYWATCH_SIGNING_KEY ?? '';
  if (key === '') throw new UserError('TRAYWATCH_SIGNING_KEY must hold the private key (npm run update-document -- --make-key=FILE makes one).');
  const expected = process.env.TRAYWATCH_UPDATES_KEY ?? '';
  // Installed copies would refuse it, and say nothing of it here.
  if (expected !== '' && publicKeyOf(key) !== expected) throw new UserError('TRAYWATCH_SIGNING_KEY is not the private half of TRAYWATCH_UPDATES_KEY, which the packages carry.');
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  refuseRollback(version, values.previous === undefined ? null : fs.readFileSync(values.previous, 'utf8'));
  const files = await describeFiles(need(values, 'folder'), need(values, 'base'));
  const output = need(values, 'output');
  fs.writeFileSync(output, signDocument({ version, channel: values.channel, released: Date.now(), page: need(values, 'page'), files }, key));
  say(`${output}: ${version}, ${files.length} files`);
  return 0;
});
