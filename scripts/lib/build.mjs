/** Building the app when its sources are newer than what was built. */
import fs from 'node:fs';
import path from 'node:path';
import { nodePath, run } from './exec.mjs';
import { outDir, root } from './paths.mjs';
import { UserError, say } from './say.mjs';

const outputs = ['main/index.cjs', 'main/database-worker.cjs', 'main/walk-worker.cjs', 'preload/index.cjs', 'renderer/index.html', 'headless/traywatch.cjs', 'headless/database-worker.cjs', 'headless/walk-worker.cjs'];
const sources = ['src', 'resources', 'electron.vite.config.ts', 'headless.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.base.json'];

/**
 * Builds unless the output is newer than every source.
 * @throws {UserError} when the build fails
 */
export async function ensureBuilt() {
  ensureInstalled();
  if (isUpToDate()) return;
  say('Building ...');
  await build('electron-vite/bin/electron-vite.js');
  await build('vite/bin/vite.js', '--config', 'headless.vite.config.ts');
}

/**
 * @param {string} tool its script, below node_modules
 * @param {string[]} options
 * @throws {UserError} when the build fails
 */
async function build(tool, ...options) {
  const code = await run(nodePath(), [path.join(root, 'node_modules', tool), 'build', ...options, '--logLevel', 'warn']);
  if (code !== 0) throw new UserError('The build failed.');
}

/**
 * Says what to do when the dependencies are not there, before something fails for want of them.
 * @throws {UserError}
 */
export function ensureInstalled() {
  if (fs.existsSync(path.join(root, 'node_modules', 'electron-vite'))) return;
  throw new UserError('The dependencies are not installed: run "npm ci" first.');
}

function isUpToDate() {
  const built = outputs.map((name) => fs.statSync(path.join(outDir, name), { throwIfNoEntry: false })?.mtimeMs);
  if (built.includes(undefined)) return false;
  const oldestOutput = Math.min(...built.map((time) => time ?? 0));
  return sources.every((name) => newestChange(path.join(root, name)) < oldestOutput);
}

/**
 * @param {string} file file or folder; a folder's own time tells of removed files
 * @returns {number} milliseconds since 1970; 0 when it does not exist
 */
function newestChange(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...fs.readdirSync(file).map((name) => newestChange(path.join(file, name))));
}
