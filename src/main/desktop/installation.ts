/** How this copy is installed and runs on the desktop. */
import type { App } from 'electron';
import type { Installation } from '../diagnostics/installation';
import { currentPlatform } from '../engine/collectors/platform';
import type { Autostart } from '../lib/autostart';
import { sandboxState } from './sandbox-state';
import type { TrayController } from './tray-setup';

/** What kind of copy this is. `env`: the environment of the process. */
function installationKind(isPackaged: boolean, env: Readonly<Record<string, string | undefined>>): string {
  if (!isPackaged) return 'checkout';
  const kinds = [['SNAP', 'Snap'], ['FLATPAK_ID', 'Flatpak'], ['APPIMAGE', 'AppImage']] as const;
  return kinds.find(([name]) => (env[name] ?? '') !== '')?.[1] ?? 'package';
}

/** Describes it, with a tray or without a desktop (null). */
export function describeInstallation(app: App, autostart: Autostart, tray: TrayController | null): Installation {
  return {
    kind: installationKind(app.isPackaged, process.env),
    autostart,
    sandbox: () => sandboxState(app, currentPlatform()),
    tray: () => tray?.status() ?? null,
  };
}
