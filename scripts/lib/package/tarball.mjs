/** A tar.gz: one folder that runs where it is unpacked. */
import fs from 'node:fs';
import path from 'node:path';
import { addLauncher } from '../launcher.mjs';
import { tool } from './deb.mjs';

/** What stands beside the application, and where it is in the installed tree. */
const BESIDE = {
  'traywatch.desktop': 'usr/share/applications/traywatch.desktop',
  'traywatch.png': 'usr/share/icons/hicolor/256x256/apps/traywatch.png',
  'traywatch.svg': 'usr/share/icons/hicolor/scalable/apps/traywatch.svg',
  'traywatch.1.gz': 'usr/share/man/man1/traywatch.1.gz',
  copyright: 'usr/share/doc/traywatch/copyright',
  'LICENSES.packages.gz': 'usr/share/doc/traywatch/LICENSES.packages.gz',
};

/**
 * @param {{ unpacked: string, tree: string, work: string, output: string, identity: import('./identity.mjs').Identity, fast: boolean }} parts
 * @returns {Promise<string>} path of the archive
 * @throws {import('../say.mjs').UserError} when tar fails
 */
export async function makeTarball({ unpacked, tree, work, output, identity, fast }) {
  const name = `traywatch-${identity.label}-linux-${process.arch}`;
  const folder = path.join(work, name);
  fs.cpSync(unpacked, folder, { recursive: true, mode: fs.constants.COPYFILE_FICLONE, filter: (source) => path.basename(source) !== 'AppRun' });
  addLauncher(folder);
  for (const [file, source] of Object.entries(BESIDE)) fs.copyFileSync(path.join(tree, source), path.join(folder, file));
  const file = path.join(output, `${name}.tar.gz`);
  const order = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${Math.floor(identity.date.getTime() / 1000)}`];
  await tool('tar', [...order, '-I', `gzip -n${fast ? '1' : '9'}`, '-cf', file, name], work);
  fs.rmSync(folder, { recursive: true });
  return file;
}
