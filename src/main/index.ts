/** Starts the app: arguments, one instance, then the composition root. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { app } from 'electron';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArguments } from './arguments';
import type { Role } from './access/identity';
import { registerPageScheme } from './desktop/app-protocol';
import { createDeferredTray } from './desktop/deferred-tray';
import { setupTray } from './desktop/tray-setup';

/** Arguments after the program: a development run has the app's folder in front of them. */
function ownArguments(): string[] {
  const rest = process.argv.slice(1);
  const folder = rest.findIndex((argument) => !argument.startsWith('-'));
  return app.isPackaged || folder < 0 ? rest : rest.toSpliced(folder, 1);
}

/**
 * The desktop takes an icon in by asking and answering over the bus, and the answers need this thread: it is left
 * alone for so long before the rest is loaded, ms. Without that the icon appears about 100 ms later.
 */
const ICON_HEADSTART = 40;

/** The icon first, then everything behind it. */
async function start(hidden: boolean): Promise<void> {
  const link = createDeferredTray();
  const tray = setupTray(link);
  await sleep(ICON_HEADSTART);
  const { startApp } = await import('./app');
  startApp({ hidden, tray, link });
}

/** In a folder that cannot be written there is no lock to take: asked for one, Chromium says that another instance has it. */
function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The runtime takes the flag as well, and then asks for no display; what is left to say is that nothing is drawn. */
function startWithoutDesktop(pairAs: Role): void {
  app.disableHardwareAcceleration();
  // There never is a window that could be closed.
  app.on('window-all-closed', () => undefined);
  void app.whenReady().then(async () => (await import('./headless')).startHeadless(pairAs));
}

function main(): void {
  const given = parseArguments(ownArguments(), app.getVersion());
  if (given.action === 'print') {
    (given.exitCode === 0 ? process.stdout : process.stderr).write(given.text);
    process.exit(given.exitCode);
  }
  if (isWritable(app.getPath('userData')) && !app.requestSingleInstanceLock()) {
    process.stdout.write('Traywatch is running already; its window was brought to the front.\n');
    app.exit(0);
    return;
  }
  if (given.headless) {
    startWithoutDesktop(given.pairAs);
    return;
  }
  registerPageScheme();
  void app.whenReady().then(() => start(given.hidden));
}

main();
