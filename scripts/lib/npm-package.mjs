/** Single packages of the npm registry that are kept outside the checkout: fetched, checked and unpacked. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { watchSize } from './cache-folder.mjs';
import { capture, npmCommand } from './exec.mjs';
import { root } from './paths.mjs';
import { UserError, createProgress } from './say.mjs';

/**
 * @typedef {object} NpmPackage
 * @property {string} spec name@version
 * @property {string} integrity of the tarball: sha512-…, in base64
 * @property {number} [bytes] size of the tarball, for the progress
 */

/**
 * Fetches the tarball of a package and checks that it is the expected one.
 * @param {NpmPackage} source
 * @param {string} work a folder of the caller's, with no other tarball in it
 * @param {string} label for the progress
 * @returns {Promise<string>} absolute path of the tarball
 * @throws {UserError} when it cannot be had or is another one
 */
export async function fetchPackage({ spec, integrity, bytes }, work, label) {
  // npm's own cache is pointed here as well: the package would stay there for good, and its growth is our progress.
  const npmCache = path.join(work, 'npm-cache');
  const progress = createProgress(label, bytes ?? null);
  const stopWatching = watchSize([npmCache], (received) => progress.show(received));
  const npm = npmCommand();
  const packArgs = ['pack', spec, '--json', '--ignore-scripts', '--cache', npmCache, '--pack-destination', work];
  const result = await capture(npm.command, [...npm.args, ...packArgs], { cwd: root });
  stopWatching();
  progress.end();
  const name = fs.readdirSync(work).find((entry) => entry.endsWith('.tgz'));
  if (result.code !== 0 || name === undefined) throw new UserError(`npm could not fetch ${spec}.\n${result.stderr.trim()}`);
  fs.rmSync(npmCache, { recursive: true, force: true });
  const tarball = path.join(work, name);
  const actual = await integrityOf(tarball);
  if (actual !== integrity) throw new UserError(`${spec} is not the expected package (got ${actual}).`);
  return tarball;
}

/** @param {string} file */
async function integrityOf(file) {
  const hash = crypto.createHash('sha512');
  await pipeline(fs.createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

/**
 * Unpacks a tarball, or some of what is in it, into a folder, and removes the tarball.
 * @param {string} tarball
 * @param {string} folder
 * @param {string[]} [entries] names inside the tarball, which begin with `package/`; all when there are none
 * @throws {UserError} when it cannot be unpacked
 */
export async function unpackPackage(tarball, folder, entries = []) {
  const result = await capture('tar', ['-xzf', tarball, '-C', folder, '--no-same-owner', ...entries]);
  if (result.code !== 0) throw new UserError(`Could not unpack ${path.basename(tarball)}: ${result.stderr.trim()}`);
  fs.rmSync(tarball);
}
