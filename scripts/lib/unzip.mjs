/** Unpacking a zip entry by entry, without holding it in memory. */
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

const openZip = promisify(/** @type {Function} */ (yauzl.open));

/**
 * Unpacks the wanted files of a zip with their permissions.
 * @param {string} zipPath
 * @param {string} folder made when missing
 * @param {(entry: string) => string | null} toTarget path below `folder` for an entry; null leaves it out
 * @returns {Promise<void>}
 */
export async function extractZip(zipPath, folder, toTarget) {
  const zip = await openZip(zipPath, { lazyEntries: true });
  await new Promise((resolve, reject) => {
    zip.on('error', reject).on('end', resolve);
    zip.on('entry', (entry) => {
      extractEntry(zip, entry, folder, toTarget).then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  }).finally(() => zip.close());
}

/**
 * @param {any} zip
 * @param {any} entry
 * @param {string} folder
 * @param {(entry: string) => string | null} toTarget
 */
async function extractEntry(zip, entry, folder, toTarget) {
  if (entry.fileName.endsWith('/')) return;
  const target = toTarget(entry.fileName);
  if (target === null) return;
  const file = path.join(folder, target);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const read = await promisify(zip.openReadStream.bind(zip))(entry);
  const mode = (entry.externalFileAttributes >>> 16) & 0o777;
  await pipeline(read, fs.createWriteStream(file, { mode: mode === 0 ? 0o644 : mode }));
}
