/**
 * Entry point of the app with a desktop: creates the core, the tray, the window, notifications, the IPC transport and the
 * LAN controller, and connects them. It builds nothing itself.
 *
 * It may import any part of main except the LAN server, which the LAN controller loads. Only index.ts imports it, after the
 * tray icon is shown.
 */
import { app, dialog, ipcMain, nativeTheme, powerMonitor, shell } from 'electron';
import { join } from 'node:path';
import { runCommand } from './power/power-commands';
import { createDatabaseWorker } from './history/database-worker-client';
import type { Notifier } from './alerts/notification-dispatcher';
import { createCore } from './core/core';
import type { Core } from './core/core';
import { clockOf, systemTimers } from './engine/clock';
import { watchedMachine } from './engine/collectors/demo-machine';
import type { DemoSource, WatchedMachine } from './engine/collectors/demo-machine';
import type { Platform } from './engine/collectors/deps';
import { systemDeps } from './engine/collectors/platform';
import { ownMachine } from './engine/collectors/own-machine';
import { awakeClock } from './engine/windows/awake-clock';
import { createFileLog } from './engine/log';
import type { FileLog, Log } from './engine/log';
import { lockFolder } from './engine/store/folder-lock';
import { createLanController } from './core/lan-controller';
import type { LanController } from './core/lan-controller';
import { forwardAppEvents } from './core/app-events';
import { showStartProblems } from './core/start-notices';
import type { LoadUpdateSetup } from './core/update-control';
import { pathsIn } from './lib/paths';
import type { Paths } from './lib/paths';
import type { UncaughtErrors } from './lib/uncaught';
import { formatRuntime } from './core/runtime-versions';
import { selfMetricsSource } from './core/self-metrics-source';
import { repairedAutostart } from './desktop/autostart/index';
import { createDesktopServices } from './desktop/desktop-services';
import { createDialogs } from './desktop/dialogs';
import { electronProcesses, withElectron } from './desktop/electron-system';
import { setupAccessPrompts } from './desktop/access-prompts-setup';
import { describeInstallation } from './desktop/installation';
import { lockDown } from './desktop/lockdown';
import { createWindowState } from './desktop/window-state';
import type { WindowState } from './desktop/window-state';
import { createAppProtocol } from './desktop/app-protocol';
import { followPowerEvents } from './desktop/power-events';
import { endingOf, setupShutdown } from './lib/shutdown';
import { showFolderOnLinux } from './desktop/show-folder';
import type { DeferredTray } from './desktop/deferred-tray';
import type { TrayController } from './desktop/tray-setup';
import { createRefusedNotice } from './desktop/refused-notice';
import type { SystemExtras, SystemExtrasParts } from './desktop/system-extras';
import { createTrayNotice } from './desktop/tray-notice';
import { createWindowManager } from './desktop/window';
import type { WindowManager } from './desktop/window';
import { bindTray } from './desktop/tray-bindings';
import { createIpcTransport } from './transports/ipc';

/** How the app was started, and the tray that index.ts created before. */
export interface StartOptions {
  /** Show the tray icon only, even where the settings open the window at start. */
  readonly hidden: boolean;
  readonly tray: TrayController;
  /** Connects the tray to the core, once that exists. */
  readonly deferredTray: DeferredTray;
  /** A demo machine to watch instead of this one; null for this one. */
  readonly demo: DemoSource | null;
  /** What to say about the user-data folder; null for nothing. */
  readonly folderProblem: string | null;
  /** Gets what is done before an uncaught error ends the app. */
  readonly uncaught: UncaughtErrors;
}

/** What watching the tray needs beside the core. */
interface TrayWatchingParts extends Pick<StartOptions, 'hidden' | 'tray'> {
  readonly windowState: WindowState;
  readonly window: WindowManager;
  readonly notifier: Notifier;
}

/** The folder of the built page, for the window and the LAN server. */
const rendererFolder = join(__dirname, '../renderer');

/** Creates and starts everything; called once, after the app is ready. Where another process has the folder, it says so and ends. */
export function startApp(options: StartOptions): void {
  const paths = pathsIn(app.getPath('userData'));
  const lock = lockFolder(paths.folder);
  if (lock.state === 'taken') {
    process.stderr.write(`traywatch: ${lock.reason}\n`);
    dialog.showErrorBox('Traywatch is already running', lock.reason);
    app.exit(1);
    return;
  }
  const own = withElectron(systemDeps());
  const watched = watchedMachine(options.demo, own, clockOf(own.platform, awakeClock(own.windows)));
  const log = createFileLog({ path: paths.log, clock: watched.clock });
  options.uncaught.prepare({ log });
  if (lock.state === 'unavailable') log.warn('the folder is not locked', { reason: lock.reason });
  run(options, paths, log, watched, () => {
    if (lock.state === 'held') lock.release();
  });
}

