/**
 * Start at login on Windows: a value in HKCU\...\CurrentVersion\Run, which Task Manager turns off in ...\StartupApproved\Run.
 * Electron's options must be the same in get and set, or it looks for another value.
 */
import { win32 } from 'node:path';
import type { LoginItemSettingsOptions } from 'electron';
import type { AutostartStatus } from '../../../shared/autostart';
import { CallError } from '../../../shared/result';
import type { Exec } from '../../engine/programs/exec-program';
import type { Autostart } from '../../lib/autostart';
import type { Command } from './autostart-entry';
import type { LoginItems } from './autostart.darwin';

/** An argument as CommandLineToArgvW reads it; Electron writes arguments as they are given. */
const quote = (argument: string): string => (/[\s"]/.test(argument) ? `"${argument.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/(\\+)$/, '$1$1')}"` : argument);

const RUN = String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Run`;
const APPROVED = String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`;

/** Deadline of reg.exe, ms. */
const REG_TIME = 5000;

/** An entry whose program is gone. */
interface Stale {
  readonly program: string;
  /** False where Task Manager has turned it off. */
  readonly isEnabled: boolean;
}

/**
 * Finds the entry that named a copy of this program which is no longer there, in what `reg query` prints of both keys
 * ("    name    REG_SZ    data"). The first byte of a value of StartupApproved is odd where the entry is turned off. Data in
 * another code page than UTF-8 cannot be read, and is left alone. Pure.
 */
export function findStale(run: string, approved: string, path: string, exists: (program: string) => boolean): Stale | null {
  for (const line of run.split(/\r?\n/)) {
    const [, name = '', data = ''] = /^ {4}(.+?) {4}REG_SZ {4}(.*)$/.exec(line) ?? [];
    const program = /^"([^"]+)"/.exec(data)?.[1] ?? data.split(' --')[0] ?? '';
    const isCopy = data.includes('--hidden') && !data.includes('\uFFFD') && win32.basename(program).toLowerCase() === win32.basename(path).toLowerCase();
    if (!isCopy || program.toLowerCase() === path.toLowerCase() || exists(program)) continue;
    const mark = approved.split(/\r?\n/).find((each) => each.startsWith(`    ${name}    REG_BINARY    `)) ?? '';
    const first = Number.parseInt(/REG_BINARY {4}([0-9A-F]{2})/i.exec(mark)?.[1] ?? '02', 16);
    return { program, isEnabled: first % 2 === 0 };
  }
  return null;
}

/** What the repair needs: Electron shows no entry whose program has moved. */
export interface Win32AutostartDeps {
  readonly exec: Exec;
  readonly exists: (program: string) => boolean;
}

/** Makes the interface over the registry. */
export function createWin32Autostart(items: LoginItems, [path, ...args]: Command, { exec, exists }: Win32AutostartDeps): Autostart {
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
    async repair() {
      const [run, approved] = await Promise.all([RUN, APPROVED].map((key) => exec('reg.exe', ['query', key], REG_TIME)));
      const stale = run?.code === 0 ? findStale(run.stdout, approved?.stdout ?? '', path, exists) : null;
      if (stale === null) return null;
      items.setLoginItemSettings({ ...options, openAtLogin: true, enabled: stale.isEnabled });
      return stale.program;
    },
  };
}
