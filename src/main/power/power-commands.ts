/** The commands that restart and shut down the machine on each platform; always an argument vector, never a shell. */
import { execFile } from 'node:child_process';
import type { Platform } from '../engine/collectors/deps';
import { darwinCommands } from './command.darwin';
import { linuxCommands } from './command.linux';
import { win32Commands } from './command.win32';
import type { PowerCommands } from './command-types';

const COMMANDS: Readonly<Record<Platform, PowerCommands>> = { linux: linuxCommands, darwin: darwinCommands, win32: win32Commands };

/** The commands of a platform, one for each action. */
export function commandsOf(platform: Platform, env: Readonly<Record<string, string | undefined>>): ReturnType<PowerCommands> {
  return COMMANDS[platform](env);
}

/** Runs a command; resolves to null, or to an error message. `deadline` in ms. Injected, so that no test restarts a machine. */
export type PowerCommandRunner = (command: readonly [string, ...string[]], deadline?: number) => Promise<string | null>;

/** The command returns at once; one that takes longer is stuck, ms. */
const DEADLINE = 15_000;

/** The runner of the app. */
export const runCommand: PowerCommandRunner = ([program, ...args], deadline = DEADLINE) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: deadline, encoding: 'utf8', windowsHide: true, shell: false }, (error, _stdout, stderr) => {
      if (error === null) return resolve(null);
      const firstLine = stderr.trim().split('\n')[0] ?? '';
      return resolve(firstLine === '' ? error.message : firstLine.slice(0, 300));
    });
  });
