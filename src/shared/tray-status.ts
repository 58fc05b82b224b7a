/** The tray icon: what is known of the desktop's tray, as codes, and the sentences that say where the icon is or what it lacks. */

/**
 * unknown: not looked yet, or the bus could not be queried. waiting: there is none, and one may still come. present.
 * missing: there was none for the whole wait. lost: there was one, and it is gone.
 */
export type TrayState = 'unknown' | 'waiting' | 'present' | 'missing' | 'lost';

/** The desktop, as far as it decides where an icon is. `other`: one that is not known. */
export type TrayDesktop = 'windows' | 'macos' | 'gnome' | 'plasma' | 'xfce' | 'cinnamon' | 'mate' | 'lxqt' | 'budgie' | 'sway' | 'hyprland' | 'i3' | 'other';

/** What is known of the tray now. */
export interface TrayStatus {
  readonly state: TrayState;
  readonly desktop: TrayDesktop;
}

const BAR = 'The icon is in the tray of the bar.';

const PLACE: Readonly<Record<TrayDesktop, string>> = {
  windows: 'The icon is at the right end of the taskbar. Windows hides new icons behind the arrow ^: drag it from there to the taskbar.',
  macos: 'The icon is in the menu bar at the top of the screen. Hold ⌘ and drag it to another place.',
  gnome: 'The icon is at the right end of the top bar.',
  plasma: 'The icon is in the system tray of the panel, or behind the arrow there.',
  xfce: 'The icon is in the status tray of the panel, or behind the arrow there.',
  cinnamon: 'The icon is at the right end of the panel.',
  mate: 'The icon is in the notification area of the panel.',
  lxqt: 'The icon is at the right end of the panel.',
  budgie: 'The icon is in the system tray of the panel.',
  sway: BAR,
  hyprland: BAR,
  i3: BAR,
  other: 'The icon is in the tray of the panel, often beside the clock.',
};

const ADD_TRAY = 'Add a system tray to the panel of this desktop. It may be called status notifier, indicators or notification area.';

/** How a desktop comes by a tray. Windows and macOS always have one. */
const REMEDY: Readonly<Record<TrayDesktop, string>> = {
  windows: ADD_TRAY,
  macos: ADD_TRAY,
  gnome: 'GNOME shows icons with an extension: install the package gnome-shell-extension-appindicator, log out and in again, and turn on “AppIndicator and KStatusNotifierItem Support” in Extensions.',
  plasma: 'Right-click the panel, choose to add widgets, and add “System Tray”.',
  xfce: 'Right-click the panel, choose Panel › Add New Items, and add “Status Tray Plugin”. Before Xfce 4.16 install the package xfce4-statusnotifier-plugin and add that.',
  cinnamon: 'Right-click the panel, choose Applets, and add “XApp Status Applet”.',
  mate: 'Right-click the panel, choose Add to Panel, and add “Notification Area”.',
  lxqt: 'Right-click the panel, choose Manage Widgets, and add “Status Notifier Plugin”.',
  budgie: 'Open Budgie Desktop Settings and add “System Tray” to a panel.',
  sway: 'With Waybar add the module “tray” to the bar. With swaybar take “tray_output none” out of its configuration.',
  hyprland: 'Start a bar with a tray, such as Waybar with the module “tray”.',
  i3: 'Icons of this kind are not shown by i3bar. Start snixembed together with i3: it passes them on.',
  other: ADD_TRAY,
};

/** A sentence on where the icon is, and what to do or to know beside it. */
interface TrayText {
  readonly text: string;
  readonly more: string;
}

/** Says where the icon is, or why there is none and what brings it. */
export function trayText({ state, desktop }: TrayStatus): TrayText {
  if (state === 'present') return { text: PLACE[desktop], more: 'It stays there when you close this window.' };
  if (state === 'waiting') return { text: 'Looking for the tray of this desktop.', more: 'The panel may still be starting.' };
  if (state === 'missing') return { text: 'This desktop shows no tray. Traywatch runs in this window and quits when you close it.', more: `${REMEDY[desktop]} The icon then appears within a minute.` };
  if (state === 'lost') return { text: 'The tray of this desktop is gone. Traywatch keeps running: start it again to open this window.', more: 'The icon appears with the next tray.' };
  return { text: PLACE[desktop], more: `Whether this desktop shows it could not be found out. If you see none: ${REMEDY[desktop]}` };
}
