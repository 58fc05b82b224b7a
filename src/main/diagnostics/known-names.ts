/** Names of systems and desktops that may stand in diagnostics. What is not listed is "other": it may be anybody's own name. Pure. */

const SYSTEMS: readonly string[] = [
  'Debian', 'Ubuntu', 'Fedora', 'Arch Linux', 'openSUSE', 'SUSE', 'Red Hat', 'CentOS', 'Rocky', 'AlmaLinux', 'Linux Mint', 'Pop!_OS', 'Manjaro', 'NixOS', 'Gentoo', 'Alpine', 'Void',
  'EndeavourOS', 'Zorin', 'elementary', 'Kali', 'Raspbian', 'Raspberry Pi OS', 'SteamOS', 'Amazon Linux', 'Oracle Linux', 'macOS', 'Darwin', 'Windows',
];

const DESKTOPS: readonly string[] = [
  'GNOME', 'GNOME-Classic', 'GNOME-Flashback', 'KDE', 'XFCE', 'MATE', 'X-Cinnamon', 'Cinnamon', 'LXQt', 'LXDE', 'Budgie', 'Pantheon', 'Unity', 'Deepin', 'COSMIC', 'Enlightenment',
  'sway', 'Hyprland', 'i3', 'bspwm', 'awesome', 'niri', 'labwc', 'wlroots', 'ubuntu', 'pop', 'zorin',
];

const SESSIONS: ReadonlySet<string> = new Set(['x11', 'wayland', 'tty', 'mir']);

/** Suffixes of kernels that say something about them. */
const FLAVORS: ReadonlySet<string> = new Set(['generic', 'lowlatency', 'amd64', 'arm64', 'cloud', 'rt', 'arch1', 'arch2', 'zen', 'lts', 'hardened', 'MANJARO', 'xanmod', 'liquorix', 'microsoft', 'standard', 'WSL2', 'pve', 'rpi', 'raspi', 'azure', 'aws', 'gcp', 'oem', 'hwe', 'default', 'x86_64', 'aarch64']);

/** The number at the beginning: at most four parts. */
const number = (text: string): string => /\d{1,5}(?:\.\d{1,6}){0,3}/.exec(text)?.[0] ?? '';

/** The name and version of a system, from its full name: "Debian GNU/Linux 12 (bookworm)" → "Debian 12". */
export function systemName(full: string): string {
  const name = SYSTEMS.find((known) => full.toLowerCase().includes(known.toLowerCase()));
  return name === undefined ? 'other' : `${name} ${number(full)}`.trim();
}

/** The version of a kernel, with the suffixes that are known: "6.8.0-45-generic". */
export function kernelVersion(release: string): string {
  const version = /^\d+(?:\.\d+){1,3}/.exec(release)?.[0];
  if (version === undefined) return 'other';
  const rest = release.slice(version.length).split(/[-.+]/).filter((part) => FLAVORS.has(part) || /^(?:\d{1,4}|fc\d\d|el\d{1,2}(?:_\d{1,2})?|deb\d\du?\d?)$/.test(part));
  return [version, ...rest].join('-');
}

/** The names in XDG_CURRENT_DESKTOP that are known. */
export function desktopName(value: string): string {
  const names = value.split(':').filter((name) => name !== '');
  return names.length === 0 ? 'none' : names.map((name) => DESKTOPS.find((known) => known.toLowerCase() === name.toLowerCase()) ?? 'other').join(':');
}

/** XDG_SESSION_TYPE where it is known; otherwise by the display. */
export function sessionType(env: Readonly<Record<string, string | undefined>>): string {
  const type = env['XDG_SESSION_TYPE'] ?? '';
  if (SESSIONS.has(type)) return type;
  if ((env['WAYLAND_DISPLAY'] ?? '') !== '') return 'wayland';
  return (env['DISPLAY'] ?? '') === '' ? 'none' : 'x11';
}
