/**
 * The room desktop: everything that uses Electron's desktop. Tray, window, notifications, dialogs, power events, the app
 * protocol and the security rules of web contents.
 *
 * It may import Electron, core and every other room except lan. Only the entry points import it; the core, the engine and
 * the other rooms may not: they run without a desktop.
 *
 * This file creates the tray icon, and detects whether the desktop can show it.
 */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Menu, nativeImage, screen, Tray } from 'electron';
import { currentPlatform } from '../engine/collectors/platform';
import { createTray } from './tray';
import type { TrayHandle } from './tray';
import { awaitTrayHost } from './tray-host';
import type { TrayHost } from './tray-host';
import { execProgram } from './exec-program';
import type { DeferredTray } from './deferred-tray';
import { toTrayIconStyle } from './tray-icon-style';

/** The tray icon. */
export interface TrayController {
  /** False once it is known that the desktop has no tray. */
  isShown(): boolean;
  /** Detects whether the desktop has a tray. Queries the session bus, so it is called after the start. */
  findHost(): Promise<TrayHost>;
  dispose(): void;
}

/** Delays before the tray is detected again, ms: at login the panel may start after the app. */
const WAITS = [2000, 5000] as const;

/** Creates the icon at once. */
export function setupTray({ source, actions }: DeferredTray): TrayController {
  const platform = currentPlatform();
  const iconStyle = toTrayIconStyle(platform, process.env['XDG_CURRENT_DESKTOP'] ?? '', screen.getPrimaryDisplay().scaleFactor);
  const create = (): TrayHandle =>
    createTray({ electron: { Tray, Menu, nativeImage }, source, host: { hostname: hostname() }, iconStyle, actions, now: () => Date.now() });
  let tray = create();
  let shown = true;
  return {
    isShown: () => shown,
    async findHost() {
      const options = { platform, env: process.env, exec: execProgram, exists: existsSync, sleep: (ms: number) => sleep(ms) };
      const host = await awaitTrayHost(options, WAITS);
      if (host.isLate) {
        tray.dispose();
        tray = create();
      }
      shown = host.state !== 'absent';
      return host;
    },
    dispose: () => tray.dispose(),
  };
}
