/**
 * Finds the Electron runtime that development, tests and packaging use. Order: the folder named by
 * ELECTRON_OVERRIDE_DIST_PATH, the official binary already installed, its download, the fallback.
 * Run as a script it prints the path of the executable.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findOrMakeFallback, isFallback } from './lib/fallback-runtime.mjs';
import { downloadOfficial, executableName, findOfficial, officialVersion } from './lib/official-runtime.mjs';
import { UserError, runMain, say } from './lib/say.mjs';

/**
 * @typedef {object} Runtime
 * @property {string} distDir absolute path of the distribution
 * @property {string} executable absolute path
 * @property {string} version "?" when an override does not tell
 * @property {boolean} isFallback true when it carries an app loader and its own better-sqlite3
 * @property {string} origin for the printed line
 */

/**
 * Finds or fetches a runtime and says which one in one line.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Runtime>}
 * @throws {UserError} when there is none
 */
export async function findRuntime(env = process.env) {
  const runtime = (await findOverride(env)) ?? (await findOrFetch(env));
  say(`Electron ${runtime.version} (${runtime.origin}): ${runtime.executable}`);
  return runtime;
}

/** @param {NodeJS.ProcessEnv} env */
async function findOverride(env) {
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!folder) return null;
  const distDir = path.resolve(folder);
  const versionFile = path.join(distDir, 'version');
  const version = fs.existsSync(versionFile) ? fs.readFileSync(versionFile, 'utf8').trim() : '?';
  const runtime = toRuntime({ distDir, version }, 'ELECTRON_OVERRIDE_DIST_PATH');
  if (fs.existsSync(runtime.executable)) return runtime;
  throw new UserError(`ELECTRON_OVERRIDE_DIST_PATH is set, but there is no ${runtime.executable}.`);
}

/** @param {NodeJS.ProcessEnv} env */
async function findOrFetch(env) {
  const official = findOfficial() ?? (await downloadOfficial(env));
  if (official) return toRuntime(official, 'official');
  const fallback = await findOrMakeFallback(env);
  if (fallback) return toRuntime(fallback, 'fallback from the npm registry');
  throw new UserError(
    `No Electron runtime for ${process.platform} ${process.arch}: the official download of ${officialVersion()} did ` +
      'not work, and there is no other source for this platform.\nUnpack an Electron release somewhere and start ' +
      'again with ELECTRON_OVERRIDE_DIST_PATH=<that folder>, or connect to the internet and start again with ' +
      'TRAYWATCH_RETRY_DOWNLOAD=1.',
  );
}

/**
 * @param {{ distDir: string, version: string }} found
 * @param {string} origin
 * @returns {Runtime}
 */
function toRuntime({ distDir, version }, origin) {
  return { distDir, version, origin, executable: path.join(distDir, executableName()), isFallback: isFallback(distDir) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    await findRuntime();
    return 0;
  });
}
