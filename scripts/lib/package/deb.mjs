/** A deb of the installed tree, with Debian's own tools. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { installPackages, isDebian, missingPackages } from '../debian.mjs';
import { capture, findProgram } from '../exec.mjs';
import { root } from '../paths.mjs';
import { UserError } from '../say.mjs';
import { ARCHITECTURES } from './identity.mjs';
import { compress, installedBytes, listFiles } from './linux-tree.mjs';

/** Loaded while it runs, so that no linker lists them: notifications, and the key of what is stored encrypted. */
const LOADED = ['libnotify4', 'libsecret-1-0'];
/** Opens links and folders. */
const RECOMMENDED = ['xdg-utils'];
/** GNOME shows no tray icons without it. The icon itself goes over D-Bus and needs no library. */
const SUGGESTED = ['gnome-shell-extension-appindicator'];
const SCRIPTS = ['postinst', 'prerm', 'postrm'];

/**
 * The control file. Pure.
 * @param {import('./identity.mjs').Identity} identity
 * @param {{ architecture: string, depends: string, kilobytes: number }} built
 * @returns {string}
 */
export function toControl(identity, { architecture, depends, kilobytes }) {
  return `${[
    'Package: traywatch',
    `Version: ${identity.packageVersion}-1`,
    'Section: utils',
    'Priority: optional',
    `Architecture: ${architecture}`,
    `Maintainer: ${identity.maintainer}`,
    `Installed-Size: ${kilobytes}`,
    `Depends: ${[depends, ...LOADED].filter((one) => one !== '').join(', ')}`,
    `Recommends: ${RECOMMENDED.join(', ')}`,
    `Suggests: ${SUGGESTED.join(', ')}`,
    `Description: ${identity.summary}`,
    identity.description.map((paragraph) => wrap(paragraph, 76).map((line) => ` ${line}`).join('\n')).join('\n .\n'),
  ].join('\n')}\n`;
}

/**
 * @param {string} text
 * @param {number} width
 * @returns {string[]}
 */
function wrap(text, width) {
  return text.match(new RegExp(`\\S(?:.{0,${width - 2}}\\S)?(?=\\s|$)`, 'g')) ?? [];
}

/**
 * Debian's own changelog; what changed for users is in the other one.
 * @param {import('./identity.mjs').Identity} identity
 */
function toDebianChangelog({ packageVersion, maintainer, date }) {
  const day = date.toUTCString().replace('GMT', '+0000');
  return `traywatch (${packageVersion}-1) unstable; urgency=medium\n\n  * Made of the sources of this version.\n\n -- ${maintainer}  ${day}\n`;
}

/**
 * @param {{ tree: string, work: string, output: string, identity: import('./identity.mjs').Identity, fast: boolean }} parts
 *   tree: of makeLinuxTree; it gets the deb's own files. work: a folder for what is not installed
 * @returns {Promise<string>} path of the deb
 * @throws {UserError} without Debian's tools, or when one of them fails
 */
export async function makeDeb({ tree, work, output, identity, fast }) {
  await ensureTools();
  const architecture = /** @type {Record<string, string>} */ (ARCHITECTURES.deb)[process.arch] ?? process.arch;
  const doc = path.join(tree, 'usr/share/doc/traywatch');
  const changelog = path.join(doc, 'changelog.Debian.gz');
  fs.writeFileSync(changelog, compress(toDebianChangelog(identity)));
  const lintian = path.join(tree, 'usr/share/lintian');
  fs.mkdirSync(path.join(lintian, 'overrides'), { recursive: true });
  fs.copyFileSync(path.join(root, 'resources/linux/lintian-overrides'), path.join(lintian, 'overrides/traywatch'));
  const depends = await findDependencies(tree, work);
  const control = path.join(tree, 'DEBIAN');
  const kilobytes = Math.ceil(installedBytes(tree) / 1024);
  const sums = listFiles(tree).map((name) => `${crypto.createHash('md5').update(fs.readFileSync(path.join(tree, name))).digest('hex')}  ${name}\n`);
  fs.mkdirSync(control);
  fs.writeFileSync(path.join(control, 'control'), toControl(identity, { architecture, depends, kilobytes }));
  fs.writeFileSync(path.join(control, 'md5sums'), sums.join(''));
  for (const name of SCRIPTS) {
    fs.copyFileSync(path.join(root, 'resources/linux', name), path.join(control, name));
    fs.chmodSync(path.join(control, name), 0o755);
  }
  const file = path.join(output, `traywatch_${identity.label}_${architecture}.deb`);
  const compression = fast ? ['-Zzstd', '-z3'] : ['-Zxz', '-z6'];
  await tool('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, file], tree, identity);
  // The tree goes on to other formats.
  for (const own of [control, lintian, changelog]) fs.rmSync(own, { recursive: true });
  return file;
}

/** @throws {UserError} */
async function ensureTools() {
  if (findProgram('dpkg-deb') !== null && findProgram('dpkg-shlibdeps') !== null) return;
  await installPackages(isDebian() ? await missingPackages(['dpkg', 'dpkg-dev']) : ['dpkg', 'dpkg-dev'], 'to make a deb');
}

/**
 * The packages with the libraries that the programs are linked to, in the versions of this Debian: a release is therefore
 * made on the oldest one it should run on.
 * @param {string} tree
 * @param {string} work
 * @returns {Promise<string>}
 */
async function findDependencies(tree, work) {
  // dpkg-shlibdeps wants to stand in a source package.
  fs.mkdirSync(path.join(work, 'debian'), { recursive: true });
  fs.writeFileSync(path.join(work, 'debian/control'), 'Source: traywatch\n\nPackage: traywatch\nArchitecture: any\n');
  const linked = listFiles(tree).filter((name) => isElf(path.join(tree, name))).map((name) => path.join(tree, name));
  const args = ['--ignore-missing-info', '-O', `-l${path.join(tree, 'usr/lib/traywatch')}`, ...linked.map((name) => `-e${name}`)];
  const { stdout } = await tool('dpkg-shlibdeps', args, work);
  return /^shlibs:Depends=(.*)$/m.exec(stdout)?.[1] ?? '';
}

/** @param {string} file */
function isElf(file) {
  const descriptor = fs.openSync(file, 'r');
  const head = Buffer.alloc(4);
  fs.readSync(descriptor, head);
  fs.closeSync(descriptor);
  return head.toString('latin1') === '\u007fELF';
}

/**
 * Runs a tool to its end; times in the package are no later than the source's.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {import('./identity.mjs').Identity} [identity]
 */
export async function tool(command, args, cwd, identity) {
  const epoch = identity === undefined ? {} : { SOURCE_DATE_EPOCH: String(Math.floor(identity.date.getTime() / 1000)) };
  const result = await capture(command, args, { cwd, env: { ...process.env, ...epoch, LC_ALL: 'C' } });
  if (result.code !== 0) throw new UserError(`${command} failed:\n${`${result.stdout}${result.stderr}`.trim().split('\n').slice(-20).join('\n')}`);
  return result;
}
