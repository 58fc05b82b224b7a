/** The script that the packages run after the installation, on made-up systems: it reads settings and never tries. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const resources = fileURLToPath(new URL('../../../../resources/linux/', import.meta.url));
const HELPER = 'usr/lib/traywatch/chrome-sandbox';
const PROFILE = 'etc/apparmor.d/traywatch';
const ENABLED = 'etc/systemd/system/multi-user.target.wants/traywatch-headless.service';
/** Ubuntu 24.04. */
const RESTRICTED = { 'proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1', 'sys/module/apparmor/parameters/enabled': 'Y' };

let root = '';
let programs = '';

/** Puts a program of that name on the script's path. */
function provide(name: string, script: string): void {
  fs.writeFileSync(path.join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-choose-'));
  programs = path.join(root, 'programs');
  for (const folder of ['programs', 'usr/lib/traywatch', 'etc/apparmor.d/local', 'proc/self/ns']) fs.mkdirSync(path.join(root, folder), { recursive: true });
  fs.writeFileSync(path.join(root, HELPER), '', { mode: 0o644 });
  fs.copyFileSync(path.join(resources, 'apparmor-profile'), path.join(root, 'usr/lib/traywatch/apparmor-profile'));
  fs.writeFileSync(path.join(root, 'proc/self/ns/user'), '');
  // The parser is on the path only where a test puts it there.
  for (const name of ['cat', 'chmod', 'install']) provide(name, `PATH=/usr/bin:/bin exec ${name} "$@"`);
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** Runs the script on the made-up system; returns the helper's mode and whether there is a profile. */
function choose(files: Readonly<Record<string, string>>): { mode: number; hasProfile: boolean } {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), `${text}\n`);
  }
  const { status, stderr } = spawnSync('/bin/sh', [path.join(resources, 'choose-sandbox')], { env: { PATH: programs, DPKG_ROOT: root }, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return { mode: fs.statSync(path.join(root, HELPER)).mode & 0o7777, hasProfile: fs.existsSync(path.join(root, PROFILE)) };
}

describe('where user namespaces are open', () => {
  it.each([
    ['a kernel without any of the switches', {}],
    ['Debian', { 'proc/sys/user/max_user_namespaces': '96364', 'proc/sys/kernel/unprivileged_userns_clone': '1' }],
    ['Ubuntu with the restriction off', { ...RESTRICTED, 'proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0' }],
    ['a kernel with the switch and without AppArmor', { ...RESTRICTED, 'sys/module/apparmor/parameters/enabled': 'N' }],
  ])('nothing gets special rights: %s', (_, files) => {
    provide('apparmor_parser', 'exit 0');
    expect(choose(files)).toEqual({ mode: 0o755, hasProfile: false });
  });
});

describe('where they are closed', () => {
  it.each([
    ['none allowed', { 'proc/sys/user/max_user_namespaces': '0' }],
    ['a hardened kernel', { 'proc/sys/kernel/unprivileged_userns_clone': '0' }],
  ])('chrome-sandbox is setuid: %s', (_, files) => {
    expect(choose(files)).toEqual({ mode: 0o4755, hasProfile: false });
  });

  it('chrome-sandbox is setuid on a kernel without them, and loses that where they are open again', () => {
    fs.rmSync(path.join(root, 'proc/self/ns/user'));
    expect(choose({}).mode).toBe(0o4755);
    fs.writeFileSync(path.join(root, 'proc/self/ns/user'), '');
    expect(choose({}).mode).toBe(0o755);
  });
});

describe('where AppArmor restricts them', () => {
  it('a profile is installed and chrome-sandbox has no special rights', () => {
    provide('apparmor_parser', 'exit 0');
    expect(choose(RESTRICTED)).toEqual({ mode: 0o755, hasProfile: true });
    expect(fs.readFileSync(path.join(root, PROFILE), 'utf8')).toMatch(/profile traywatch \/usr\/lib\/traywatch\/traywatch .*\{\n {2}userns,/);
  });

  it('a profile that an administrator changed stays', () => {
    provide('apparmor_parser', 'exit 0');
    expect(choose({ ...RESTRICTED, [PROFILE]: '# mine' })).toEqual({ mode: 0o755, hasProfile: true });
    expect(fs.readFileSync(path.join(root, PROFILE), 'utf8')).toBe('# mine\n');
  });

  it('and the parser does not know the profile’s language, chrome-sandbox is setuid and no profile is left that would fail', () => {
    provide('apparmor_parser', 'echo "Could not open abi/4.0" >&2; exit 1');
    expect(choose(RESTRICTED)).toEqual({ mode: 0o4755, hasProfile: false });
  });

  it('and there is no parser, chrome-sandbox is setuid', () => {
    expect(choose(RESTRICTED)).toEqual({ mode: 0o4755, hasProfile: false });
  });
});

describe('what an administrator decided', () => {
  it('with dpkg-statoverride stays', () => {
    fs.chmodSync(path.join(root, HELPER), 0o4750);
    provide('dpkg-statoverride', 'exit 0');
    expect(choose({}).mode).toBe(0o4750);
  });
});

describe('when the package goes', () => {
  /** Runs a script of the deb on the made-up system. */
  const run = (name: string, argument: string): void => {
    for (const tool of ['cmp', 'rm']) provide(tool, `PATH=/usr/bin:/bin exec ${tool} "$@"`);
    const { status, stderr } = spawnSync('/bin/sh', [path.join(resources, name), argument], { env: { PATH: programs, DPKG_ROOT: root }, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  };

  it.each(['remove', 'upgrade'])('its profile goes, and one that an administrator changed stays: %s', (reason) => {
    provide('apparmor_parser', 'exit 0');
    expect(choose(RESTRICTED).hasProfile).toBe(true);
    run('prerm', reason);
    expect(fs.existsSync(path.join(root, PROFILE))).toBe(false);
    expect(choose({ ...RESTRICTED, [PROFILE]: '# mine' }).hasProfile).toBe(true);
    run('prerm', reason);
    expect(fs.existsSync(path.join(root, PROFILE))).toBe(true);
  });

  it('purging removes what the system has of it, and no file in a home', () => {
    for (const [name, text] of Object.entries({ [PROFILE]: 'x', 'etc/apparmor.d/local/traywatch': 'x', 'var/lib/private/traywatch/history.sqlite': 'x', [ENABLED]: 'x', 'home/anna/.config/Traywatch/history.sqlite': 'x' })) {
      fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
      fs.writeFileSync(path.join(root, name), text);
    }
    fs.symlinkSync('private/traywatch', path.join(root, 'var/lib/traywatch'));
    run('postrm', 'remove');
    expect(fs.existsSync(path.join(root, 'var/lib/traywatch/history.sqlite'))).toBe(true);
    run('postrm', 'purge');
    expect(fs.readdirSync(path.join(root, 'var/lib/private'))).toEqual([]);
    expect(fs.readdirSync(path.join(root, 'var/lib'))).toEqual(['private']);
    expect([PROFILE, ENABLED].filter((name) => fs.existsSync(path.join(root, name)))).toEqual([]);
    expect(fs.existsSync(path.join(root, 'home/anna/.config/Traywatch/history.sqlite'))).toBe(true);
  });
});

describe('the scripts of the packages', () => {
  it.each(['choose-sandbox', 'postinst', 'prerm', 'postrm'])('%s never tries a namespace as root and never turns the sandbox off', (name) => {
    const lines = fs.readFileSync(path.join(resources, name), 'utf8').split('\n').filter((line) => !line.startsWith('#'));
    expect(lines.join('\n')).not.toMatch(/unshare|no-sandbox|\/home/);
  });
});
