import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LoginItemSettings, LoginItemSettingsOptions, Settings } from 'electron';
import { describe, expect, it } from 'vitest';
import { fixedAutostart } from '../../../../src/main/lib/autostart';
import { createDarwinAutostart } from '../../../../src/main/desktop/autostart/autostart.darwin';
import type { LoginItems } from '../../../../src/main/desktop/autostart/autostart.darwin';
import { createLinuxAutostart } from '../../../../src/main/desktop/autostart/autostart.linux';
import { createWin32Autostart, findStale } from '../../../../src/main/desktop/autostart/autostart.win32';
import type { Win32AutostartDeps } from '../../../../src/main/desktop/autostart/autostart.win32';
import { composeEntry, isOurs } from '../../../../src/main/desktop/autostart/autostart-entry';
import type { Command } from '../../../../src/main/desktop/autostart/autostart-entry';
import { launchCommand } from '../../../../src/main/desktop/autostart/launch-command';
import { autostartText } from '../../../../src/shared/autostart';
import { createFolder, ODD_FILES } from '../../../support/odd-files';

/** A user's home, a system folder, and a program in them. */
function desktop(name = 'traywatch', repairs = true) {
  const home = createFolder();
  const [config, system] = [join(home, 'config'), join(home, 'xdg')];
  const program = join(home, name);
  copyFileSync('/bin/true', program);
  const path = join(config, 'autostart/traywatch.desktop');
  const systemPath = join(system, 'autostart/traywatch.desktop');
  const put = (text: string | Uint8Array, at = path): void => {
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
  };
  const env = { XDG_CONFIG_HOME: config, XDG_CONFIG_DIRS: `relative:${system}`, XDG_CURRENT_DESKTOP: 'XFCE', PATH: '/usr/bin:/bin' };
  const withCommand = (command: Command) => createLinuxAutostart({ command, env, home, repairs });
  return { home, config, path, systemPath, program, put, withCommand, autostart: withCommand([program, '--hidden']), text: () => readFileSync(path, 'utf8') };
}

