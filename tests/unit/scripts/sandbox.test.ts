import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../../scripts/lib/exec.mjs';
import { describeSandboxTrouble, findIgnoredSetuid, parseUserNamespaceProfiles, readSandboxFacts } from '../../../scripts/lib/sandbox.mjs';
import type { SandboxFacts } from '../../../scripts/lib/sandbox.mjs';

const executable = '/home/anna/traywatch/node_modules/electron/dist/electron';
const helper = { path: '/home/anna/traywatch/node_modules/electron/dist/chrome-sandbox', uid: 1000, mode: 0o755 };

/** An ordinary user on a machine where user namespaces are open. */
const OPEN: SandboxFacts = {
  executable,
  uid: 1000,
  hasUserNamespaces: true,
  unprivilegedClone: null,
  maxUserNamespaces: 96_365,
  appArmorRestriction: null,
  isAppArmorOff: false,
  allowedByAppArmor: [],
  helper,
  setuidIgnored: null,
};

/** Each way in which a system keeps user namespaces from ordinary users, and what opens it again. */
const CLOSED: readonly (readonly [name: string, facts: Partial<SandboxFacts>, remedy: string])[] = [
  ['Ubuntu 24.04', { appArmorRestriction: 1 }, 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'],
  ['Debian with kernel.unprivileged_userns_clone', { unprivilegedClone: 0 }, 'sudo sysctl -w kernel.unprivileged_userns_clone=1'],
  ['a machine that allows no user namespaces at all', { maxUserNamespaces: 0 }, 'sudo sysctl -w user.max_user_namespaces=10000'],
];

const trouble = (facts: Partial<SandboxFacts>): string => describeSandboxTrouble({ ...OPEN, ...facts }) ?? '';

describe('user namespaces', () => {
  it.each(CLOSED)('shut as on %s: one message with the two commands, or the setting', (_, facts, remedy) => {
    const message = trouble(facts);
    expect(message).toContain(`sudo chown root:root '${helper.path}'\n  sudo chmod 4755 '${helper.path}'`);
    expect(message).toContain(remedy);
    expect(message).not.toContain('no-sandbox');
  });

  it.each(CLOSED)('shut as on %s do not matter to root, nor where the helper is ready', (_, facts) => {
    expect(trouble({ ...facts, uid: 0 })).toBe('');
    for (const mode of [0o4755, 0o4711, 0o6755]) expect(trouble({ ...facts, helper: { ...helper, uid: 0, mode } })).toBe('');
    // Setuid to somebody else, not setuid, not executable for others.
    for (const wrong of [{ mode: 0o4755 }, { uid: 0 }, { uid: 0, mode: 0o4750 }]) expect(trouble({ ...facts, helper: { ...helper, ...wrong } })).toContain('sudo chown');
  });

  it('that are open need no helper', () => {
    expect(trouble({})).toBe('');
    expect(trouble({ helper: null, setuidIgnored: 'it is so' })).toBe('');
    expect(trouble({ appArmorRestriction: 0, unprivilegedClone: 1 })).toBe('');
    expect(trouble({ appArmorRestriction: 1, isAppArmorOff: true })).toBe('');
  });

  it('that an AppArmor profile opens for this program are open', () => {
    const isOpen = (attachment: string): boolean => trouble({ appArmorRestriction: 1, allowedByAppArmor: ['/opt/other/electron', attachment] }) === '';
    for (const match of [executable, '/home/*/traywatch/**/electron', '/home/**', '@{HOME}/traywatch/node_modules/electron/dist/electron', '/home/{anna,ben}/**/electro?', '/{home/anna,opt}/traywatch/**']) expect([match, isOpen(match)]).toEqual([match, true]);
    for (const other of ['/home/*/electron', '/home/anna/traywatch/node_modules/electron/dist', '/home/{ben,carl}/**', `${executable}2`, '/home/anna/traywatch/node_modules/electron/dist/.']) expect([other, isOpen(other)]).toEqual([other, false]);
    // A profile opens nothing that the kernel itself keeps shut.
    expect(trouble({ appArmorRestriction: 1, maxUserNamespaces: 0, allowedByAppArmor: [executable] })).toContain('max_user_namespaces');
  });

  it('and a helper that cannot help: the commands that would change nothing are not named', () => {
    const missing = trouble({ appArmorRestriction: 1, helper: null });
    expect(missing).not.toContain('chown');
    expect(missing).toContain('\nAllow user namespaces');
    const ignored = trouble({ unprivilegedClone: 0, helper: { ...helper, uid: 0, mode: 0o4755 }, setuidIgnored: '/home is mounted with nosuid' });
    expect(ignored).not.toContain('chown');
    expect(ignored).toContain('/home is mounted with nosuid');
    expect(trouble({ hasUserNamespaces: false, helper: null })).toMatch(/no user namespaces.*there is no \/home/);
  });

  it('paths in the commands are quoted for a shell', () => {
    const odd = "/home/anna's files/$(id)/chrome-sandbox";
    const message = trouble({ unprivilegedClone: 0, helper: { ...helper, path: odd } });
    const word = /chmod 4755 (.*)$/m.exec(message)?.[1] ?? '';
    expect(spawnSync('sh', ['-c', `printf %s ${word}`], { encoding: 'utf8' }).stdout).toBe(odd);
  });

  it('whatever a profile pattern holds, it is understood or matches nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('{', '}', ',', '[', ']', '(', ')', '*', '**', '?', '@{', '/', 'electron', '\\', '.', '+', '^')).map((parts) => parts.join('')), (pattern) => {
        expect(() => trouble({ appArmorRestriction: 1, allowedByAppArmor: [pattern] })).not.toThrow();
      }),
    );
  });
});

