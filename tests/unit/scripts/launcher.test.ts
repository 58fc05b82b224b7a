/** resources/linux/launcher.sh on made-up machines: the real shell runs it, over a tree with proc, sys and etc. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { addLauncher } from '../../../scripts/lib/launcher.mjs';
import { createFolder } from '../../support/odd-files';

interface Machine {
  /** Files below the root, with their text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly helper?: { readonly mode: number; readonly uid: number };
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

const OPEN = { 'proc/self/ns/user': '', 'proc/self/status': 'NoNewPrivs:\t0\n', 'proc/sys/user/max_user_namespaces': '96364\n' };
const UBUNTU = { ...OPEN, 'proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n', 'sys/module/apparmor/parameters/enabled': 'Y\n' };
const PROFILE = (program: string, rule = 'userns,'): Record<string, string> => ({ 'etc/apparmor.d/one': `profile x "${program}" flags=(unconfined) {\n  ${rule}\n}\n` });

function write(file: string, text: string, mode = 0o644): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  fs.chmodSync(file, mode);
}

/** Runs the launcher of a package on such a machine, from a link on the PATH. */
function launch({ files = OPEN, uid = 1000, helper = { mode: 0o755, uid: 1000 }, args = ['--hidden', 'a b'], env = {}, folder = 'My apps' }: Machine) {
  const home = createFolder();
  const app = path.join(home, folder);
  write(path.join(app, 'traywatch'), '#!/bin/sh\nprintf "started %s|" "$@"\n', 0o755);
  addLauncher(app);
  write(path.join(app, 'chrome-sandbox'), '', helper.mode);
  const launcher = path.join(app, 'traywatch');
  const root = path.join(home, 'root');
  for (const [name, text] of Object.entries(files)) write(path.join(root, name), text);
  fs.writeFileSync(launcher, fs.readFileSync(launcher, 'utf8').replace("root=''", `root='${root}'`));
  // Who runs it and who owns the helper is up to the test, which may run as root.
  write(path.join(home, 'bin/id'), `#!/bin/sh\necho ${uid}\n`, 0o755);
  write(path.join(home, 'bin/stat'), `#!/bin/sh\necho ${helper.uid}\n`, 0o755);
  const shown = path.join(home, 'shown');
  write(path.join(home, 'bin/notify-send'), `#!/bin/sh\nprintf '%s\\n' "$@" > '${shown}'\n`, 0o755);
  fs.symlinkSync(launcher, path.join(home, 'bin/traywatch'));
  const { status, stdout, stderr } = spawnSync(path.join(home, 'bin/traywatch'), args, { env: { PATH: `${home}/bin:/usr/bin:/bin`, ...env }, encoding: 'utf8' });
  return { status, stdout, stderr, app, notified: fs.existsSync(shown) ? fs.readFileSync(shown, 'utf8') : '' };
}

describe('the launcher', () => {
  it('starts the program with its arguments where user namespaces are open', () => {
    expect(launch({})).toMatchObject({ status: 0, stdout: 'started --hidden|started a b|', stderr: '', notified: '' });
  });

  it.each([
    ['no user namespaces in the kernel', { 'proc/self/status': '' }, /this kernel has no user namespaces/, null],
    ['no user namespaces allowed', { ...OPEN, 'proc/sys/user/max_user_namespaces': '0\n' }, /max_user_namespaces is 0/, 'user.max_user_namespaces=10000'],
    ['a hardened kernel', { ...OPEN, 'proc/sys/kernel/unprivileged_userns_clone': '0\n' }, /unprivileged_userns_clone is 0/, 'kernel.unprivileged_userns_clone=1'],
    ['Ubuntu 24.04', UBUNTU, /apparmor_restrict_unprivileged_userns is 1/, 'kernel.apparmor_restrict_unprivileged_userns=0'],
    ['Ubuntu 24.04 with a profile of another program', { ...UBUNTU, ...PROFILE('/opt/other') }, /apparmor_restrict/, 'kernel.apparmor_restrict_unprivileged_userns=0'],
  ])('explains %s in one message, and ends with 1', (_, files, cause, setting) => {
    const { status, stdout, stderr, app, notified } = launch({ files });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(cause);
    expect(stderr).toContain(`sudo chown root:root '${app}/chrome-sandbox'`);
    expect(stderr.includes('sysctl')).toBe(setting !== null);
    if (setting !== null) expect(stderr).toContain(`sudo sysctl -w ${setting}\n`);
    expect(stderr).not.toContain('no-sandbox');
    expect(notified).toMatch(/Traywatch cannot start\nTraywatch’s sandbox cannot start: /);
  });

  it.each([
    ['its helper belongs to root', { helper: { mode: 0o4755, uid: 0 } }, 0],
    ['its helper belongs to somebody else', { helper: { mode: 0o4755, uid: 1000 } }, 1],
    ['its helper is of root without the bit', { helper: { mode: 0o755, uid: 0 } }, 1],
    ['the helper can gain no rights', { helper: { mode: 0o4755, uid: 0 }, files: { ...UBUNTU, 'proc/self/status': 'NoNewPrivs:\t1\n' } }, 1],
    ['a profile allows it', { files: { ...UBUNTU, ...PROFILE('/home/*/Traywatch/traywatch-bin') } }, 0],
    ['AppArmor is off', { files: { ...UBUNTU, 'sys/module/apparmor/parameters/enabled': 'N\n' } }, 0],
    ['the user turned the sandbox off', { args: ['--no-sandbox'] }, 0],
    ['the environment turned it off', { env: { ELECTRON_DISABLE_SANDBOX: '1' } }, 0],
  ])('on Ubuntu 24.04, where %s', (_, machine, status) => {
    expect(launch({ files: UBUNTU, ...machine }).status).toBe(status);
  });

  it('does not run as root', () => {
    expect(launch({ uid: 0 })).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('does not run as root') });
    expect(launch({ uid: 0, args: ['--no-sandbox'] }).status).toBe(0);
  });

  it('gives a command that a shell understands, whatever the folder is called', () => {
    const { stderr, app } = launch({ files: UBUNTU, folder: "Anna's $HOME" });
    const [, quoted = ''] = /chmod 4755 (.*)/.exec(stderr) ?? [];
    expect(spawnSync('sh', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' }).stdout).toBe(`${app}/chrome-sandbox`);
  });
});
