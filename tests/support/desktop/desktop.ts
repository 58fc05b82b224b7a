/**
 * A real desktop for one test: an X server without a screen, a session bus, a window manager, a panel with a tray
 * and a notification server, all with settings of their own. Nothing of it is shared with another test.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startSessionBus, startVirtualDisplay } from '../../../scripts/lib/display.mjs';
import { launchApp } from './app';
import type { LaunchOptions, RunningApp } from './app';
import { createBus } from './bus';
import { runProgram } from './exec';
import { createNotificationHand, readNotifications, writeDunstConfig } from './notifications';
import { writePanelConfig, writeWindowManagerConfig } from './panel-config';
import { trayItems, waitForTrayItem } from './tray';
import { until } from './until';

/** A running desktop and what a person can see and do on it. */
export type Desktop = Awaited<ReturnType<typeof startDesktop>>;

export interface DesktopOptions {
  /** Size of the screen and bits per pixel. */
  geometry?: string;
  /** false leaves out the panel, so that there is no tray. */
  tray?: boolean;
}

/** Starts a desktop; resolves when its tray, notification server and window manager answer. */
export async function startDesktop({ geometry = '1280x800x24', tray = true }: DesktopOptions = {}) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-desktop-'));
  const stops: (() => Promise<void>)[] = [async () => fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 })];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const display = await startVirtualDisplay({ geometry });
    stops.push(display.stop);
    const homeEnv = { ...toHomeEnv(home), ...display.env };
    const session = await startSessionBus(homeEnv);
    stops.push(session.stop);
    const env = { ...homeEnv, ...session.env };
    const log = await startShell(env, tray, stops);
    return { ...createHands(env, log, stops), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An environment with its own home, so that nothing of the person's settings is read or changed. */
function toHomeEnv(home: string): Record<string, string> {
  const folders = { XDG_CONFIG_HOME: 'config', XDG_CACHE_HOME: 'cache', XDG_DATA_HOME: 'data', XDG_STATE_HOME: 'state', XDG_RUNTIME_DIR: 'run' };
  const entries = Object.entries(folders).map(([name, folder]) => [name, path.join(home, folder)] as const);
  for (const [, folder] of entries) fs.mkdirSync(folder, { mode: 0o700 });
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    HOME: home,
    ...Object.fromEntries(entries),
    XDG_CURRENT_DESKTOP: 'XFCE',
    NO_AT_BRIDGE: '1',
    GTK_A11Y: 'none',
    GIO_USE_VFS: 'local',
    GSETTINGS_BACKEND: 'memory',
  };
}

/** Starts window manager, panel and notification server. Returns the file with the shown notifications. */
async function startShell(env: Record<string, string>, tray: boolean, stops: (() => Promise<void>)[]): Promise<string> {
  const configDir = env.XDG_CONFIG_HOME ?? '';
  const { config, log } = writeDunstConfig(configDir);
  writePanelConfig(configDir);
  writeWindowManagerConfig(configDir);
  const start = (command: string, args: string[]) => stops.push(startProgram(command, args, env));
  start('xfwm4', ['--compositor=off']);
  start('dunst', ['-config', config]);
  const bus = createBus(env);
  await Promise.all([
    bus.waitForName('org.freedesktop.Notifications'),
    tray ? startPanel(env, stops) : undefined,
    until('a window manager', async () => {
      const answer = await runProgram('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'], env);
      return answer.includes('window id') ? answer : undefined;
    }),
  ]);
  return log;
}

/** Starts the panel; resolves with what ends it, when its tray answers. */
async function startPanel(env: Record<string, string>, stops: (() => Promise<void>)[]): Promise<() => Promise<void>> {
  const stop = startProgram('xfce4-panel', ['--disable-wm-check'], env);
  stops.push(stop);
  await createBus(env).waitForName('org.kde.StatusNotifierWatcher');
  return stop;
}

/** Returns what ends the program. */
function startProgram(command: string, args: string[], env: Record<string, string>): () => Promise<void> {
  const child = spawn(command, args, { env, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('error', () => resolve()).on('close', () => resolve()));
  return async () => {
    child.kill('SIGKILL');
    await ended;
  };
}

function createHands(env: Record<string, string>, notificationLog: string, stops: (() => Promise<void>)[]) {
  const bus = createBus(env);
  const apps: RunningApp[] = [];
  const screenshot = async (file: string): Promise<void> => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await runProgram('scrot', ['--overwrite', file], env);
  };
  return {
    env,
    bus,
    /** Starts an application on this desktop; it ends with the desktop. */
    async launchApp(options: LaunchOptions): Promise<RunningApp> {
      const running = await launchApp(env, options);
      stops.push(() => running.end());
      apps.push(running);
      return running;
    },
    /** Starts the panel, on a desktop without one; resolves with what ends it, as a crash would. */
    startPanel: () => startPanel(env, stops),
    /** The icons in the tray. */
    trayItems: () => trayItems(bus),
    /** The icon of a process, as soon as it is there. */
    trayItem: (pid: number) => waitForTrayItem(bus, pid),
    /** Every notification shown so far, oldest first. */
    notifications: () => readNotifications(notificationLog),
    /** Clicking and closing notifications. */
    notificationHand: createNotificationHand(bus),
    /** Titles of the visible windows. */
    async windowTitles(): Promise<string[]> {
      const ids = await runProgram('xdotool', ['search', '--onlyvisible', '--name', '.'], env).catch(() => '');
      const titles = ids.split('\n').filter((id) => id !== '').map((id) => runProgram('xdotool', ['getwindowname', id], env));
      return (await Promise.all(titles)).map((title) => title.trim());
    },
    /** Types a key or clicks, for example `xdotool('key', 'Tab')`. */
    xdotool: (...args: string[]) => runProgram('xdotool', args, env),
    /** Takes a picture of the whole desktop as PNG. */
    screenshot,
    /** Writes down what a failed test left: a picture, and what the applications printed. */
    async saveEvidence(toPath: (name: string) => string): Promise<void> {
      await screenshot(toPath('desktop.png'));
      for (const [index, app] of apps.entries()) fs.writeFileSync(toPath(`app-${index + 1}.log`), app.output());
    },
  };
}
