/** The commands on Windows. */
import type { PowerCommands } from './command-types';

/** By its absolute path: Windows looks for a bare name in the current folder first. `/t 0`: the countdown was Traywatch's own. */
export const win32Commands: PowerCommands = (env) => {
  const program = `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\shutdown.exe`;
  return { reboot: [program, '/r', '/t', '0'], shutdown: [program, '/s', '/t', '0'] };
};
