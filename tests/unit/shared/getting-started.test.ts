/** What the card of the first start says: where the icon is on each desktop, and what became of a test notification. */
import { describe, expect, it } from 'vitest';
import { callsOf } from '../../../src/shared/api/capabilities';
import { testNotificationSchema, trayStatusSchema } from '../../../src/shared/installation-schemas';
import { testNotificationText } from '../../../src/shared/test-notification';
import type { TestNotificationOutcome } from '../../../src/shared/test-notification';
import { trayText } from '../../../src/shared/tray-status';
import type { TrayDesktop, TrayState } from '../../../src/shared/tray-status';

const DESKTOPS: readonly TrayDesktop[] = ['windows', 'macos', 'gnome', 'plasma', 'xfce', 'cinnamon', 'mate', 'lxqt', 'budgie', 'sway', 'hyprland', 'i3', 'other'];
const STATES: readonly TrayState[] = ['unknown', 'waiting', 'present', 'missing', 'lost'];
const OUTCOMES: readonly TestNotificationOutcome[] = ['shown', 'doNotDisturb', 'refused', 'unknown'];

const whole = (desktop: TrayDesktop, state: TrayState): string => Object.values(trayText({ state, desktop })).join(' ');

it('is for the machine itself: no browser can ask for the tray or send a test notification', () => {
  expect(callsOf('local')).toEqual(expect.arrayContaining(['trayStatus', 'testNotification']));
  for (const role of ['viewer', 'admin'] as const) expect(callsOf(role).filter((name) => name === 'trayStatus' || name === 'testNotification')).toEqual([]);
});

describe('where the icon is', () => {
  it.each(DESKTOPS)('is said in whole sentences in every state on %s', (desktop) => {
    for (const state of STATES) {
      expect(trayStatusSchema.parse({ state, desktop })).toEqual({ state, desktop });
      for (const text of Object.values(trayText({ state, desktop }))) expect(text).toMatch(/^[A-Z].*\.$/);
      expect(whole(desktop, state)).not.toMatch(/undefined|\bnull\b/);
    }
  });

  it.each<[TrayDesktop, RegExp]>([
    ['windows', /taskbar.*\^/],
    ['macos', /menu bar/],
    ['gnome', /top bar/],
    ['plasma', /system tray of the panel/],
    ['xfce', /status tray of the panel/],
    ['sway', /tray of the bar/],
    ['other', /tray of the panel/],
  ])('is a place on %s, and closing the window leaves it there', (desktop, place) => {
    expect(whole(desktop, 'present')).toMatch(place);
    expect(whole(desktop, 'present')).toContain('when you close this window');
  });

  it.each<[TrayDesktop, RegExp]>([
    ['gnome', /gnome-shell-extension-appindicator.*AppIndicator and KStatusNotifierItem Support/],
    ['plasma', /System Tray/],
    ['xfce', /Status Tray Plugin.*xfce4-statusnotifier-plugin/],
    ['cinnamon', /XApp Status Applet/],
    ['mate', /Notification Area/],
    ['lxqt', /Status Notifier Plugin/],
    ['sway', /Waybar.*tray_output none/],
    ['i3', /snixembed/],
    ['other', /system tray/],
  ])('without a tray on %s it says what brings one, and that the window is all there is', (desktop, remedy) => {
    expect(whole(desktop, 'missing')).toMatch(remedy);
    expect(whole(desktop, 'missing')).toContain('quits when you close it');
    expect(whole(desktop, 'unknown')).toMatch(remedy);
  });

  it('never says that the window quits where it does not', () => {
    for (const state of STATES.filter((one) => one !== 'missing')) for (const desktop of DESKTOPS) expect(whole(desktop, state)).not.toContain('quits');
  });
});

describe('what became of a test notification', () => {
  it.each(OUTCOMES)('is said in whole sentences: %s', (outcome) => {
    expect(testNotificationSchema.parse({ outcome })).toEqual({ outcome });
    for (const desktop of DESKTOPS) expect(testNotificationText(outcome, desktop)).toMatch(/^[A-Z].*\.$/);
    expect(new Set(OUTCOMES.map((each) => testNotificationText(each, 'gnome'))).size).toBe(OUTCOMES.length);
  });

  it('names the place where each system allows it', () => {
    expect(testNotificationText('refused', 'macos')).toContain('System Settings › Notifications');
    expect(testNotificationText('refused', 'windows')).toContain('Settings › System › Notifications');
    expect(testNotificationText('refused', 'sway')).toMatch(/dunst or mako/);
    // Windows and macOS do not tell whether they keep it back.
    expect(testNotificationText('shown', 'windows')).toMatch(/^Sent\. If you saw nothing, turn off Do not disturb/);
    expect(testNotificationText('shown', 'macos')).toMatch(/^Sent\. If you saw nothing, a Focus is on/);
  });
});
