/** The command that starts this copy of Traywatch at login. Pure. */
import { basename, join, sep } from 'node:path';
import type { Command } from './autostart-entry';

/** What the command is made of. */
export interface Launch {
  /** process.execPath. */
  readonly execPath: string;
  readonly isPackaged: boolean;
  /** app.getAppPath(): the folder of the checkout, or the archive. */
  readonly appPath: string;
  /** The folder of --user-data-dir where one was given, absolute; else null. */
  readonly userData: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
}

/** The program of a package that stands behind its launcher (resources/linux/launcher.sh). */
const BEHIND_LAUNCHER = 'traywatch-bin';

/**
 * Path of the AppImage that this program runs from; null where it runs from none. One is mounted at another path each time, and
 * its own path is in APPIMAGE; a program that was started by another AppImage inherits that variable, but does not lie in APPDIR.
 */
export function appImageOf({ execPath, env }: Pick<Launch, 'execPath' | 'env'>): string | null {
  const image = env['APPIMAGE'] ?? '';
  const mount = env['APPDIR'] ?? '';
  return image !== '' && mount !== '' && execPath.startsWith(mount.endsWith(sep) ? mount : mount + sep) ? image : null;
}

/** The program to start. */
function programOf({ execPath, env, exists }: Launch): string {
  const image = appImageOf({ execPath, env });
  if (image !== null) return image;
  if (basename(execPath) !== BEHIND_LAUNCHER) return execPath;
  const launcher = join(execPath, '..', 'traywatch');
  return exists(launcher) ? launcher : execPath;
}

/**
 * From a checkout `npm start` without npm: it finds the runtime again after an update, builds what has changed, and explains
 * what is missing. Where that is not there, the runtime with the folder as it runs now.
 */
function fromCheckout({ execPath, appPath, exists }: Launch): Command {
  const node = join(appPath, 'node_modules/node/bin/node');
  const start = join(appPath, 'scripts/start.mjs');
  return exists(node) && exists(start) ? [node, start] : [execPath, appPath];
}

/** The command: hidden, with the data folder of this run where that is not the usual one. */
export function launchCommand(launch: Launch): Command {
  const [program, ...args]: Command = launch.isPackaged ? [programOf(launch)] : fromCheckout(launch);
  return [program, ...args, ...(launch.userData === null ? [] : [`--user-data-dir=${launch.userData}`]), '--hidden'];
}
