/** What starts an AppImage, with programs of the system in place of which others stand. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const appRun = fileURLToPath(new URL('../../../../resources/linux/AppRun', import.meta.url));

let folder = '';
let programs = '';

const provide = (file: string, script: string): void => fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-apprun-'));
  programs = path.join(folder, 'programs');
  fs.mkdirSync(programs);
  provide(path.join(folder, 'traywatch'), 'echo "started:$*"');
  provide(path.join(programs, 'id'), 'echo 1000');
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Runs it as an ordinary user; `namespaces` says whether user namespaces are open. */
function start(namespaces: 'open' | 'closed', ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  provide(path.join(programs, 'unshare'), namespaces === 'open' ? 'exit 0' : 'exit 1');
  const { status, stdout, stderr } = spawnSync('/bin/sh', [appRun, ...args], { env: { PATH: programs, APPDIR: folder }, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('an AppImage', () => {
  it('starts the program with the given arguments and no others', () => {
    expect(start('open')).toEqual({ status: 0, stdout: 'started:\n', stderr: '' });
    expect(start('open', '--hidden', '--user-data-dir=/a b')).toEqual({ status: 0, stdout: 'started:--hidden --user-data-dir=/a b\n', stderr: '' });
  });

  it('says what to do where its sandbox cannot start, and does not start', () => {
    const { status, stdout, stderr } = start('closed', '--hidden');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain("Traywatch's sandbox cannot start");
    expect(stderr).toContain('sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0');
    expect(stderr).not.toContain('--no-sandbox');
  });

  it.each(['--help', '--version'])('answers %s there, too', (option) => {
    expect(start('closed', option)).toEqual({ status: 0, stdout: `started:${option}\n`, stderr: '' });
  });
});
