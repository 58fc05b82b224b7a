/** Entry point of the main process: parses the arguments, allows one instance, then loads app.ts or headless-electron.ts. */
import { accessSync, constants, mkdirSync, writeSync } from 'node:fs';
import { app, dialog, systemPreferences } from 'electron';
import { setTimeout as sleep } from 'node:timers/promises';
import { dirname, join } from 'node:path';
import { parseArguments } from './arguments';
import type { Arguments, Command } from './arguments';
import { claimFolder, DEMO_FOLDER, readSwitch } from './demo-switch';
import { currentPlatform } from './engine/collectors/platform';
import type { DemoSource } from './engine/collectors/demo-machine';
import { registerPageScheme } from './desktop/app-protocol';
import { createDeferredTray } from './desktop/deferred-tray';
import { setupTray } from './desktop/tray-setup';
import type { HeadlessStart } from './headless';
import { endFailed } from './lib/end-process';
import { pathsIn } from './lib/paths';
import { protectPrototype } from './lib/protect-prototype';
import { followUncaught } from './lib/uncaught';
import type { UncaughtErrors } from './lib/uncaught';

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
async function start(hidden: boolean, demo: DemoSource | null, folderProblem: string | null, uncaught: UncaughtErrors): Promise<void> {
  const deferredTray = createDeferredTray();
  const tray = setupTray(deferredTray, demo?.hostname ?? null);
  await sleep(TRAY_REGISTRATION_DELAY);
  const { startApp } = await import('./app');
  startApp({ hidden, tray, deferredTray, demo, folderProblem, uncaught });
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

/** A login item of macOS has no arguments that could say --hidden. */
function wasOpenedAtLogin(): boolean {
  return currentPlatform() === 'darwin' && app.isPackaged && app.getLoginItemSettings().wasOpenedAtLogin;
}

/** File descriptor of the terminal's error output. */
const STDERR = 2;

/** Errors that nothing catches are printed. In the programs that have a log and something to save, these are added. */
function followErrors(): UncaughtErrors {
  return followUncaught(process, {
    // Written at once, and without an error of the stream that would be uncaught as well.
    print: (text) => void writeSync(STDERR, text),
    end: () => endFailed({ process, exit: (code) => app.exit(code), after: (ms, callback) => void setTimeout(callback, ms) }),
  });
}

/** Shown before the process ends; returns when it was closed. */
function showLastWords(message: string): void {
  dialog.showErrorBox('Traywatch has to end', `An unexpected error: ${message}\n\nStart Traywatch again. If this repeats, report it with the log: ${pathsIn(app.getPath('userData')).log}`);
}

/** Where nobody reads its output any more, a program without a desktop goes on. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Electron reads --headless, too, and then needs no display; hardware acceleration is of no use without one. */
function startWithoutDesktop(start: HeadlessStart): void {
  app.disableHardwareAcceleration();
  outliveReaders();
  // There is no window that could be closed.
  app.on('window-all-closed', () => undefined);
  void app.whenReady().then(async () => (await import('./headless-electron')).startUnderElectron(start));
}

/** Runs a command that prints something and ends. It needs no display, and no lock: a Traywatch that runs is left alone. */
function startCommand(command: Command, demo: DemoSource | null): void {
  app.disableHardwareAcceleration();
  outliveReaders();
  // As with --headless on the command line: without a display the runtime would end before it is ready.
  if (currentPlatform() === 'linux') app.commandLine.appendSwitch('headless');
  void app.whenReady().then(async () => (await import('./commands')).runCommand(command, demo));
}

/** The demo machine to watch, null for none; chooses the user-data folder of a demo machine. Ends the process where that is refused. */
function chosenDemo(): DemoSource | null {
  const found = readSwitch(process.env, app.isPackaged);
  if ('refused' in found) return refuse(found.refused);
  if (found.demo !== null && !app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', join(dirname(app.getPath('userData')), DEMO_FOLDER));
  const problem = claimFolder(app.getPath('userData'), found.demo !== null);
  return problem === null ? found.demo : refuse(problem);
}

function refuse(reason: string): never {
  process.stderr.write(`traywatch: ${reason}\n`);
  process.exit(2);
}

function main(): void {
  const uncaught = followErrors();
  protectPrototype();
  const platform = currentPlatform();
  const parsed = parseArguments(programArguments(), app.getVersion(), platform);
  if (parsed.action === 'print') {
    (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
    process.exit(parsed.exitCode);
  }
  if (platform === 'linux') return run(parsed, null, uncaught);
  // Still before the app is ready: the module is loaded in this turn of the event loop.
  void import('./desktop/before-ready').then(({ prepareSystem }) => run(parsed, prepareSystem({ platform, app, systemPreferences, env: process.env }), uncaught));
}

/** `folderProblem`: what to say about the user-data folder, or null. */
function run(parsed: Exclude<Arguments, { action: 'print' }>, folderProblem: string | null, uncaught: UncaughtErrors): void {
  const demo = chosenDemo();
  if (parsed.action !== 'run') {
    startCommand(parsed, demo);
    return;
  }
  if (isWritable(app.getPath('userData')) && !app.requestSingleInstanceLock()) {
    process.stdout.write('Traywatch is already running.\n');
    app.exit(0);
    return;
  }
  if (parsed.headless) {
    startWithoutDesktop({ pairAs: parsed.pairAs, acceptMachines: parsed.acceptMachines, demo, folderProblem, uncaught, ...(parsed.join === undefined ? {} : { join: parsed.join }) });
    return;
  }
  uncaught.prepare({ tell: showLastWords });
  registerPageScheme();
  void app.whenReady().then(() => start(parsed.hidden || wasOpenedAtLogin(), demo, folderProblem, uncaught));
}

main();
