/**
 * Wine, and the Windows machine it pretends: one prepared folder per user, and a copy of it for each run, so that runs beside
 * each other share nothing and each begins with the same machine.
 */
import fs from 'node:fs';
import path from 'node:path';
import { makeWorkFolder, publishFolder } from '../cache-folder.mjs';
import { installPackages, isDebian, isRoot, missingPackages } from '../debian.mjs';
import { capture, findProgram } from '../exec.mjs';
import { cacheDir } from '../paths.mjs';
import { UserError, say } from '../say.mjs';

const PACKAGES = ['wine', 'wine64', 'locales'];
/** German, with decimal commas: what understands numbers of the system must not depend on it. */
const LOCALE = 'de_DE';
/** Ms for each of the programs that prepare the machine; they take seconds. */
const MOST_MS = 180_000;

/**
 * Why nothing can be run under Wine here; null where it can.
 * @returns {string | null}
 */
export function whyNoWine() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return `it needs Linux on x64, and this is ${process.platform} on ${process.arch}`;
  if (findProgram('wine') !== null && findProgram('wineserver') !== null) return null;
  if (!isDebian()) return 'Wine is not installed, and this is not Debian, where it could be installed';
  return isRoot() ? null : 'Wine is not installed (apt-get install --no-install-recommends wine wine64), and only root can install it';
}

/**
 * Installs what is missing of Wine and of the sources of locales, and prepares the machine that is copied.
 * @returns {Promise<string>} the version of Wine
 * @throws {UserError} when that does not work here
 */
export async function ensureWine() {
  const isThere = ['wine', 'wineserver', 'localedef'].every((name) => findProgram(name) !== null) && fs.existsSync(`/usr/share/i18n/locales/${LOCALE}`);
  if (!isThere) await installPackages(isDebian() ? await missingPackages(PACKAGES) : PACKAGES, 'to run Windows code');
  if (!fs.existsSync(localeFolder())) await prepareLocale();
  const version = (await capture('wine', ['--version'], { env: wineEnv(cacheDir()) })).stdout.trim().split(' ')[0] ?? '';
  const prepared = preparedFolder(version);
  if (!fs.existsSync(prepared)) await prepare(prepared);
  return version;
}

/**
 * @typedef {object} WineMachine
 * @property {NodeJS.ProcessEnv} env for every program of this machine
 * @property {() => Promise<void>} endPrograms ends all programs in it
 * @property {() => Promise<void>} end does that, and removes it
 */

/**
 * A machine of its own for one run.
 * @param {string} wine its version
 * @returns {Promise<WineMachine>}
 * @throws {UserError} when Wine does not work here
 */
export async function makeWineMachine(wine) {
  const prepared = preparedFolder(wine);
  const folder = makeWorkFolder(path.dirname(prepared));
  await copyMachine(prepared, folder);
  const env = wineEnv(folder);
  const end = async () => {
    await endPrograms(env);
    fs.rmSync(folder, { recursive: true, force: true });
  };
  return { env, endPrograms: () => endPrograms(env), end };
}

/**
 * Most of a machine is Wine's own libraries, hundreds of megabytes that nobody writes to: they are linked. Its registry is copied.
 * @param {string} prepared
 * @param {string} folder
 */
async function copyMachine(prepared, folder) {
  const linked = await capture('cp', ['-a', '--link', `${prepared}/.`, folder]);
  if (linked.code !== 0) throw new UserError(`The prepared Windows machine could not be copied: ${linked.stderr.trim()}`);
  for (const name of fs.readdirSync(prepared).filter((one) => one.endsWith('.reg'))) {
    fs.rmSync(path.join(folder, name));
    fs.copyFileSync(path.join(prepared, name), path.join(folder, name));
  }
}

/** @param {string} prepared */
async function prepare(prepared) {
  say('Preparing a Windows machine under Wine (once per user) ...');
  const work = makeWorkFolder(path.dirname(prepared));
  const prefix = path.join(work, 'prefix');
  fs.mkdirSync(prefix);
  const env = wineEnv(prefix);
  try {
    const result = await capture('wine', ['winecfg', '-v', 'win10'], { env, stdio: 'ignore', timeout: MOST_MS, killSignal: 'SIGKILL' });
    await endPrograms(env);
    const isMade = fs.existsSync(path.join(prefix, 'system.reg')) && fs.existsSync(path.join(prefix, 'drive_c', 'windows', 'system32'));
    if (result.code !== 0 || !isMade) throw new UserError(`Wine could not prepare a machine (exit code ${result.code}).`);
    publishFolder(prefix, prepared);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** Another version would change what it finds. @param {string} wine its version */
const preparedFolder = (wine) => path.join(cacheDir(), 'windows', `machine-${wine}`);
const localeFolder = () => path.join(cacheDir(), 'windows', 'locales');

/** Wine takes its language from this system, which need not have this one. A name of a locale that is not there would cost it all letters beyond ASCII. */
async function prepareLocale() {
  const work = makeWorkFolder(path.dirname(localeFolder()));
  try {
    const made = path.join(work, 'locales');
    fs.mkdirSync(made);
    const result = await capture('localedef', ['-i', LOCALE, '-f', 'UTF-8', path.join(made, `${LOCALE}.UTF-8`)]);
    if (result.code !== 0) throw new UserError(`The locale ${LOCALE} could not be made: ${result.stderr.trim()}`);
    publishFolder(made, localeFolder());
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Ends what runs in this machine, and waits until it has ended; other machines are left alone.
 * @param {NodeJS.ProcessEnv} env
 */
async function endPrograms(env) {
  await capture('wineserver', ['-k'], { env, timeout: 60_000, killSignal: 'SIGKILL' });
  await capture('wineserver', ['-w'], { env, timeout: 60_000, killSignal: 'SIGKILL' });
}

/**
 * Of the caller's environment nothing gets in but the path of programs: a run is the same everywhere.
 * @param {string} prefix
 * @returns {NodeJS.ProcessEnv}
 */
function wineEnv(prefix) {
  return {
    PATH: process.env.PATH,
    // Wine links folders such as Documents to those of the user.
    HOME: prefix,
    WINEPREFIX: prefix,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    // No browser engine, no .NET, no entries in the menus of the desktop.
    WINEDLLOVERRIDES: 'mscoree=;mshtml=;winemenubuilder.exe=d',
    LOCPATH: localeFolder(),
    LC_ALL: `${LOCALE}.UTF-8`,
    TZ: 'UTC',
  };
}
