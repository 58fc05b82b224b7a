/** Puts the icon where this desktop has room for one, and tells when it has none. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Menu, nativeImage, screen, Tray } from 'electron';
import { systemDeps } from '../engine/collectors/platform';
import type { Log } from '../engine/log';
import { createTray } from './tray';
import type { TrayActions, TrayHandle, TraySource } from './tray';
import { awaitTrayHost } from './tray-host';
import { execProgram } from './tray-host-exec';
import { toTrayLook } from './tray-look';

/** What the tray is built from. */
export interface TraySetup {
  readonly source: TraySource;
  readonly actions: TrayActions;
  readonly hostname: string;
  readonly log: Log;
  /** There is no tray on this desktop; a person must be told, and needs the window. */
  onMissing(reason: string): void;
}

/** The tray as the app sees it. */
export interface TrayPlace {
  /** False once it is known that nothing can show the icon. */
  isShown(): boolean;
  dispose(): void;
}

/** A panel may start after the app at login: asked again after these, ms. */
const WAITS = [2000, 5000] as const;

/** Creates the icon at once, and finds out beside that whether anything shows it. */
export function setupTray(setup: TraySetup): TrayPlace {
  const { platform } = systemDeps();
  const look = toTrayLook(platform, process.env['XDG_CURRENT_DESKTOP'] ?? '', screen.getPrimaryDisplay().scaleFactor);
  const create = (): TrayHandle =>
    createTray({
      electron: { Tray, Menu, nativeImage },
      source: setup.source,
      host: { hostname: setup.hostname },
      look,
      actions: setup.actions,
      now: () => Date.now(),
    });
  let tray = create();
  let shown = true;
  const question = { platform, env: process.env, exec: execProgram, exists: existsSync, sleep: (ms: number) => sleep(ms) };
  void awaitTrayHost(question, WAITS).then((host) => {
    setup.log.info('tray host', { state: host.state, reason: host.reason });
    if (host.isLate) {
      tray.dispose();
      tray = create();
    }
    if (host.state !== 'absent') return;
    shown = false;
    setup.onMissing(host.reason);
  });
  return { isShown: () => shown, dispose: () => tray.dispose() };
}
