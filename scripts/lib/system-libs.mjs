/** The system's part of what Electron and the test desktop need on Linux. */
import { installPackages, isDebian, missingPackages } from './debian.mjs';
import { capture, findProgram } from './exec.mjs';
import { UserError } from './say.mjs';

/** What an Electron links against or loads while it runs; the rest comes with these. */
const electronPackages = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libnotify4'];
/** Loaded on demand, so that the loader does not list them. */
const loadedOnDemand = ['libnotify.so.4'];

/** A display and a session bus where there are none. */
const virtualDisplayPrograms = { Xvfb: 'xvfb', 'dbus-daemon': 'dbus-daemon' };

/** What the tests work with: a desktop with window manager, panel with a tray and notification server, tools and peers. */
const desktopPackages = [
  'xvfb', 'xauth', 'dbus', 'dbus-x11', 'xfwm4', 'xfce4-panel', 'xfconf', 'libdbusmenu-gtk3-4',
  'libayatana-appindicator3-1', 'dunst', 'x11-utils', 'xdotool', 'scrot', 'fonts-dejavu-core', 'adwaita-icon-theme',
  'libglib2.0-bin', 'desktop-file-utils', 'stress-ng', 'procps',
  // What stands outside of the app: a browser on the LAN, who listens where, a scraper and a reverse proxy.
  'chromium', 'iproute2', 'prometheus', 'nginx-light',
  // What runs on a machine: container engines with something to run in them, a database, and ping.
  'docker.io', 'podman', 'runc', 'busybox-static', 'postgresql', 'iputils-ping',
];

/**
 * Makes sure that the libraries of an Electron can be loaded.
 * @param {string} executable path of the runtime's executable
 * @throws {UserError} when some are missing and cannot be installed here
 */
export async function ensureElectronLibraries(executable) {
  if (process.platform !== 'linux' || (await missingLibraries(executable)).length === 0) return;
  const missing = isDebian() ? await missingPackages(electronPackages) : electronPackages;
  await installPackages(missing, 'by Electron');
  const left = await missingLibraries(executable);
  if (left.length > 0) throw new UserError(`Electron cannot start: these libraries are missing: ${left.join(', ')}`);
}

/**
 * @param {string} executable
 * @returns {Promise<string[]>} file names of the libraries that the loader does not find
 */
async function missingLibraries(executable) {
  const linked = await capture('ldd', [executable]);
  const known = await capture(findProgram('ldconfig') ?? '/sbin/ldconfig', ['-p']);
  const notFound = [...linked.stdout.matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1] ?? '');
  return [...notFound, ...loadedOnDemand.filter((name) => known.code === 0 && !known.stdout.includes(`${name} `))];
}

/**
 * Makes sure that a virtual display and a session bus can be started.
 * @throws {UserError} when their programs are missing and cannot be installed here
 */
export async function ensureVirtualDisplay() {
  const missing = Object.entries(virtualDisplayPrograms).filter(([program]) => findProgram(program) === null);
  await installPackages(missing.map(([, name]) => name), 'where there is no display');
}

/**
 * Makes sure that the end-to-end tests find their desktop.
 * @throws {UserError} when parts are missing and cannot be installed here
 */
export async function ensureTestDesktop() {
  if (process.platform !== 'linux') throw new UserError('The end-to-end tests need a Linux machine: they start their own desktop.');
  const missing = isDebian() ? await missingPackages(desktopPackages) : missingPrograms();
  await installPackages(missing, 'by the tests');
}

/** @returns {string[]} */
function missingPrograms() {
  const programs = ['Xvfb', 'dbus-daemon', 'gdbus', 'xfwm4', 'xfce4-panel', 'dunst', 'desktop-file-validate', 'xprop', 'xdotool', 'scrot', 'stress-ng', 'chromium', 'ss'];
  return programs.filter((name) => findProgram(name) === null);
}
