/** The Electron of the lock file: the binary as its own package installs it. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { makeWorkFolder, watchSize } from './cache-folder.mjs';
import { nodePath } from './exec.mjs';
import { cacheDir, root } from './paths.mjs';
import { createProgress, say } from './say.mjs';

const packageDir = path.join(root, 'node_modules', 'electron');
/** A download that brings no byte for this long is given up. */
const stallLimitMs = 60_000;
/** For this long a failed download is not tried again, so that not every start waits for it. */
const retryAfterMs = 6 * 60 * 60 * 1000;

/**
 * The path of the executable inside a distribution, as Electron's own package defines it.
 * @returns {string}
 */
export function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * The version the checkout asks for.
 * @returns {string}
 */
export function officialVersion() {
  return JSON.parse(fs.readFileSync(path.join(packageDir, 'package.json'), 'utf8')).version;
}

/**
 * The installed official distribution. Its `path.txt` is written last, so an interrupted unpacking is not taken.
 * @returns {{ distDir: string, version: string } | null} null when it is not installed
 */
export function findOfficial() {
  const distDir = path.join(packageDir, 'dist');
  const version = readText(path.join(distDir, 'version'))?.replace(/^v/, '');
  const isComplete = readText(path.join(packageDir, 'path.txt')) === executableName();
  const isThere = fs.existsSync(path.join(distDir, executableName()));
  return isComplete && isThere && version === officialVersion() ? { distDir, version } : null;
}

/** @param {string} file */
function readText(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : undefined;
}

/**
 * Fetches the official distribution with the package's own installer, unless that failed a short while ago.
 * @param {NodeJS.ProcessEnv} [env] TRAYWATCH_RETRY_DOWNLOAD=1 tries again at once
 * @returns {Promise<{ distDir: string, version: string } | null>} null when it could not be had
 */
export async function downloadOfficial(env = process.env) {
  const note = path.join(cacheDir(env), `electron-${officialVersion()}-unreachable`);
  if (env.TRAYWATCH_RETRY_DOWNLOAD !== '1' && isRecent(note)) return null;
  say(`Fetching Electron ${officialVersion()} ...`);
  const failure = await runInstaller(env);
  const found = findOfficial();
  if (found) {
    fs.rmSync(note, { force: true });
    return found;
  }
  fs.mkdirSync(path.dirname(note), { recursive: true });
  fs.writeFileSync(note, `${failure}\n`);
  say(`Electron's official download did not work (${failure}); TRAYWATCH_RETRY_DOWNLOAD=1 tries it again at once.`);
  return null;
}

/** @param {string} note */
function isRecent(note) {
  const written = fs.statSync(note, { throwIfNoEntry: false })?.mtimeMs;
  return written !== undefined && Math.abs(Date.now() - written) < retryAfterMs;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} why it failed; empty when it did not
 */
async function runInstaller(env) {
  // The installer downloads below the temporary folder; a private one shows whether bytes still arrive.
  const temp = makeWorkFolder(cacheDir(env));
  const child = spawn(nodePath(), [path.join(packageDir, 'install.js')], {
    cwd: root,
    env: { ...env, TMPDIR: temp, TEMP: temp, TMP: temp, ELECTRON_GET_NO_PROGRESS: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const progress = createProgress('Electron', null);
  const stall = createStallGuard(() => child.kill('SIGKILL'));
  const stopWatching = watchSize([temp, path.join(packageDir, 'dist')], (bytes) => {
    progress.show(bytes);
    stall.note(bytes);
  });
  const code = await new Promise((resolve) => child.on('error', () => resolve(null)).on('close', resolve));
  stopWatching();
  progress.end();
  fs.rmSync(temp, { recursive: true, force: true });
  if (code === 0) return '';
  return stall.hasStalled() ? `no data for ${stallLimitMs / 1000} s` : (errors.split('\n')[0] ?? '').slice(0, 200) || `exit code ${code}`;
}

/** @param {() => void} giveUp */
function createStallGuard(giveUp) {
  let lastBytes = 0;
  let lastGrowth = performance.now();
  let stalled = false;
  return {
    hasStalled: () => stalled,
    /** @param {number} bytes */
    note(bytes) {
      if (bytes !== lastBytes) lastGrowth = performance.now();
      lastBytes = bytes;
      if (performance.now() - lastGrowth <= stallLimitMs) return;
      stalled = true;
      giveUp();
    },
  };
}
