/**
 * Start at login on Windows: a value in HKCU\...\CurrentVersion\Run, which Task Manager turns off in ...\StartupApproved\Run.
 * Electron's options must be the same in get and set, or it looks for another value.
 */
import type { LoginItemSettingsOptions } from 'electron';
import type { AutostartStatus } from '../../../shared/autostart';
import { CallError } from '../../../shared/result';
import type { Autostart } from '../../lib/autostart';
import type { Command } from './autostart-entry';
import type { LoginItems } from './autostart.darwin';

/** An argument as CommandLineToArgvW reads it; Electron writes arguments as they are given. */
const quote = (argument: string): string => (/[\s"]/.test(argument) ? `"${argument.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/(\\+)$/, '$1$1')}"` : argument);

/**
 * Makes the interface over the registry. An entry whose program has moved is not visible through Electron: it starts nothing,
 * and the state of this copy is "disabled". The installer keeps its folder over updates.
 */
export function createWin32Autostart(items: LoginItems, [path, ...args]: Command): Autostart {
  const options: LoginItemSettingsOptions = { path, args: args.map(quote) };
  const read = (): AutostartStatus => {
    const { openAtLogin, executableWillLaunchAtLogin, launchItems } = items.getLoginItemSettings(options);
    // `openAtLogin` is true for a value that Task Manager has turned off, too.
    const isThere = openAtLogin || launchItems.some((item) => item.path.toLowerCase() === path.toLowerCase());
    const state = executableWillLaunchAtLogin ? 'enabled' : isThere ? 'disabledElsewhere' : 'disabled';
    const forAll = launchItems.find((item) => item.enabled && item.scope === 'machine');
    return forAll === undefined ? { state, reason: null, what: null, canChange: true } : { state, reason: 'systemWide', what: forAll.name, canChange: true };
  };
  return {
    read,
    set(on) {
      items.setLoginItemSettings({ ...options, openAtLogin: on, enabled: on });
      const after = read();
      if (on !== (after.state === 'enabled')) throw new CallError('Unavailable', on ? 'Windows did not take the entry. A policy may forbid it; see Task Manager → Startup apps.' : 'Another entry still starts Traywatch; see Task Manager → Startup apps.');
      return after;
    },
    repair: () => null,
  };
}
