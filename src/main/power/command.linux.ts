/** The commands on Linux. */
import type { PowerCommands } from './command-types';

/**
 * systemd: polkit lets the user of the local session do this without root. Without `--no-ask-password` systemctl would ask
 * on a terminal that does not exist.
 */
export const linuxCommands: PowerCommands = () => ({
  reboot: ['systemctl', '--no-ask-password', 'reboot'],
  shutdown: ['systemctl', '--no-ask-password', 'poweroff'],
});
