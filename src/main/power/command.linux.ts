import type { PowerCommands } from './command-types';

/**
 * systemd's own: polkit lets whoever sits at the machine do this without being root. Without `--no-ask-password` it would
 * ask on a terminal nobody sees.
 */
export const linuxCommands: PowerCommands = () => ({
  reboot: ['systemctl', '--no-ask-password', 'reboot'],
  shutdown: ['systemctl', '--no-ask-password', 'poweroff'],
});
