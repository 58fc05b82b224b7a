/** The tree of an installed Traywatch on Linux, as it stands below /: deb and rpm are made of it. */
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../paths.mjs';
import { collectLicenses } from './licenses.mjs';
import { toManPage } from './man-page.mjs';

/** Sizes of icons in the theme "hicolor" that panels, menus and software centers ask for, in pixels. */
const ICON_SIZES = [16, 22, 24, 32, 48, 64, 96, 128, 256, 512];
const PROGRAMS = new Set(['traywatch', 'chrome-sandbox', 'chrome_crashpad_handler', 'choose-sandbox']);
const HOME = 'usr/lib/traywatch';
const DOC = 'usr/share/doc/traywatch';

/**
 * @typedef {object} TreeParts
 * @property {string} unpacked folder of the unpacked application
 * @property {string} tree folder to fill
 * @property {import('./identity.mjs').Identity} identity
 */

/**
 * Fills a folder with everything that is installed, with its permissions; owners are up to the format.
 * @param {TreeParts} parts
 * @returns {Promise<void>}
 */
export async function makeLinuxTree({ unpacked, tree, identity }) {
  fs.rmSync(tree, { recursive: true, force: true });
  const write = (/** @type {string} */ name, /** @type {string | Buffer} */ content) => {
    fs.mkdirSync(path.join(tree, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(tree, name), content);
  };
  const resource = (/** @type {string} */ name) => fs.readFileSync(path.join(root, 'resources', 'linux', name));
  copyApplication(unpacked, path.join(tree, HOME));
  write(`${HOME}/choose-sandbox`, resource('choose-sandbox'));
  write(`${HOME}/apparmor-profile`, resource('apparmor-profile'));
  write('usr/share/applications/traywatch.desktop', resource('traywatch.desktop'));
  write('usr/lib/systemd/system/traywatch-headless.service', resource('traywatch-headless.service'));
  const { help, toIcon } = await loadFromSources(identity.version);
  for (const size of ICON_SIZES) write(`usr/share/icons/hicolor/${size}x${size}/apps/traywatch.png`, toIcon(size));
  write('usr/share/icons/hicolor/scalable/apps/traywatch.svg', fs.readFileSync(path.join(root, 'resources', 'icon.svg')));
  write('usr/share/man/man1/traywatch.1.gz', compress(toManPage(help, identity)));
  write(`${DOC}/copyright`, resource('copyright'));
  write(`${DOC}/changelog.gz`, compress(fs.readFileSync(path.join(root, 'CHANGELOG.md'))));
  write(`${DOC}/LICENSES.packages.gz`, compress(collectLicenses(root)));
  write(`${DOC}/LICENSES.chromium.html.gz`, compress(fs.readFileSync(path.join(unpacked, 'LICENSES.chromium.html'))));
  fs.mkdirSync(path.join(tree, 'usr/bin'));
  fs.symlinkSync('../lib/traywatch/traywatch', path.join(tree, 'usr/bin/traywatch'));
  setPermissions(tree);
}

/**
 * Without the licenses, which go where the system looks for them, and without what starts an AppImage.
 * @param {string} unpacked
 * @param {string} target
 */
function copyApplication(unpacked, target) {
  const left = new Set(['LICENSE.electron.txt', 'LICENSES.chromium.html', 'AppRun'].map((name) => path.join(unpacked, name)));
  fs.cpSync(unpacked, target, { recursive: true, mode: fs.constants.COPYFILE_FICLONE, filter: (source) => !left.has(source) });
}

/**
 * The command line's help and the icon, from the sources of the app themselves.
 * @param {string} version
 */
async function loadFromSources(version) {
  const { runnerImport } = await import('vite');
  const load = async (/** @type {string} */ file) => (await runnerImport(`/src/main/${file}`, { root, configFile: false, logLevel: 'error' })).module;
  const { parseArguments } = await load('arguments.ts');
  const { drawAppIcon } = await load('desktop/icon/app-icon.ts');
  const { toPng } = await load('desktop/icon/png.ts');
  return { help: parseArguments(['--help'], version, 'linux').text, toIcon: (/** @type {number} */ size) => toPng(drawAppIcon(size)) };
}

/**
 * As `gzip -9n`: the same bytes at any time.
 * @param {string | Buffer} content
 */
export function compress(content) {
  return gzipSync(content, { level: 9 });
}

/**
 * Folders and programs 755, all else 644. Of chrome-sandbox, too: what it needs is chosen where it is installed.
 * @param {string} folder
 */
function setPermissions(folder) {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) setPermissions(full);
    else if (entry.isFile()) fs.chmodSync(full, PROGRAMS.has(entry.name) ? 0o755 : 0o644);
  }
}

/**
 * Regular files below a folder, sorted.
 * @param {string} folder
 * @returns {string[]} paths below the folder
 */
export function listFiles(folder) {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name))).toSorted();
}

/**
 * Bytes of the files in a tree; what a link leads to is not counted twice.
 * @param {string} tree
 * @returns {number}
 */
export function installedBytes(tree) {
  return listFiles(tree).reduce((sum, name) => sum + fs.statSync(path.join(tree, name)).size, 0);
}
