/** Makes the asked formats of one unpacked application, and the list of what is inside; says how large everything is. */
import fs from 'node:fs';
import path from 'node:path';
import { findRuntime } from '../../runtime.mjs';
import { folderBytes } from '../cache-folder.mjs';
import { capture } from '../exec.mjs';
import { addLauncher } from '../launcher.mjs';
import { root } from '../paths.mjs';
import { say, UserError } from '../say.mjs';
import { makeDeb } from './deb.mjs';
import { toIdentity } from './identity.mjs';
import { installedBytes, makeLinuxTree } from './linux-tree.mjs';
import { makeRpm } from './rpm.mjs';
import { makeSbom } from './sbom.mjs';
import { makeTarball } from './tarball.mjs';
import { makeUnpacked } from './unpacked.mjs';

/** By name, how a format is made. */
const MAKERS = { deb: makeDeb, rpm: makeRpm, 'tar.gz': makeTarball, sbom: makeSbom };

/**
 * @param {import('./options.mjs').Options} options
 * @returns {Promise<string[]>} paths of the packages; empty for an unpacked application alone
 * @throws {UserError} for a format of another system, and for a release without a maintainer
 */
export async function makePackages({ formats, fast, version, output: folder }) {
  const asked = formats.filter((name) => name !== 'dir');
  if (asked.length > 0 && process.platform !== 'linux') throw new UserError(`${asked.join(', ')}: these are made on Linux.`);
  const output = path.resolve(root, folder);
  const runtime = await findRuntime();
  // Before the work that takes long: it may be refused.
  const identity = asked.length === 0 ? null : await readIdentity(runtime, version);
  const unpacked = await makeUnpacked(runtime, output, version);
  sayApplicationSize(unpacked);
  if (identity === null) {
    // It runs where it lies, as what is in a tar.gz.
    if (process.platform === 'linux') addLauncher(unpacked);
    return [];
  }
  const work = fs.mkdtempSync(path.join(output, '.work-'));
  try {
    const tree = path.join(work, 'tree');
    await makeLinuxTree({ unpacked, tree, identity });
    say(`Installed: ${toMegabytes(installedBytes(tree))} MB`);
    const files = [];
    for (const name of asked) {
      const file = await MAKERS[/** @type {keyof typeof MAKERS} */ (name)]({ unpacked, tree, work, output, identity, fast, electron: runtime.version });
      say(`${path.relative(root, file)}: ${toMegabytes(fs.statSync(file).size)} MB`);
      files.push(file);
    }
    return files;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {import('../../runtime.mjs').Runtime} runtime
 * @param {string | null} version
 */
async function readIdentity(runtime, version) {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  return toIdentity(manifest, { version, trialOf: runtime.isFallback ? runtime.version : null, date: await sourceDate(), maintainer: process.env.TRAYWATCH_MAINTAINER ?? '' });
}

/** @param {string} unpacked */
function sayApplicationSize(unpacked) {
  const all = folderBytes(unpacked);
  const own = folderBytes(path.join(unpacked, 'resources'));
  say(`Unpacked: ${toMegabytes(all)} MB, of which ${toMegabytes(own)} MB is Traywatch and the rest Electron`);
}

/** When the source was made: SOURCE_DATE_EPOCH, the last commit, or now. */
async function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH;
  const commit = await capture('git', ['log', '-1', '--format=%ct'], { cwd: root });
  const seconds = Number(given ?? (commit.code === 0 ? commit.stdout.trim() : Number.NaN));
  return Number.isInteger(seconds) && seconds > 0 ? new Date(seconds * 1000) : new Date();
}

/** @param {number} bytes */
function toMegabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
