/**
 * A virtual X display and a private session bus: what a desktop gives, where there is none. They are started
 * directly rather than through a wrapper, so that they end when asked to, and say themselves when they are ready.
 */
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * @typedef {object} Started
 * @property {Record<string, string>} env what a program needs to use it
 * @property {() => Promise<void>} stop ends it and removes what it left
 */

/**
 * Starts an X server without a screen, on the first free display number.
 * @param {{ geometry?: string }} [options] geometry: width x height x depth
 * @returns {Promise<Started>} env has DISPLAY and XAUTHORITY
 */
export async function startVirtualDisplay({ geometry = '1280x800x24' } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-display-'));
  const authority = path.join(folder, 'Xauthority');
  fs.writeFileSync(authority, toAuthority(crypto.randomBytes(16)), { mode: 0o600 });
  const args = ['-displayfd', '3', '-screen', '0', geometry, '-auth', authority, '-nolisten', 'tcp', '-noreset'];
  const removeFolder = () => fs.rmSync(folder, { recursive: true, force: true });
  const { line, stop } = await startAndReadLine('Xvfb', args, removeFolder);
  return { env: { DISPLAY: `:${line}`, XAUTHORITY: authority }, stop };
}

/**
 * One record of an X authority file, for any host and any display: family, address, number, name, data, each but
 * the first led by its length (Xau(3), big-endian).
 * @param {Buffer} cookie
 */
function toAuthority(cookie) {
  const anyFamily = Buffer.from([0xff, 0xff]);
  const fields = [Buffer.alloc(0), Buffer.alloc(0), Buffer.from('MIT-MAGIC-COOKIE-1'), cookie];
  return Buffer.concat([anyFamily, ...fields.flatMap((field) => [Buffer.from([0, field.length]), field])]);
}

/**
 * Starts a session bus of its own.
 * @param {NodeJS.ProcessEnv} [env] for the bus and for the services it starts
 * @returns {Promise<Started>} env has DBUS_SESSION_BUS_ADDRESS
 */
export async function startSessionBus(env = process.env) {
  const args = ['--session', '--nofork', '--nopidfile', '--nosyslog', '--print-address=3'];
  const { line, stop } = await startAndReadLine('dbus-daemon', args, () => undefined, env);
  return { env: { DBUS_SESSION_BUS_ADDRESS: line }, stop };
}

/**
 * Starts a server that writes one line to file descriptor 3 as soon as it answers.
 * @param {string} command
 * @param {string[]} args
 * @param {() => void} cleanUp
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ line: string, stop: () => Promise<void> }>}
 */
async function startAndReadLine(command, args, cleanUp, env = process.env) {
  // A group of its own: an interrupt typed at the terminal is for the application, which still needs its display.
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors = `${errors}${text}`.slice(-2000)));
  const ended = new Promise((resolve) => child.on('error', resolve).on('close', resolve));
  const lastResort = () => void child.kill('SIGKILL');
  process.on('exit', lastResort);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', lastResort);
    cleanUp();
  };
  const line = await Promise.race([readLine(child.stdio[3]), ended.then(() => null)]);
  if (line !== null) return { line, stop };
  await stop();
  throw new Error(`${command} did not start: ${errors.trim()}`);
}

/**
 * @param {any} stream
 * @returns {Promise<string>}
 */
function readLine(stream) {
  return new Promise((resolve) => {
    let text = '';
    stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
  });
}

/** Whether programs started from here can show windows. */
export function hasDisplay(env = process.env) {
  return process.platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/** Whether there is a session bus for tray and notifications. */
export function hasSessionBus(env = process.env) {
  if (process.platform !== 'linux' || env.DBUS_SESSION_BUS_ADDRESS) return true;
  return Boolean(env.XDG_RUNTIME_DIR) && fs.existsSync(path.join(env.XDG_RUNTIME_DIR ?? '', 'bus'));
}