/** `release` is called after everything else has ended. */
function run({ hidden, tray, deferredTray, folderProblem, uncaught }: StartOptions, paths: Paths, log: FileLog, { system, clock }: WatchedMachine, release: () => void): void {
  const { platform } = ownMachine(system);
  const services = createDesktopServices({
    platform,
    clock,
    log: log.scoped('desktop'),
    open: (path) => desktop.window.open(path),
    snooze: ({ ruleId, series }, length) => core.alerts.incidentManager.snooze({ kind: 'series', ruleId, series }, length),
    onOutage: createRefusedNotice(platform, () => core.notices),
  });
  const lan = createLanController();
  const databaseWorker = createDatabaseWorker(join(__dirname, 'database-worker.cjs'));
  const core = createCore({
    paths,
    log,
    clock,
    timers: systemTimers,
    system,
    appVersion: app.getVersion(),
    runtime: formatRuntime(),
    selfMetricsSource: (store, sampler) => selfMetricsSource(electronProcesses(app), platform, store, sampler),
    installation: describeInstallation(app, repairedAutostart(app, system.demo !== undefined, log.scoped('autostart')), tray),
    updates: updatesLater(platform, log),
    showFolder: (path) => (platform === 'linux' ? showFolderOnLinux(systemTimers, path) : shell.openPath(path)),
    dialogs: createDialogs(platform === 'darwin' ? paths.folder : null),
    services,
    databaseWorker,
    lanState: () => lan.state(),
    lanConnections: () => lan.connections(),
    runPowerCommand: runCommand,
    env: process.env,
  });
  const windowState = createWindowState(paths.desktop, log.scoped('desktop'));
  let extras: SystemExtras = {};
  const desktop = setupDesktop(core, log, windowState, tray, lan, () => extras);
  bindTray(deferredTray, core, log, { open: (path) => desktop.window.open(path), quit: () => app.quit() });
  lan.connect({ core, folder: paths.folder, pages: rendererFolder, version: app.getVersion(), platform, clock, timers: systemTimers, log });
  const closePrompts = setupAccessPrompts(core.remoteAccess, { ...services, platform, log: log.scoped('desktop') }, (path) => desktop.window.open(path));
  followSystem(core);
  openWhenAsked(desktop.window, tray);
  const endNow = setupShutdown({
    app,
    steps: [
      ['core', core.close],
      ['LAN server', () => void lan.close()],
      ['prompts', closePrompts],
      ['window and tray', desktop.close],
      ['notifications', services.clear],
    ],
    finish: release,
    ...endingOf({ running: () => [...databaseWorker.running(), ...core.machines.report.running()] }),
    timers: systemTimers,
    log,
  });
  endWhenAsked(endNow, uncaught);
  void loadExtras({ platform, timers: systemTimers, open: () => desktop.window.open(), save: () => core.store.commit(), endNow }).then((loaded) => (extras = loaded));
  begin(core, log, folderProblem, { hidden, tray, windowState, window: desktop.window, notifier: services.notifier });
}

/** Starts what was put together. */
function begin(core: Core, log: FileLog, folderProblem: string | null, parts: TrayWatchingParts): void {
  log.info('started', { version: app.getVersion(), electron: process.versions.electron });
  showStartProblems(folderProblem, log, core.notices);
  core.monitoring.start();
  showUp(core, log, parts);
}

/** Loads what asks for updates and installs them when that is first needed. */
const updatesLater = (platform: Platform, log: Log): LoadUpdateSetup => async () => (await import('./desktop/updates/index')).updateSetup(app, platform, log.scoped('updates'));

/** How long a missing tray is waited for, ms. Without a window nobody waits for the icon, and at login the panel may be slow. */
const PATIENCE = { hidden: 60_000, visible: 7000 } as const;