describe('on Linux', () => {
  it('is turned on, off and on again', () => {
    const { autostart, path, text, program } = desktop('Tray watch – Łódź 100%');
    expect(autostart.read()).toEqual({ state: 'disabled', reason: null, what: null, canChange: true });
    expect(autostart.set(true)).toEqual({ state: 'enabled', reason: null, what: null, canChange: true });
    expect(text()).toBe(composeEntry([program, '--hidden']));
    expect(autostart.set(false).state).toBe('disabled');
    expect(existsSync(path)).toBe(false);
    expect(autostart.set(false).state).toBe('disabled');
    expect(autostart.set(true).state).toBe('enabled');
  });

  it('follows what the desktop’s own settings say, and turns it on again when asked', async () => {
    const { autostart, put, text } = desktop();
    autostart.set(true);
    put(text().replace('X-GNOME-Autostart-enabled=true', 'X-GNOME-Autostart-enabled=false'));
    expect(autostart.read()).toMatchObject({ state: 'disabledElsewhere', canChange: true });
    expect(autostart.set(true).state).toBe('enabled');
    put(`${text()}Hidden=true\n`);
    expect(autostart.read().state).toBe('disabledElsewhere');
    expect(await autostart.repair()).toBeNull();
  });

  it('hides an entry for all users, and shows it again', () => {
    const { autostart, put, systemPath, path, program } = desktop();
    put(composeEntry([program, '--hidden']), systemPath);
    expect(autostart.read()).toEqual({ state: 'enabled', reason: 'systemWide', what: systemPath, canChange: true });
    expect(autostart.set(false).state).toBe('disabled');
    expect(readFileSync(path, 'utf8')).toContain('Hidden=true');
    expect(autostart.set(true).state).toBe('enabled');
    rmSync(path);
    expect(autostart.read().reason).toBe('systemWide');
  });

  it('does not change an entry that another program wrote', async () => {
    const { autostart, put, path, text } = desktop();
    const foreign = '[Desktop Entry]\nType=Application\nName=Traywatch\nExec=true %U\n';
    put(foreign);
    expect(autostart.read()).toEqual({ state: 'enabled', reason: 'notOurs', what: path, canChange: false });
    for (const on of [true, false]) expect(() => autostart.set(on)).toThrow(`Traywatch did not write ${path}`);
    expect(await autostart.repair()).toBeNull();
    expect(text()).toBe(foreign);
  });

  it('does not change a link, nor what it leads to', async () => {
    const { autostart, put, path, home, program } = desktop();
    const target = join(home, 'dotfiles.desktop');
    put(composeEntry([program, '--hidden']), target);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
    expect(autostart.read()).toEqual({ state: 'enabled', reason: 'link', what: path, canChange: false });
    expect(() => autostart.set(false)).toThrow(/is a link.*Remove the link/);
    rmSync(program);
    expect(await autostart.repair()).toBeNull();
    expect(isOurs(readFileSync(target, 'utf8'))).toBe(true);
  });

  it.each([
    ['UTF-16', Buffer.from('\uFEFF[Desktop Entry]\n', 'utf16le')],
    ['Latin-1', Buffer.from('[Desktop Entry]\nName=Fenêtre\n', 'latin1')],
    ['too much', Buffer.alloc(200_000, 'a')],
  ])('cannot read a file in %s, and leaves it alone', async (_, bytes) => {
    const { autostart, put, path } = desktop();
    put(bytes);
    expect(autostart.read()).toEqual({ state: 'unknown', reason: 'unreadable', what: path, canChange: false });
    expect(() => autostart.set(true)).toThrow(`${path} cannot be read.`);
    expect(await autostart.repair()).toBeNull();
    expect(readFileSync(path)).toEqual(bytes);
  });

  it.each(ODD_FILES)('leaves $name alone', async ({ put }) => {
    const { autostart, path } = desktop();
    mkdirSync(dirname(path), { recursive: true });
    await put(path);
    expect(autostart.read()).toMatchObject({ state: 'unknown', reason: 'unreadable' });
    expect(() => autostart.set(true)).toThrow(/cannot be read/);
  });

  it('says that the folder cannot be written', () => {
    const { autostart, config } = desktop();
    // A file where the folder should be stops root, too.
    writeFileSync(config, '');
    expect(autostart.read().state).toBe('disabled');
    expect(() => autostart.set(true)).toThrow(/traywatch\.desktop cannot be changed/);
  });

  it.skipIf(process.getuid?.() === 0)('says that a read-only folder cannot be written (skipped as root, whom modes do not bind)', () => {
    const { autostart, home } = desktop();
    chmodSync(home, 0o500);
    expect(() => autostart.set(true)).toThrow(/you may not write there/);
    chmodSync(home, 0o700);
  });

  it('does not promise to start a program that cannot be named', () => {
    const { withCommand, home } = desktop();
    expect(() => withCommand([join(home, 'a\uFFFDb'), '--hidden']).set(true)).toThrow(/cannot be found as/);
  });

  it('names the program where it is after it has moved', async () => {
    const { autostart, withCommand, home, program, text, put } = desktop();
    autostart.set(true);
    put(`${text()}Hidden=true\n`);
    const moved = join(home, 'traywatch 0.2');
    copyFileSync('/bin/true', moved);
    const after = withCommand([moved, '--hidden']);
    // Both are there: it may be the other one that is wanted.
    expect(await after.repair()).toBeNull();
    rmSync(program);
    expect(await after.repair()).toBe(program);
    expect(text()).toBe(`${composeEntry([moved, '--hidden'])}Hidden=true\n`);
    expect(await after.repair()).toBeNull();
  });

  it('is not repaired by a checkout, nor by a run with another data folder', async () => {
    const { autostart, withCommand, program } = desktop('traywatch', false);
    autostart.set(true);
    rmSync(program);
    expect(await withCommand(['/bin/true', '--hidden']).repair()).toBeNull();
    const other = desktop();
    other.autostart.set(true);
    rmSync(other.program);
    expect(await other.withCommand(['/bin/true', '--user-data-dir=/x', '--hidden']).repair()).toBeNull();
  });

  it('says that another copy is started, and takes over when it is turned on', () => {
    const { autostart, withCommand, program } = desktop();
    withCommand(['/bin/true', '--hidden']).set(true);
    expect(autostart.read()).toEqual({ state: 'enabled', reason: 'otherCommand', what: '/bin/true --hidden', canChange: true });
    autostart.set(true);
    expect(autostart.read().reason).toBeNull();
    rmSync(program);
    expect(autostart.read()).toEqual({ state: 'disabled', reason: 'programMissing', what: program, canChange: true });
  });

  it('uses ~/.config where XDG_CONFIG_HOME is not absolute', () => {
    const home = createFolder();
    createLinuxAutostart({ command: ['/bin/true'], env: { XDG_CONFIG_HOME: 'config' }, home, repairs: true }).set(true);
    expect(existsSync(join(home, '.config/autostart/traywatch.desktop'))).toBe(true);
  });
});

/** A system with login items. */
function loginItems(answer: (options: LoginItemSettingsOptions | undefined, set: readonly Settings[]) => Partial<LoginItemSettings>): LoginItems & { readonly set: Settings[] } {
  const set: Settings[] = [];
  const none = { openAtLogin: false, openAsHidden: false, wasOpenedAtLogin: false, wasOpenedAsHidden: false, restoreState: false, executableWillLaunchAtLogin: false, launchItems: [] };
  // Before macOS 13 and on Windows there is no status.
  return { set, getLoginItemSettings: (options) => ({ ...none, ...answer(options, set) }) as LoginItemSettings, setLoginItemSettings: (settings) => void set.push(settings) };
}

