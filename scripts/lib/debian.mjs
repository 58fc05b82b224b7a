/** Debian packages: which are missing, and installing them where that is allowed. */
import fs from 'node:fs';
import { capture, findProgram } from './exec.mjs';
import { UserError, say } from './say.mjs';

/** Whether this machine installs its software with apt. */
export function isDebian() {
  return fs.existsSync('/etc/debian_version') && findProgram('apt-get') !== null;
}

/** Whether this process may install packages. */
export function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * @param {string[]} packages
 * @returns {Promise<string[]>} those that are not installed
 */
export async function missingPackages(packages) {
  const result = await capture('dpkg-query', ['-W', '-f', '${Package}\\t${db:Status-Status}\\t${Provides}\\n', ...packages.flatMap(withNewName)]);
  const installed = new Set(
    result.stdout
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([, status]) => status === 'installed')
      .map(([name]) => name),
  );
  return packages.filter((name) => !withNewName(name).some((candidate) => installed.has(candidate)));
}

/**
 * Since the 64-bit time change some library packages carry a suffix in newer releases.
 * @param {string} name
 */
function withNewName(name) {
  return [name, `${name}t64`];
}

/**
 * Makes sure that packages are installed: as root on Debian by installing them, elsewhere by telling what to do.
 * @param {string[]} missing Debian names; nothing happens when empty
 * @param {string} purpose completes "needed ..."
 * @throws {UserError} when they are missing and cannot be installed here
 */
export async function installPackages(missing, purpose) {
  if (missing.length === 0) return;
  if (!isDebian() || !isRoot()) throw new UserError(toAdvice(missing, purpose));
  say(`Installing Debian packages needed ${purpose}: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await aptGet(['update', '-q'], env);
  const names = await Promise.all(missing.map(toAvailableName));
  await aptGet(['install', '-q', '-y', '--no-install-recommends', ...names], env);
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function aptGet(args, env) {
  const waitForOthers = ['-o', 'DPkg::Lock::Timeout=120'];
  const result = await capture('apt-get', [...waitForOthers, ...args], { env });
  if (result.code === 0) return;
  throw new UserError(`apt-get ${args.join(' ')} failed:\n${`${result.stdout}${result.stderr}`.trim().split('\n').slice(-15).join('\n')}`);
}

/** @param {string} name */
async function toAvailableName(name) {
  const result = await capture('apt-cache', ['show', '--no-all-versions', `${name}t64`]);
  return result.code === 0 && result.stdout.includes('Package:') ? `${name}t64` : name;
}

/**
 * @param {string[]} missing
 * @param {string} purpose
 */
function toAdvice(missing, purpose) {
  if (isDebian()) {
    const command = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`;
    return `These packages are needed ${purpose}:\n  ${command}`;
  }
  const other = Object.keys(otherNames).find((tool) => findProgram(tool) !== null);
  const names = missing.map((name) => otherNames[other ?? '']?.names[name] ?? name);
  const command = other ? `sudo ${otherNames[other]?.command} ${names.join(' ')}` : names.join(' ');
  return `These packages are needed ${purpose} (Debian's names where yours is not known here):\n  ${command}`;
}

/** What the libraries are called elsewhere. @type {Record<string, { command: string, names: Record<string, string> }>} */
const otherNames = {
  dnf: {
    command: 'dnf install',
    names: {
      'libgtk-3-0': 'gtk3', libnss3: 'nss', libasound2: 'alsa-lib', libgbm1: 'mesa-libgbm', libnotify4: 'libnotify',
      xvfb: 'xorg-x11-server-Xvfb', 'dbus-daemon': 'dbus-daemon',
    },
  },
  pacman: {
    command: 'pacman -S',
    names: {
      'libgtk-3-0': 'gtk3', libnss3: 'nss', libasound2: 'alsa-lib', libgbm1: 'mesa', libnotify4: 'libnotify',
      xvfb: 'xorg-server-xvfb', 'dbus-daemon': 'dbus',
    },
  },
  zypper: {
    command: 'zypper install',
    names: {
      'libgtk-3-0': 'libgtk-3-0', libnss3: 'mozilla-nss', libasound2: 'libasound2', libgbm1: 'libgbm1',
      xvfb: 'xorg-x11-server-Xvfb', 'dbus-daemon': 'dbus-1-daemon',
    },
  },
};
