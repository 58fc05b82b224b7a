/** The commands on macOS. */
import type { PowerCommands } from './command-types';

/**
 * System Events does what the Apple menu does and needs no root; macOS asks once whether Traywatch may control it.
 * `shutdown` and `reboot` need root.
 */
export const darwinCommands: PowerCommands = () => ({
  reboot: ['/usr/bin/osascript', '-e', 'tell application "System Events" to restart'],
  shutdown: ['/usr/bin/osascript', '-e', 'tell application "System Events" to shut down'],
});
