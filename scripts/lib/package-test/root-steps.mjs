/**
 * What the tests of the installed package need root for: a few fixed steps, asked for by name over a socket. The tests run
 * as an ordinary user, so that nothing but these steps has root's rights.
 */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { capture } from '../exec.mjs';

const APT = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0', '-q', '-y'];

/** @param {string[]} args */
function aptGet(args) {
  return capture('apt-get', [...APT, ...args], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } });
}

/**
 * @param {{ first: string, newer: string }} packages paths of two debs
 * @param {string} home of the user: a small disk is mounted nowhere else
 * @returns {Record<string, (argument: string) => Promise<import('../exec.mjs').Captured>>}
 */
export function createRootSteps({ first, newer }, home) {
  const inHome = (/** @type {string} */ folder) => path.resolve(folder).startsWith(`${home}/`) && fs.realpathSync(folder) === folder;
  const refused = { code: null, stdout: '', stderr: `not in ${home}` };
  const install = (/** @type {string} */ file) => aptGet(['install', '--no-install-recommends', file]);
  return {
    'install-first': () => install(first),
    'install-newer': () => install(newer),
    remove: () => aptGet(['remove', 'traywatch']),
    purge: () => aptGet(['purge', 'traywatch']),
    'mount-small': async (folder) => (inHome(folder) ? capture('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=1777,nosuid,nodev', 'none', folder]) : refused),
    'unmount-small': async (folder) => (inHome(folder) ? capture('umount', ['--lazy', folder]) : refused),
  };
}

/**
 * Answers each line with the name of a step, and what it is given, by a line of JSON, one step after the other.
 * @param {string} folder that the user may enter; the socket in it is for that user alone
 * @param {{ uid: number, gid: number }} user
 * @param {Record<string, (argument: string) => Promise<import('../exec.mjs').Captured>>} steps
 * @returns {Promise<{ path: string, stop: () => Promise<void> }>}
 */
export async function serveRootSteps(folder, user, steps) {
  const file = path.join(folder, 'root-steps');
  const server = net.createServer((socket) => {
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (!text.includes('\n')) return;
      const [name = '', argument = ''] = text.trim().split(/ (.*)/);
      const step = steps[name];
      const answer = step === undefined ? Promise.resolve({ code: null, stdout: '', stderr: 'no such step' }) : step(argument);
      void answer.then((result) => socket.end(`${JSON.stringify(result)}\n`));
    });
  });
  await new Promise((resolve) => server.listen(file, () => resolve(undefined)));
  fs.chmodSync(file, 0o600);
  fs.chownSync(file, user.uid, user.gid);
  return { path: file, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
