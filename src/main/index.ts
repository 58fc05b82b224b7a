/** Entry point of the main process: parses the arguments, allows one instance, then loads app.ts or headless.ts. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { app } from 'electron';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArguments } from './arguments';
import type { Role } from './access/identity';
import { registerPageScheme } from './desktop/app-protocol';
import { createDeferredTray } from './desktop/deferred-tray';
import { setupTray } from './desktop/tray-setup';
import { protectPrototype } from './lib/protect-prototype';

/** Arguments after the program's path; in development the app's folder is left out. */
function programArguments(): string[] {
  const rest = process.argv.slice(1);
  const folder = rest.findIndex((argument) => !argument.startsWith('-'));
  return app.isPackaged || folder < 0 ? rest : rest.toSpliced(folder, 1);
}

/**
 * Delay before the rest of the app is loaded, ms. The desktop registers a tray icon in several round trips over the bus,
 * and replies need this thread: without the delay the icon appears about 100 ms later.
 */
const TRAY_REGISTRATION_DELAY = 40;

/** Shows the tray icon first, then loads the rest of the app. */
async function start(hidden: boolean): Promise<void> {
  const deferredTray = createDeferredTray();
  const tray = setupTray(deferredTray);
  await sleep(TRAY_REGISTRATION_DELAY);
  const { startApp } = await import('./app');
  startApp({ hidden, tray, deferredTray });
}

/** In a folder that is not writable Chromium cannot create the instance lock, and reports that another instance has it. */
function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Electron reads --headless, too, and then needs no display; hardware acceleration is of no use without one. */
function startWithoutDesktop(pairAs: Role): void {
  app.disableHardwareAcceleration();
  // There is no window that could be closed.
  app.on('window-all-closed', () => undefined);
  void app.whenReady().then(async () => (await import('./headless')).startHeadless(pairAs));
}

function main(): void {
  protectPrototype();
  const parsed = parseArguments(programArguments(), app.getVersion());
  if (parsed.action === 'print') {
    (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
    process.exit(parsed.exitCode);
  }
  if (isWritable(app.getPath('userData')) && !app.requestSingleInstanceLock()) {
    process.stdout.write('Traywatch is already running.\n');
    app.exit(0);
    return;
  }
  if (parsed.headless) {
    startWithoutDesktop(parsed.pairAs);
    return;
  }
  registerPageScheme();
  void app.whenReady().then(() => start(parsed.hidden));
}

main();
