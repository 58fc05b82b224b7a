/** An ordinary user for a test, and running programs as that user. */
import { capture, run } from '../exec.mjs';
import { UserError } from '../say.mjs';

/**
 * @typedef {object} TestUser
 * @property {string} name
 * @property {number} uid
 * @property {number} gid
 * @property {string} home
 */

/**
 * Creates a user with a home of its own, without a password.
 * @returns {Promise<TestUser>}
 * @throws {UserError} when that fails
 */
export async function createTestUser() {
  const name = `traywatch-test-${process.pid}`;
  const created = await capture('useradd', ['--create-home', '--shell', '/bin/bash', name]);
  if (created.code !== 0) throw new UserError(`useradd failed: ${created.stderr.trim()}`);
  const { stdout } = await capture('getent', ['passwd', name]);
  const [, , uid, gid, , home = ''] = stdout.trim().split(':');
  return { name, uid: Number(uid), gid: Number(gid), home };
}

/**
 * Ends what the user still runs, and removes the user with its home. The name is this run's own.
 * @param {TestUser} user
 */
export async function removeTestUser({ name, uid }) {
  const { stdout } = await capture('ps', ['-o', 'pid=', '-u', String(uid)]);
  for (const pid of stdout.split('\n').map(Number).filter((one) => one > 0)) killIfThere(pid);
  await capture('userdel', ['--force', '--remove', name]);
}

/** @param {number} pid */
function killIfThere(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Some end with their parents.
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * @param {TestUser} user
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} exit code
 */
export function runAs({ name, home }, command, env) {
  // Its groups, too: this process's are root's.
  const drop = ['--reuid', name, '--regid', name, '--init-groups', '--'];
  return run('setpriv', [...drop, ...command], { env: { ...env, HOME: home, USER: name, LOGNAME: name } });
}
