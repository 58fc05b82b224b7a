import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, until } from '../desktop';
import type { Desktop, RunningApp, TrayItem } from '../desktop';

/** The folder with Traywatch's package.json and what was built of it. */
export const appDir = path.resolve(import.meta.dirname, '..', '..', '..');

/** How to start Traywatch. */
export interface StartOptions {
  /** The user-data folder; made where missing. */
  data?: string;
  /** Tray icon only. */
  hidden?: boolean;
  /** Variables beside those of the desktop. */
  env?: Record<string, string>;
}

/** A running Traywatch. */
export interface Traywatch extends RunningApp {
  /** Its tray icon, as soon as the desktop has it. */
  item(): Promise<TrayItem>;
  /** Its open window, as soon as there is one that shows live values. */
  page(): Promise<Page>;
  /** Opens the window from the tray menu. */
  openFromTray(): Promise<Page>;
  /** Ends it from the tray menu; resolves with the exit code. */
  quit(): Promise<number | null>;
  /** Ends the whole process tree at once, as the loss of power would. */
  killAll(): Promise<void>;
  /** How many renderer processes live. */
  renderers(): number;
  /** The lines of its log file, parsed. */
  log(): LogLine[];
}

/** One line of the log. */
interface LogLine {
  level: string;
  message: string;
  fields?: Record<string, unknown>;
}

/** Starts Traywatch on a desktop. */
export async function startTraywatch(desktop: Desktop, { data, hidden = false, env = {} }: StartOptions & { data: string }): Promise<Traywatch> {
  fs.mkdirSync(data, { recursive: true });
  const running = await desktop.launchApp({ appDir, userDataDir: data, args: hidden ? ['--hidden'] : [], env });
  const item = (): Promise<TrayItem> => desktop.trayItem(running.pid);
  const page = (): Promise<Page> => livePage(running);
  return {
    ...running,
    item,
    page,
    async openFromTray() {
      await (await item()).clickMenu('Open Traywatch');
      return page();
    },
    async quit() {
      const icon = await item();
      // It may be gone before the click is answered; the exit code tells whether it went as asked.
      await icon.clickMenu('Quit').catch((error: unknown) => expect(String(error)).toMatch(/disconnected|ServiceUnknown/));
      const code = await running.exited;
      // A crash says nothing by itself: what it was is told at once.
      if (code === null) throw new Error(`it did not quit but was ended by ${running.endedBy()}; it printed:\n${running.output()}\nand logged:\n${tailOf(path.join(data, 'traywatch.log'))}`);
      return code;
    },
    async killAll() {
      for (const { pid } of running.processes()) process.kill(pid, 'SIGKILL');
      await running.exited;
      await expect.poll(() => running.processes()).toEqual([]);
    },
    renderers: () => running.processes().filter((one) => one.type === 'renderer').length,
    log: () => readLog(path.join(data, 'traywatch.log')),
  };
}

async function livePage({ electron }: RunningApp): Promise<Page> {
  const page = await until('a window', () => Promise.resolve(electron.windows().find((one) => one.url().startsWith('traywatch:'))));
  await expect(page.locator('[data-connection="live"], [data-connection="paused"]').first()).toBeAttached();
  return page;
}

function readLog(file: string): LogLine[] {
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as LogLine);
}

/** The end of a log as it is, for a failure. */
const tailOf = (file: string): string => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(-8).join('\n') : 'nothing');
