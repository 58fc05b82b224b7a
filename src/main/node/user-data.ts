/** The user-data folder without Electron: the same one, so that the desktop app and the program without a desktop go on with one history. */
import { join } from 'node:path';
import type { Platform } from '../engine/collectors/deps';

const NAME = 'Traywatch';

/** Where Electron has the data of programs on this system; on Windows, where Traywatch has it (desktop/data-folder.win32.ts). */
function parentFolder(platform: Platform, env: Readonly<Record<string, string | undefined>>, home: string): string {
  const named = (name: string, otherwise: string): string => ((env[name] ?? '') === '' ? otherwise : (env[name] ?? ''));
  if (platform === 'win32') return named('LOCALAPPDATA', join(home, 'AppData', 'Local'));
  return platform === 'darwin' ? join(home, 'Library', 'Application Support') : named('XDG_CONFIG_HOME', join(home, '.config'));
}

/** The folder where none is named. `home`: that of the user. */
export function defaultUserData(platform: Platform, env: Readonly<Record<string, string | undefined>>, home: string): string {
  return join(parentFolder(platform, env, home), NAME);
}
