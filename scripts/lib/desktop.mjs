/** Running the application where people work, and where there is no desktop. */
import { isRoot } from './debian.mjs';
import { hasDisplay, hasSessionBus, startSessionBus, startVirtualDisplay } from './display.mjs';
import { ensureSandbox } from './sandbox.mjs';
import { say } from './say.mjs';
import { ensureVirtualDisplay } from './system-libs.mjs';

/**
 * What this machine needs the runtime to be told; the application itself never asks for it.
 * @param {string} executable of the runtime
 * @param {readonly string[]} args that the user gave
 * @returns {string[]} switches to stand before the application's path
 * @throws {import('./say.mjs').UserError} when the sandbox cannot start: it is never turned off because of that
 */
export function neededSwitches(executable, args) {
  ensureSandbox(executable, args);
  if (process.platform !== 'linux' || !isRoot()) return [];
  say("Running as root, where Chromium's sandbox cannot start: passing --no-sandbox.");
  return ['--no-sandbox'];
}

/**
 * Runs something with what this machine lacks of a desktop, and ends that afterwards.
 * @param {(env: NodeJS.ProcessEnv) => Promise<number>} start gets the environment to use
 * @returns {Promise<number>} what `start` returned
 */
export async function withDesktop(start) {
  /** @type {import('./display.mjs').Started[]} */
  const started = [];
  let env = { ...process.env };
  /** @param {import('./display.mjs').Started} part */
  const use = (part) => {
    started.unshift(part);
    env = { ...env, ...part.env };
  };
  try {
    if (!hasDisplay(env)) {
      say('No display found (neither DISPLAY nor WAYLAND_DISPLAY is set): running under xvfb, where nobody sees it.');
      await ensureVirtualDisplay();
      use(await startVirtualDisplay());
    }
    if (!hasSessionBus(env)) {
      await ensureVirtualDisplay();
      use(await startSessionBus(env));
    }
    return await start(env);
  } finally {
    for (const part of started) await part.stop();
  }
}
