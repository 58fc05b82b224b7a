/**
 * The launcher of a package that runs where it is unpacked: it stands in the program's place and explains where the sandbox
 * cannot start. Chromium aborts before any code of the app runs, so the app itself cannot.
 */
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** What the program is called behind its launcher; src/main/desktop/autostart/launch-command.ts knows it, too. */
const BEHIND = 'traywatch-bin';

/**
 * Puts the launcher in the place of the program.
 * @param {string} folder with the unpacked application
 */
export function addLauncher(folder) {
  const place = path.join(folder, 'traywatch');
  fs.renameSync(place, path.join(folder, BEHIND));
  fs.copyFileSync(path.join(root, 'resources/linux/launcher.sh'), place);
  fs.chmodSync(place, 0o755);
}
