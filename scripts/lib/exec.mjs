/** Starting other programs: with their output captured, or with ours passed on to them. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './paths.mjs';

/**
 * @typedef {object} Captured
 * @property {number | null} code exit code; null when a signal ended it or it could not be started
 * @property {string} stdout
 * @property {string} stderr ends with the reason when it could not be started
 */

/**
 * Runs a program to its end and returns what it printed. Never rejects.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<Captured>}
 */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', (error) => resolve({ code: null, stdout, stderr: `${stderr}${error.message}` }));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/**
 * Runs a program in the foreground: it gets our terminal and the signals that ask us to stop.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit code; 128 + n when signal n ended it, as a shell reports it
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: root, ...options });
    const stopForwarding = forwardSignals(child);
    child.on('error', (error) => {
      stopForwarding();
      reject(error);
    });
    child.on('close', (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + (signalNumbers[signal ?? ''] ?? 0));
    });
  });
}

/**
 * Runs the application in the foreground, in a process group of its own: an interrupt typed at the terminal goes to
 * every process of a group, and would take Chromium's helpers from under a main process that still has to finish.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} as `run`
 */
export function runApplication(command, args, env) {
  return run(command, args, { env, detached: process.platform !== 'win32' });
}

/**
 * The number of any signal of this system: Chromium aborts with SIGTRAP, SIGILL or SIGABRT.
 * @type {Readonly<Record<string, number | undefined>>}
 */
const signalNumbers = os.constants.signals;

/** @param {import('node:child_process').ChildProcess} child */
function forwardSignals(child) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  const handlers = signals.map((signal) => /** @type {const} */ ([signal, () => void child.kill(signal)]));
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/**
 * The Node that the checkout brings along, so that the tools run under the version they were tried with even
 * when a script is started by an older Node.
 * @returns {string} path of the executable
 */
export function nodePath() {
  const bundled = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return fs.existsSync(bundled) ? bundled : process.execPath;
}

/**
 * How to call the user's npm: the one that runs us, or the one on the PATH.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(env = process.env) {
  const cli = env.npm_execpath;
  if (cli && path.basename(cli) === 'npm-cli.js') return { command: nodePath(), args: [cli] };
  return { command: 'npm', args: [] };
}

/**
 * The full path of a program on the PATH.
 * @param {string} name
 * @returns {string | null}
 */
export function findProgram(name) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, name);
    if (folder !== '' && isExecutable(candidate)) return candidate;
  }
  return null;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
