/**
 * The room desktop: everything that uses Electron's desktop. Tray, window, notifications, dialogs, power events, the app
 * protocol and the security rules of web contents.
 *
 * It may import Electron, core and every other room except lan. Only the entry points import it; the core, the engine and
 * the other rooms may not: they run without a desktop.
 *
 * This file creates the tray icon, watches whether the desktop shows it, and draws it anew for another display.
 */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { Menu, nativeImage, screen, Tray } from 'electron';
import type { TrayStatus } from '../../shared/tray-status';
import { systemClock, systemTimers } from '../engine/clock';
import { currentPlatform } from '../engine/collectors/platform';
import { createTray } from './tray';
import type { TrayHandle } from './tray';
import { detectTrayHost, hasTrayItem } from './tray-host';
import { trayDesktop } from './tray-desktop';
import { startTrayWatch } from './tray-watch';
import type { TrayWatch, TrayWatchParts } from './tray-watch';
import { execProgram } from '../engine/programs/exec-program';
import type { DeferredTray } from './deferred-tray';
import { toTrayIconStyle } from './tray-icon-style';
import type { TrayIconStyle } from './tray-icon-style';
import { followScale } from './tray-scale';

/** The tray icon. */
export interface TrayController {
  /** False once it is known that the desktop has no tray. */
  isShown(): boolean;
  /** What is known of the desktop's tray; unknown before `watch`. */
  status(): TrayStatus;
  /** Calls back after each look that changed what is known. */
  onStatus(listener: (status: TrayStatus) => void): void;
  /** Begins to watch for the tray. Queries the session bus, so it is called after the start. */
  watch(options: Pick<TrayWatchParts, 'patience' | 'onChange'>): void;
  /** Looks for the tray now; does nothing before `watch`. */
  look(): void;
  dispose(): void;
}

/** Creates the icon at once. `demo`: name of a demo machine; null for this machine. */
export function setupTray({ source, actions }: DeferredTray, demo: string | null): TrayController {
  const platform = currentPlatform();
  const styleAt = (scaleFactor: number): TrayIconStyle => toTrayIconStyle(platform, process.env['XDG_CURRENT_DESKTOP'] ?? '', scaleFactor);
  let iconStyle = styleAt(screen.getPrimaryDisplay().scaleFactor);
  const create = (): TrayHandle =>
    createTray({ electron: { Tray, Menu, nativeImage }, source, host: { hostname: demo === null ? hostname() : `${demo} (made-up data)` }, iconStyle, platform, actions, now: () => Date.now() });
  let tray = create();
  let watch: TrayWatch | null = null;
  const desktop = trayDesktop(platform, process.env);
  const status = (): TrayStatus => ({ state: watch?.state() ?? 'unknown', desktop });
  const listeners = new Set<(status: TrayStatus) => void>();
  const stopFollowing = followScale(screen, (scaleFactor) => {
    iconStyle = styleAt(scaleFactor);
    tray.setIconStyle(iconStyle);
  });
  const host = { platform, env: process.env, exec: execProgram, exists: existsSync };
  return {
    isShown: () => watch?.state() !== 'missing',
    status,
    onStatus: (listener) => void listeners.add(listener),
    watch({ patience, onChange }) {
      watch ??= startTrayWatch({
        patience,
        onChange(state, reason) {
          onChange(state, reason);
          listeners.forEach((listener) => listener(status()));
        },
        timers: systemTimers,
        mono: () => systemClock.mono(),
        detect: () => detectTrayHost(host),
        isRegistered: () => hasTrayItem(host, process.pid),
        recreate() {
          tray.dispose();
          tray = create();
        },
      });
    },
    look: () => watch?.look(),
    dispose() {
      watch?.stop();
      stopFollowing();
      tray.dispose();
    },
  };
}
