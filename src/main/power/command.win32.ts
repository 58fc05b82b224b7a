import type { PowerCommands } from './command-types';

/** By its whole path: Windows would look for a bare name in the present folder first. The countdown has been ours already. */
export const win32Commands: PowerCommands = (env) => {
  const program = `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\shutdown.exe`;
  return { reboot: [program, '/r', '/t', '0'], shutdown: [program, '/s', '/t', '0'] };
};
