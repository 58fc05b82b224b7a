/** The package under test: its files, the steps that need root, and the installed app as a user starts it. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from '../support/desktop';
import type { Desktop, TrayItem } from '../support/desktop';
import { processTree } from '../support/desktop/process-tree';
import { openPageHand } from './page-hand';
import type { PageHand } from './page-hand';

/** Where the package puts the program. */
export const PROGRAM = '/usr/lib/traywatch/traywatch';
/** The user's data, as the app places it. */
export const USER_DATA = path.join(os.homedir(), '.config', 'Traywatch');

/** What a terminal without a desktop has. */
export const BARE = { PATH: process.env.PATH, HOME: os.homedir(), LANG: 'C.UTF-8' };

/** The packages that were made for the test. */
export const packages = JSON.parse(process.env.TRAYWATCH_PACKAGES ?? '{}') as {
  readonly first: string;
  readonly newer: string;
  readonly newerVersion: string;
  readonly rpm: string;
  readonly unpacked: string;
  /** Where the packages ask for updates; its document is signed with TRAYWATCH_TEST_SIGNING_KEY. */
  readonly updatesUrl: string;
};

/** How a program ended, and its output. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Asks root for a step, such as `install-first`. Resolves when it is done. */
export function rootStep(name: 'install-first' | 'install-newer' | 'remove' | 'purge' | `${'mount-small' | 'unmount-small'} ${string}`): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(process.env.TRAYWATCH_ROOT_STEPS ?? '');
    let text = '';
    socket.setEncoding('utf8').on('error', reject).on('data', (chunk: string) => (text += chunk));
    socket.on('end', () => resolve(JSON.parse(text) as Ended)).on('connect', () => socket.write(`${name}\n`));
  });
}

/** Runs a program to its end; never rejects for its exit code. */
export function runToEnd(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The desktop's environment with the user's own home, as a session has it. */
export function sessionEnv(desktop: Desktop): Record<string, string> {
  const home = os.homedir();
  return { ...desktop.env, HOME: home, XDG_CONFIG_HOME: path.join(home, '.config'), XDG_CACHE_HOME: path.join(home, '.cache') };
}

/** Values of a process in /proc/…/status. */
export function statusOf(pid: number): Record<string, string> {
  const lines = fs.readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
  return Object.fromEntries(lines.filter((line) => line.includes(':')).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
}

/** The installed app, once its icon is in the panel. */
export interface InstalledApp {
  readonly pid: number;
  readonly item: TrayItem;
  /** Ends it as a session's end does. */
  stop(): Promise<void>;
}

/** Waits for the icon of the installed program, however it was started. */
async function findApp(desktop: Desktop): Promise<InstalledApp> {
  const { pid, item } = await until('an icon of the installed program', async () => {
    for (const item of await desktop.trayItems()) {
      // A panel may still list the icon of a program that has ended.
      const pid = await item.pid().catch(() => null);
      // Chromium joins the arguments in its title by spaces.
      if (pid !== null && /(^|\/)traywatch([ \0]|$)/.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'))) return { pid, item };
    }
    return undefined;
  });
  const stop = async (): Promise<void> => {
    if (processTree(pid).length > 0) process.kill(pid, 'SIGTERM');
    await until('the end of the program', () => Promise.resolve(processTree(pid).length === 0 || undefined));
  };
  return { pid, item, stop };
}

/** Starts the program by another one, which ends while it runs. */
async function startBy(desktop: Desktop, command: string, args: readonly string[]): Promise<InstalledApp> {
  // The program inherits its output, so that there must be nobody who waits for its end.
  const child = spawn(command, args, { env: sessionEnv(desktop), stdio: 'ignore' });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}`);
  return findApp(desktop);
}

/** Starts the program from its menu entry, as a desktop's menu does. */
export const startFromMenu = (desktop: Desktop): Promise<InstalledApp> => startBy(desktop, 'gtk-launch', ['traywatch']);

/** Starts it as the session managers of GNOME, Xfce and MATE do at login: with GLib. */
export const startAtLogin = (desktop: Desktop, entry: string): Promise<InstalledApp> => startBy(desktop, 'gio', ['launch', entry]);

/** Chromium's debugging port. */
const DEBUG_PORT = 18_573;

/** A program with its page. */
export interface ProgramWithPage {
  readonly page: PageHand;
  stop(): Promise<void>;
}

/** Goes to the settings; undefined until the page has loaded, before which there is nothing that goes anywhere. */
async function openSettingsPage(): Promise<PageHand | undefined> {
  const page = await openPageHand(DEBUG_PORT);
  try {
    await page.goTo('/settings');
    if ((await page.text()).includes('Updates')) return page;
  } catch {
    // It was replaced while it loaded.
  }
  page.close();
  return undefined;
}

/** Starts a program and opens the settings in its window. */
export async function openSettings(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<ProgramWithPage> {
  const child = spawn(program, [...args, `--remote-debugging-port=${DEBUG_PORT}`], { env, stdio: 'ignore' });
  const pid = child.pid ?? 0;
  const page = await until('the settings', () => openSettingsPage());
  const stop = async (): Promise<void> => {
    page.close();
    if (processTree(pid).length > 0) child.kill('SIGTERM');
    await until('the end of the program', () => Promise.resolve(processTree(pid).length === 0 || undefined));
  };
  return { page, stop };
}

/** The installed program without a desktop, as its unit starts it. */
export function startWithoutDesktop(data: string) {
  const child = spawn('traywatch', ['--headless', `--user-data-dir=${data}`], { env: BARE, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.once('error', () => resolve()).once('close', () => resolve()));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return {
    /** The output so far. */
    text: () => text,
    /** Waits for a match in the output. */
    printed: (pattern: RegExp): Promise<RegExpExecArray> => until(`${pattern} in the output`, () => Promise.resolve(pattern.exec(text) ?? undefined)),
    /** Ends it by SIGTERM, as a service manager does. */
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
