/** Which desktop this is, as far as it decides where a tray icon is. Pure. */
import type { TrayDesktop } from '../../shared/tray-status';

type Env = Readonly<Record<string, string | undefined>>;

/** Names in XDG_CURRENT_DESKTOP, in lower case. A desktop may list what it is made of as well ("Budgie:GNOME"): the first match counts. */
const NAMES: readonly (readonly [string, TrayDesktop])[] = [
  ['budgie', 'budgie'],
  ['gnome-flashback', 'other'],
  ['gnome', 'gnome'],
  ['kde', 'plasma'],
  ['xfce', 'xfce'],
  ['x-cinnamon', 'cinnamon'],
  ['cinnamon', 'cinnamon'],
  ['mate', 'mate'],
  ['lxqt', 'lxqt'],
  ['sway', 'sway'],
  ['hyprland', 'hyprland'],
  ['i3', 'i3'],
];

/** What window managers set that are started without a session file. Sway sets the one of i3 as well. */
const SOCKETS: readonly (readonly [string, TrayDesktop])[] = [
  ['SWAYSOCK', 'sway'],
  ['HYPRLAND_INSTANCE_SIGNATURE', 'hyprland'],
  ['I3SOCK', 'i3'],
];

/** The desktop; `other` where it is not known. `env`: the environment of the process. */
export function trayDesktop(platform: NodeJS.Platform, env: Env): TrayDesktop {
  if (platform === 'win32') return 'windows';
  if (platform === 'darwin') return 'macos';
  const names = (env['XDG_CURRENT_DESKTOP'] ?? '').toLowerCase().split(':').filter((name) => name !== '');
  const known = names.length > 0 ? NAMES.find(([name]) => names.includes(name)) : SOCKETS.find(([name]) => (env[name] ?? '') !== '');
  return known?.[1] ?? 'other';
}