/** Opens the window where one is wanted at startup, watches for the tray, and says where there is none. */
function showUp({ notices, settings }: Core, log: Log, { tray, windowState, window, notifier, ...options }: TrayWatchingParts): void {
  const hidden = options.hidden || !settings.get().openAtStart;
  if (!hidden) window.open();
  const show = createTrayNotice({
    notices,
    windowState,
    window,
    hidden,
    isExplained: () => settings.get().gettingStarted.includes('icon'),
    notify: async (title, body) => (await notifier.show({ key: 'no-tray', kind: 'summary', severity: 'info', title, body, incident: null })) === 'shown',
  });
  tray.watch({
    patience: hidden ? PATIENCE.hidden : PATIENCE.visible,
    onChange(state, reason) {
      log.info('tray host', { state, reason });
      show(state, reason);
      if (state === 'present') notifier.close('no-tray');
    },
  });
}

/** The window, its IPC transport, and the events that are pushed to it. */
function setupDesktop(core: Core, log: Log, windowState: WindowState, tray: TrayController, lan: LanController, extras: () => SystemExtras): { window: WindowManager; close(): void } {
  const page = createAppProtocol(rendererFolder, app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']);
  lockDown(app, page, (what, detail) => log.warn(`refused: ${what}`, { detail }));
  const ipc = createIpcTransport({
    ipcMain,
    handlers: core.handlers,
    isOwnPage: (url) => page.owns(url),
    onInternal: (call, error) => log.error('a call failed', { call, error }),
    onGone: (caller) => core.viewedFamilies.drop(caller),
  });
  core.hub.subscribe((batch) => ipc.push('batch', batch));
  forwardAppEvents(core, (name, payload) => {
    ipc.push(name, payload);
    lan.push(name, payload);
  });
  lan.onState((state) => ipc.push('lanState', state));
  tray.onStatus((status) => ipc.push('trayStatus', status));
  core.tasks.onProgress((state) => ipc.push('taskProgress', state));
  core.updates.onChange((status) => ipc.push('updates', status));
  core.machines.report.onChange((state) => ipc.push('reporting', state));
  core.remoteAccess.access.onChange(() => ipc.push('lanAccess', core.remoteAccess.access.summary()));
  const window = createWindowManager(
    {
      page,
      preload: join(__dirname, '../preload/index.cjs'),
      icon: join(app.getAppPath(), 'resources/icon.png'),
      state: windowState,
      onOpen: () => extras().onOpen?.(),
      // Without a tray icon the app could not be opened again.
      onClosed: () => {
        extras().onClosed?.();
        if (!tray.isShown()) app.quit();
      },
      onCrash: (reason) => log.error('the window’s process ended', { reason }),
    },
    (path) => ipc.push('navigate', { path }),
  );
  return {
    window,
    close: () => {
      tray.dispose();
      ipc.close();
    },
  };
}

/** Opens the window where the app is started again or activated. */
function openWhenAsked(window: WindowManager, tray: TrayController): void {
  app.on('second-instance', (_event, argv) => {
    // A session that is restored may start what start at login has started already.
    if (argv.includes('--hidden')) return;
    window.open();
    // Who starts the app again may see no icon.
    tray.look();
  });
  app.on('activate', () => window.open());
  // With a tray icon the app keeps running without a window.
  app.on('window-all-closed', () => undefined);
}

/** Ends in order when the system asks for it, and at once after an error that nothing has caught. */
function endWhenAsked(endNow: () => void, uncaught: UncaughtErrors): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit());
  uncaught.prepare({ save: endNow });
}

/** What Windows and macOS need beside the rest. */
async function loadExtras(parts: SystemExtrasParts): Promise<SystemExtras> {
  if (parts.platform === 'linux') return {};
  const { setupSystemExtras } = await import('./desktop/system-extras');
  return setupSystemExtras(parts);
}

/** Theme, sleep and battery. */
function followSystem(core: Core): void {
  followTheme(core);
  followPower(core);
}

function followTheme({ settings }: Core): void {
  nativeTheme.themeSource = settings.get().theme;
  settings.subscribe(({ theme }) => {
    nativeTheme.themeSource = theme;
  });
}

function followPower({ monitoring, sampler, store, workloads: { services }, machines: { report } }: Core): void {
  followPowerEvents(powerMonitor, {
    onSuspend: () => [services, monitoring, report].forEach((part) => part.suspend()),
    onResume: () => [services, monitoring, report].forEach((part) => part.resume()),
    onAwake: () => monitoring.noteAwake(),
    onPowerSaving: (on) => sampler.setPowerSaving(on),
    onShutdown: () => store.commit(),
  });
}
