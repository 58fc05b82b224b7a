/** Starts the app: arguments, one instance, then the composition root. */
import { app } from 'electron';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArguments } from './arguments';
import { registerPageScheme } from './shell/page';
import { createTrayLink } from './shell/tray-link';
import { setupTray } from './shell/tray-setup';

/** Arguments after the program: a development run has the app's folder in front of them. */
function ownArguments(): string[] {
  const rest = process.argv.slice(1);
  const folder = rest.findIndex((argument) => !argument.startsWith('-'));
  return app.isPackaged || folder < 0 ? rest : rest.toSpliced(folder, 1);
}

/** The icon first, then everything behind it: loading that takes as long again as the icon itself. */
async function start(hidden: boolean): Promise<void> {
  const link = createTrayLink();
  const tray = setupTray(link);
  await nextTurn();
  const { startApp } = await import('./app');
  startApp({ hidden, tray, link });
}

function main(): void {
  const given = parseArguments(ownArguments(), app.getVersion());
  if (given.action === 'print') {
    (given.exitCode === 0 ? process.stdout : process.stderr).write(given.text);
    process.exit(given.exitCode);
  }
  if (!app.requestSingleInstanceLock()) {
    process.stdout.write('Traywatch is running already; its window was brought to the front.\n');
    app.exit(0);
    return;
  }
  registerPageScheme();
  void app.whenReady().then(() => start(given.hidden));
}

main();
