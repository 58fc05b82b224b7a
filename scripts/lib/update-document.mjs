/** The update document of a release, as src/main/updates reads it: composed of the files of the release, and signed. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from './say.mjs';

/** By its name, what a file is for. Names are those that electron-builder and scripts/lib/package give. */
const KINDS = /** @type {const} */ ([
  [/\.AppImage$/, 'AppImage', 'linux'],
  [/\.deb$/, 'deb', 'linux'],
  [/\.rpm$/, 'rpm', 'linux'],
  [/\.tar\.gz$/, 'tar.gz', 'linux'],
  [/\.dmg$/, 'dmg', 'darwin'],
  [/-mac\.zip$/, 'zip', 'darwin'],
  [/-win\.zip$/, 'zip', 'win32'],
  [/-Setup-.*\.exe$/, 'nsis', 'win32'],
]);

/** @param {string} name */
function archOf(name) {
  return /arm64|aarch64/.test(name) ? 'arm64' : 'x64';
}

/**
 * Describes a file of a release; null for one that updates nobody (checksums, lists of what is inside). Pure.
 * @param {string} name
 */
export function describeName(name) {
  const found = KINDS.find(([pattern]) => pattern.test(name));
  return found === undefined ? null : { name, kind: found[1], platform: found[2], arch: archOf(name) };
}

/** @param {string} file */
async function digestOf(file) {
  const hash = createHash('sha512');
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk);
  return hash.digest('base64');
}

/**
 * @param {string} folder with the files of the release
 * @param {string} base address of the folder that they are downloaded from, with a slash at its end
 */
export async function describeFiles(folder, base) {
  const files = [];
  for (const name of fs.readdirSync(folder).toSorted()) {
    const known = describeName(name);
    if (known === null) continue;
    const file = path.join(folder, name);
    files.push({ ...known, url: new URL(encodeURIComponent(name), base).href, size: fs.statSync(file).size, sha512: await digestOf(file) });
  }
  if (files.length === 0) throw new UserError(`${folder}: there is no file of a release.`);
  return files;
}

/** @param {string} version */
const numbersOf = (version) => version.split('.').map(Number);

/**
 * Throws where a document would take back a version that is published already.
 * @param {string} version
 * @param {string | null} previous the document that is published now, as text
 */
export function refuseRollback(version, previous) {
  if (previous === null) return;
  const published = JSON.parse(JSON.parse(previous).payload).version;
  const [next, before] = [numbersOf(version), numbersOf(published)];
  const at = next.findIndex((part, index) => part !== before[index]);
  if (at >= 0 && (next[at] ?? 0) < (before[at] ?? 0)) throw new UserError(`${version} is older than ${published}, which is published already. To withdraw a version, release a newer one.`);
}

/**
 * @param {{ version: string, channel: string, released: number, page: string, files: readonly object[] }} release
 * @param {string} privateKey PKCS #8 in PEM
 * @returns {string} the document
 */
export function signDocument(release, privateKey) {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyType !== 'ed25519') throw new UserError('The key must be an Ed25519 key.');
  const payload = JSON.stringify({ app: 'io.traywatch.app', ...release });
  return `${JSON.stringify({ format: 1, payload, signature: sign(null, Buffer.from(payload), key).toString('base64') })}\n`;
}

/**
 * The public half of a key as package.json carries it: its 32 bytes in base64.
 * @param {string} privateKey PKCS #8 in PEM
 */
export function publicKeyOf(privateKey) {
  const { x } = createPublicKey(createPrivateKey(privateKey)).export({ format: 'jwk' });
  return Buffer.from(x ?? '', 'base64url').toString('base64');
}

/** @returns {string} a new private key, PKCS #8 in PEM */
export function makeKey() {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
}
