/** Puts the icon where this desktop has room for one, and tells when it has none. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Menu, nativeImage, screen, Tray } from 'electron';
import { currentPlatform } from '../engine/collectors/platform';
import { createTray } from './tray';
import type { TrayHandle } from './tray';
import { awaitTrayHost } from './tray-host';
import type { TrayHost } from './tray-host';
import { execProgram } from './tray-host-exec';
import type { DeferredTray } from './deferred-tray';
import { toTrayIconStyle } from './tray-icon-style';

/** The tray as the app sees it. */
export interface TrayController {
  /** False once it is known that nothing can show the icon. */
  isShown(): boolean;
  /** Finds out whether anything shows the icon; asks the session bus, so it is left until the start is over. */
  findHost(): Promise<TrayHost>;
  dispose(): void;
}

/** A panel may start after the app at login: asked again after these, ms. */
const WAITS = [2000, 5000] as const;

/** Creates the icon. */
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
      const question = { platform, env: process.env, exec: execProgram, exists: existsSync, sleep: (ms: number) => sleep(ms) };
      const host = await awaitTrayHost(question, WAITS);
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