describe('AppArmor profiles', () => {
  it('that allow user namespaces are found', () => {
    const text = `
abi <abi/4.0>,
#include <tunables/global>
# profile commented /opt/commented { userns, }
profile chrome /opt/google/chrome/chrome flags=(unconfined) {
  userns,
  include if exists <local/chrome>
}
"/opt/with space/app" {
  @{PROC}/** r,
  /usr/{bin,lib}/x rix,
  allow userns create,
}
profile named-only flags=(unconfined) { userns, }
/usr/bin/plain (complain) { /etc/passwd r, }
/usr/bin/denied { deny userns, }
profile x @{HOME}/x/{a,b} { userns create, }
`;
    expect(parseUserNamespaceProfiles(text)).toEqual(['/opt/google/chrome/chrome', '/opt/with space/app', '@{HOME}/x/{a,b}']);
  });
});

describe('the setuid bit', () => {
  const root = '25 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw';
  it.each([
    ['works', 'NoNewPrivs:\t0', `${root}\n36 25 8:2 / /home rw,relatime - ext4 /dev/sda2 rw`, null],
    ['is ignored on a mount with nosuid', 'NoNewPrivs:\t0', `${root}\n36 25 8:2 / /home rw,nosuid,nodev - ext4 /dev/sda2 rw`, '/home is mounted with nosuid'],
    ['works below another mount', '', `${root}\n36 25 8:2 / /home/an rw,nosuid - ext4 /dev/sda2 rw`, null],
    ['is that of the mount seen last', '', `${root}\n36 25 8:2 / /home rw,nosuid - ext4 /dev/a rw\n37 36 8:3 / /home rw - ext4 /dev/b rw`, null],
    ['is ignored in a process without new privileges', 'NoNewPrivs:\t1', root, 'this process may not gain privileges (no_new_privs)'],
    ['works where nothing is known', '', '', null],
  ])('%s', (_, status, mountinfo, reason) => {
    expect(findIgnoredSetuid(status, mountinfo, helper.path)).toBe(reason);
  });

  it('is that of a mount point with a space', () => {
    expect(findIgnoredSetuid('', `36 25 8:2 / /home/my\\040files rw,nosuid - ext4 /dev/sda2 rw`, '/home/my files/chrome-sandbox')).toBe('/home/my files is mounted with nosuid');
  });
});

describe('the facts', () => {
  let root = '';
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-sandbox-'));
  });
  afterEach(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });
  const write = (file: string, text: string, mode = 0o644): void => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text, { mode });
  };

  it('are read from the system: an ordinary user on Ubuntu 24.04 with the helper as it was unpacked', () => {
    write('proc/self/ns/user', '');
    write('proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1\n');
    write('proc/sys/user/max_user_namespaces', '63411\n');
    write('sys/module/apparmor/parameters/enabled', 'Y\n');
    write('etc/apparmor.d/chrome', 'profile chrome /opt/google/chrome/chrome flags=(unconfined) { userns, }\n');
    write('etc/apparmor.d/local/x', '/** { userns, }');
    write('dist/chrome-sandbox', '', 0o755);
    const facts = readSandboxFacts(path.join(root, 'dist/electron'), { root, uid: 1000 });
    expect(facts).toMatchObject({ uid: 1000, hasUserNamespaces: true, unprivilegedClone: null, maxUserNamespaces: 63_411, appArmorRestriction: 1, isAppArmorOff: false, allowedByAppArmor: ['/opt/google/chrome/chrome'], helper: { mode: 0o755 } });
    expect(describeSandboxTrouble(facts)).toContain('sudo chmod 4755');
  });

  it('that cannot be read are no trouble', () => {
    write('proc/self/ns/user', '');
    fs.mkdirSync(path.join(root, 'proc/sys/kernel/unprivileged_userns_clone'), { recursive: true });
    const facts = readSandboxFacts(path.join(root, 'dist/electron'), { root, uid: 1000 });
    expect(facts).toMatchObject({ unprivilegedClone: null, maxUserNamespaces: null, appArmorRestriction: null, helper: null, allowedByAppArmor: [] });
    expect(describeSandboxTrouble(facts)).toBeNull();
  });

  it('of this machine can be read', () => {
    expect(() => readSandboxFacts(process.execPath)).not.toThrow();
  });
});

describe('a program that a signal ended', () => {
  it.each(['SIGTRAP', 'SIGABRT', 'SIGILL', 'SIGKILL'] as const)('has the exit code that a shell reports: %s', async (signal) => {
    const code = await run('sh', ['-c', `kill -${signal.slice(3)} $$`], { stdio: 'ignore', cwd: path.dirname(fileURLToPath(import.meta.url)) });
    expect(code).toBe(128 + os.constants.signals[signal]);
  });
});
