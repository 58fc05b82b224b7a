import { expect, it } from 'vitest';
import { trayDesktop } from '../../../src/main/desktop/tray-desktop';

it.each([
  ['GNOME', 'gnome'],
  ['ubuntu:GNOME', 'gnome'],
  ['GNOME-Classic:GNOME', 'gnome'],
  ['pop:GNOME', 'gnome'],
  // Its panel is not that of GNOME Shell.
  ['GNOME-Flashback:GNOME', 'other'],
  ['Budgie:GNOME', 'budgie'],
  ['KDE', 'plasma'],
  ['XFCE', 'xfce'],
  ['X-Cinnamon', 'cinnamon'],
  ['MATE', 'mate'],
  ['LXQt', 'lxqt'],
  ['sway', 'sway'],
  ['Hyprland', 'hyprland'],
  ['i3', 'i3'],
  ['Unity:Unity7:ubuntu', 'other'],
  ['COSMIC', 'other'],
  [':', 'other'],
])('%s is %s', (value, desktop) => {
  expect(trayDesktop('linux', { XDG_CURRENT_DESKTOP: value })).toBe(desktop);
});

it('knows a window manager that names itself by its socket alone', () => {
  expect(trayDesktop('linux', { SWAYSOCK: '/run/sway', I3SOCK: '/run/sway' })).toBe('sway');
  expect(trayDesktop('linux', { I3SOCK: '/run/i3', XDG_CURRENT_DESKTOP: '' })).toBe('i3');
  expect(trayDesktop('linux', { HYPRLAND_INSTANCE_SIGNATURE: 'a' })).toBe('hyprland');
  expect(trayDesktop('linux', { I3SOCK: '' })).toBe('other');
  // A nested one does not decide over the session.
  expect(trayDesktop('linux', { XDG_CURRENT_DESKTOP: 'GNOME', SWAYSOCK: '/run/sway' })).toBe('gnome');
});

it('asks no variable on Windows and macOS', () => {
  expect(trayDesktop('win32', { XDG_CURRENT_DESKTOP: 'GNOME' })).toBe('windows');
  expect(trayDesktop('darwin', {})).toBe('macos');
});
