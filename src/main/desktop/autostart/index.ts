/** Start at login of this copy: chooses the leaf of the system. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import type { App } from 'electron';
import type { Platform } from '../../engine/collectors/deps';
import { currentPlatform } from '../../engine/collectors/platform';
import type { Log } from '../../engine/log';
import { execProgram } from '../../engine/programs/exec-program';
import { fixedAutostart } from '../../lib/autostart';
import type { Autostart } from '../../lib/autostart';
import { createDarwinAutostart } from './autostart.darwin';
import type { LoginItems } from './autostart.darwin';
import { createLinuxAutostart } from './autostart.linux';
import { createWin32Autostart } from './autostart.win32';
import { launchCommand } from './launch-command';

/** Electron's app, as far as it is needed. */
type LaunchedApp = LoginItems & Pick<App, 'isPackaged' | 'getAppPath' | 'getPath'> & { readonly commandLine: Pick<App['commandLine'], 'hasSwitch'> };

/** What the choice depends on. */
interface AutostartOptions {
  readonly app: LaunchedApp;
  readonly platform: Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly execPath: string;
  readonly isDemo: boolean;
}

/** Creates the interface. Reads and writes nothing. */
function createAutostart({ app, platform, env, execPath, isDemo }: AutostartOptions): Autostart {
  if (isDemo) return fixedAutostart('demo');
  const userData = app.commandLine.hasSwitch('user-data-dir') ? app.getPath('userData') : null;
  const command = launchCommand({ execPath, isPackaged: app.isPackaged, appPath: app.getAppPath(), userData, env, exists: existsSync });
  if (platform === 'linux') {
    if ((env['SNAP'] ?? env['FLATPAK_ID'] ?? '') !== '') return fixedAutostart('confined');
    return createLinuxAutostart({ command, env, home: homedir(), repairs: app.isPackaged });
  }
  // What would be registered from a checkout is Electron itself.
  if (!app.isPackaged) return fixedAutostart('checkout');
  return platform === 'darwin' ? createDarwinAutostart(app) : createWin32Autostart(app, command, { exec: execProgram, exists: existsSync });
}

/** Start at login of the copy that runs. */
export function startAtLogin(app: LaunchedApp, isDemo: boolean): Autostart {
  return createAutostart({ app, platform: currentPlatform(), env: process.env, execPath: process.execPath, isDemo });
}

/** Repairs the entry. Never rejects. */
async function repair(autostart: Autostart, log: Log): Promise<void> {
  try {
    const before = await autostart.repair();
    if (before !== null) log.info('the entry for start at login names the program where it is now', { before });
  } catch (error) {
    log.warn('the entry for start at login could not be repaired', { error });
  }
}

/** The same for the app itself, which repairs the entry at its start. */
export function repairedAutostart(app: LaunchedApp, isDemo: boolean, log: Log): Autostart {
  const autostart = startAtLogin(app, isDemo);
  void repair(autostart, log);
  return autostart;
}