describe('on macOS', () => {
  it.each([
    ['enabled', 'enabled'],
    ['requires-approval', 'needsApproval'],
    ['not-registered', 'disabled'],
    ['not-found', 'disabled'],
    ['something-new', 'unknown'],
  ])('%s is %s', (status, state) => {
    expect(createDarwinAutostart(loginItems(() => ({ status: status as 'enabled' }))).read()).toEqual({ state, reason: null, what: null, canChange: true });
  });

  it('before macOS 13 there is only whether it is opened at login', () => {
    expect([true, false].map((openAtLogin) => createDarwinAutostart(loginItems(() => ({ openAtLogin }))).read().state)).toEqual(['enabled', 'disabled']);
  });

  it('registers the app itself, and reads what came of it', () => {
    const items = loginItems((options, set) => ({ status: options?.type === 'mainAppService' && set.at(-1)?.openAtLogin === true ? 'requires-approval' : 'not-registered' }));
    const autostart = createDarwinAutostart(items);
    expect(autostart.set(true).state).toBe('needsApproval');
    expect(autostart.set(false).state).toBe('disabled');
    expect(items.set).toEqual([{ type: 'mainAppService', openAtLogin: true }, { type: 'mainAppService', openAtLogin: false }]);
  });

  it('says so where the system does not take it', () => {
    expect(() => createDarwinAutostart(loginItems(() => ({ status: 'not-found' }))).set(true)).toThrow(/did not take the login item/);
  });
});

describe('on Windows', () => {
  const PROGRAM = String.raw`C:\Users\Ж\AppData\Local\Programs\Traywatch\Traywatch.exe`;
  /** A registry without entries. */
  const QUIET: Win32AutostartDeps = { exec: () => Promise.resolve({ code: 0, stdout: '', stderr: '', isMissing: false }), exists: () => true };
  const item = (over: Partial<LoginItemSettings['launchItems'][number]> = {}): LoginItemSettings['launchItems'][number] => ({ name: 'io.traywatch.app', path: PROGRAM, args: ['--hidden'], scope: 'user', enabled: true, ...over });

  it.each([
    ['not there', {}, 'disabled', null],
    ['on', { openAtLogin: true, executableWillLaunchAtLogin: true, launchItems: [item()] }, 'enabled', null],
    ['turned off in Task Manager', { openAtLogin: true, launchItems: [item({ enabled: false })] }, 'disabledElsewhere', null],
    ['turned off, with other arguments', { launchItems: [item({ enabled: false, path: PROGRAM.toUpperCase(), args: [] })] }, 'disabledElsewhere', null],
    ['on for all users', { executableWillLaunchAtLogin: true, launchItems: [item({ scope: 'machine' })] }, 'enabled', 'systemWide'],
  ])('%s', (_, answer, state, reason) => {
    expect(createWin32Autostart(loginItems(() => answer), [PROGRAM, '--hidden'], QUIET).read()).toMatchObject({ state, reason, canChange: true });
  });

  it('asks for what it has set', () => {
    const items = loginItems((options, set) => {
      const last = set.at(-1);
      const isSame = JSON.stringify([options?.path, options?.args]) === JSON.stringify([last?.path, last?.args]);
      return { executableWillLaunchAtLogin: isSame && last?.openAtLogin === true && last.enabled === true };
    });
    const autostart = createWin32Autostart(items, [PROGRAM, String.raw`--user-data-dir=D:\My Data\ `.trim(), String.raw`a "b\"`, '--hidden'], QUIET);
    expect(autostart.set(true).state).toBe('enabled');
    expect(items.set[0]?.args).toEqual([String.raw`"--user-data-dir=D:\My Data\\"`, String.raw`"a \"b\\\""`, '--hidden']);
    expect(autostart.set(false).state).toBe('disabled');
  });

  const entry = (data: string, name = 'electron.app.Traywatch'): string => `\r\nHKEY_CURRENT_USER\\Software\\X\\Run\r\n    OneDrive    REG_SZ    "C:\\One Drive\\x.exe" /background\r\n    ${name}    REG_SZ    ${data}\r\n\r\n`;
  const OLD = String.raw`D:\Apps\Traywatch 0.1\Traywatch.exe`;

  it.each([
    ['a program that has moved', entry(`"${OLD}" --hidden`), '', { program: OLD, isEnabled: true }],
    ['one without quotes', entry(String.raw`D:\old\TRAYWATCH.EXE --hidden`), '', { program: String.raw`D:\old\TRAYWATCH.EXE`, isEnabled: true }],
    ['one that is turned off', entry(`"${OLD}" --hidden`), '    electron.app.Traywatch    REG_BINARY    0300000075B3\r\n', { program: OLD, isEnabled: false }],
    ['one that is on', entry(`"${OLD}" --hidden`), '    electron.app.Traywatch    REG_BINARY    0200000000\r\n', { program: OLD, isEnabled: true }],
    ['this program', entry(`"${PROGRAM}" --hidden`), '', null],
    ['another program', entry(String.raw`"D:\other.exe" --hidden`), '', null],
    ['an entry of the user', entry(`"${OLD}"`), '', null],
    ['another code page', entry('"D:\\\uFFFD\\Traywatch.exe" --hidden'), '', null],
    ['no entry', '', '', null],
  ])('of %s the registry says', (_, run, approved, stale) => {
    expect(findStale(run, approved, PROGRAM, () => false)).toEqual(stale);
    expect(findStale(run, approved, PROGRAM, () => true)).toBeNull();
  });

  it('names the program where it is after it has moved, and leaves it off where it was', async () => {
    const queried: string[] = [];
    const answer = (key: string): string => (key.includes('Approved') ? '    electron.app.Traywatch    REG_BINARY    03\r\n' : entry(`"${OLD}" --hidden`));
    const exec: Win32AutostartDeps['exec'] = (program, [verb, key = '']) => {
      queried.push(`${program} ${verb ?? ''}`);
      return Promise.resolve({ code: 0, stdout: answer(key), stderr: '', isMissing: false });
    };
    const items = loginItems(() => ({}));
    expect(await createWin32Autostart(items, [PROGRAM, '--hidden'], { exec, exists: () => false }).repair()).toBe(OLD);
    expect(items.set).toEqual([{ path: PROGRAM, args: ['--hidden'], openAtLogin: true, enabled: false }]);
    expect(queried).toEqual(['reg.exe query', 'reg.exe query']);
    expect(await createWin32Autostart(items, [PROGRAM, '--hidden'], QUIET).repair()).toBeNull();
  });

  it('says so where a policy forbids it, or another entry is left', () => {
    expect(() => createWin32Autostart(loginItems(() => ({})), [PROGRAM], QUIET).set(true)).toThrow(/did not take the entry/);
    expect(() => createWin32Autostart(loginItems(() => ({ executableWillLaunchAtLogin: true })), [PROGRAM], QUIET).set(false)).toThrow(/Another entry/);
  });
});

