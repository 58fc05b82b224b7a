/** Where things stand: the checkout, its build output, and the per-user cache. */
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Absolute path of the build output. */
export const outDir = path.join(root, 'out');

/**
 * The folder for what is fetched once per user and shared by all checkouts.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} absolute path; it may not exist yet
 */
export function cacheDir(env = process.env) {
  return path.join(userCacheDir(env), 'traywatch');
}

/** @param {NodeJS.ProcessEnv} env */
function userCacheDir(env) {
  // The XDG rules say that a relative value is to be ignored.
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return env.XDG_CACHE_HOME;
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local');
  return path.join(os.homedir(), '.cache');
}
