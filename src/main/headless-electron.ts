/** Entry point of the app without a desktop under Electron, as the packages of the desktop have it. Only index.ts imports it, for --headless. */
import { app } from 'electron';
import { electronProcesses, withElectron } from './desktop/electron-system';
import { describeInstallation } from './desktop/installation';
import { systemDeps } from './engine/collectors/platform';
import { startHeadless } from './headless';
import type { HeadlessStart } from './headless';
import { fixedAutostart } from './lib/autostart';

/** Starts it; the app is ready. */
export function startUnderElectron(start: HeadlessStart): void {
  const host = {
    folder: app.getPath('userData'),
    version: app.getVersion(),
    system: withElectron(systemDeps()),
    processes: electronProcesses(app),
    installation: describeInstallation(app, fixedAutostart('headless'), null),
    app,
    exit: (code: number) => app.exit(code),
  };
  startHeadless(host, start);
}