describe('the command', () => {
  const launch = { execPath: '/opt/Traywatch/traywatch', isPackaged: true, appPath: '/opt/Traywatch/resources/app.asar', userData: null, env: {}, exists: (): boolean => true };
  it.each([
    ['a package', {}, ['/opt/Traywatch/traywatch', '--hidden']],
    ['a package behind its launcher', { execPath: '/opt/Traywatch/traywatch-bin' }, ['/opt/Traywatch/traywatch', '--hidden']],
    ['a package that lost its launcher', { execPath: '/opt/Traywatch/traywatch-bin', exists: (): boolean => false }, ['/opt/Traywatch/traywatch-bin', '--hidden']],
    ['an AppImage', { execPath: '/tmp/.mount_a/traywatch', env: { APPIMAGE: '/home/u/Traywatch.AppImage', APPDIR: '/tmp/.mount_a' } }, ['/home/u/Traywatch.AppImage', '--hidden']],
    ['a package started from an AppImage of another program', { env: { APPIMAGE: '/home/u/Terminal.AppImage', APPDIR: '/tmp/.mount_b' } }, ['/opt/Traywatch/traywatch', '--hidden']],
    ['another data folder', { userData: '/data' }, ['/opt/Traywatch/traywatch', '--user-data-dir=/data', '--hidden']],
    ['a checkout', { isPackaged: false, appPath: '/src/traywatch', execPath: '/cache/electron' }, ['/src/traywatch/node_modules/node/bin/node', '/src/traywatch/scripts/start.mjs', '--hidden']],
    ['a folder that was built elsewhere', { isPackaged: false, appPath: '/src/traywatch', execPath: '/cache/electron', exists: (): boolean => false }, ['/cache/electron', '/src/traywatch', '--hidden']],
  ])('of %s', (_, over, expected) => {
    expect(launchCommand({ ...launch, ...over })).toEqual(expected);
  });
});

it('is neither known nor changed where the system cannot start this copy', async () => {
  for (const reason of ['demo', 'headless', 'checkout', 'confined'] as const) {
    const autostart = fixedAutostart(reason);
    expect(autostart.read()).toEqual({ state: 'unknown', reason, what: null, canChange: false });
    expect(() => autostart.set(true)).toThrow(autostartText(autostart.read()));
    expect(await autostart.repair()).toBeNull();
  }
});
