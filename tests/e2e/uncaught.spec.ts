/** An error that nothing catches: it is told where somebody can see it, nothing that was measured is lost, and the program ends. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { launchApp } from '../support/desktop/app';
import type { RunningApp } from '../support/desktop/app';
import { expect, test } from '../support/e2e';
import { startHeadless, writeSettings } from '../support/e2e/headless';
import { appDir } from '../support/e2e/traywatch';

/** The program may end before the answer to the call that ended it is on its way. */
const ENDED_MEANWHILE = /garbage collected|has been closed/;

/** Throws in the main process, or rejects a promise that nobody waits for, in a turn of its own; what comes of it shows in how the program ends. */
async function fail({ electron }: Pick<RunningApp, 'electron'>, how: 'throw' | 'reject'): Promise<void> {
  try {
    await electron.evaluate((_, kind) => {
      setTimeout(() => {
        const error = new Error('no such gauge');
        if (kind === 'throw') throw error;
        void Promise.reject(error);
      }, 300);
    }, how);
  } catch (error) {
    if (!(error instanceof Error && ENDED_MEANWHILE.test(error.message))) throw error;
  }
}

/** Types of the events in the history, the newest last, and the number of rows with samples. */
function readHistory(data: string): { events: string[]; rows: number } {
  const database = new Database(path.join(data, 'history.sqlite'), { readonly: true });
  try {
    const events = (database.prepare('SELECT type FROM events ORDER BY rowid').all() as { type: string }[]).map(({ type }) => type);
    return { events, rows: (database.prepare('SELECT count(*) AS count FROM head').get() as { count: number }).count };
  } finally {
    database.close();
  }
}

const logOf = (data: string): string[] => fs.readFileSync(path.join(data, 'traywatch.log'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { message: string }).message);

/** Errors at a signal, in a turn of their own; loaded before the program. */
const FAILING = `process.on('SIGUSR2', () => { throw new Error('no such gauge'); });
process.on('SIGWINCH', () => void Promise.reject(new Error('no such gauge')));`;

/** What shows that it was written down and that nothing was lost. */
function expectSaved(data: string, output: string): void {
  expect(output.match(/^traywatch: an unexpected error: Error: no such gauge\n {4}at /gm)).toHaveLength(1);
  const log = logOf(data);
  expect(log.slice(log.indexOf('an unexpected error'))).toEqual(['an unexpected error', 'stopped']);
  const { events, rows } = readHistory(data);
  expect(events.at(-1)).toBe('monitoring_stopped');
  expect(rows).toBeGreaterThan(0);
}

const isStarted = (data: string) => expect.poll(() => (fs.existsSync(path.join(data, 'traywatch.log')) ? logOf(data) : [])).toContain('started');

for (const [how, signal] of [['throw', 'SIGUSR2'], ['reject', 'SIGWINCH']] as const) {
  test(`without a desktop it is printed and logged, the history is saved, and the program ends as failed (${how})`, async () => {
    const failing = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-failing-')), 'failing.cjs');
    fs.writeFileSync(failing, FAILING);
    const run = startHeadless(18_560, [], {}, { nodeFlags: ['--require', failing] });
    try {
      // The certificate is made by then; until then it is logged.
      await expect.poll(() => run.text()).toContain('Open https:');
      run.signal(signal);
      expect(await run.ended).toBe(1);
      expectSaved(run.data, run.errors());
    } finally {
      await run.discard();
      fs.rmSync(path.dirname(failing), { recursive: true });
    }
  });

  test(`under Electron without a display it is printed and logged, the history is saved, and the program ends as failed (${how})`, async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-uncaught-'));
    const data = path.join(home, 'data');
    fs.mkdirSync(data);
    writeSettings(data, JSON.stringify({ version: 2, lan: { addresses: ['127.0.0.1'], port: 18_561 } }));
    const app = await launchApp({ PATH: process.env.PATH ?? '', HOME: home }, { appDir, userDataDir: data, args: ['--headless'] });
    try {
      await isStarted(data);
      await fail(app, how);
      expect(await app.exited).toBe(1);
      expectSaved(data, app.output());
    } finally {
      await app.end();
      fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}

test('a command that prints something ends as failed, without a dialog', async () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-uncaught-'));
  const app = await launchApp({ PATH: process.env.PATH ?? '', HOME: home }, { appDir, userDataDir: path.join(home, 'data'), args: ['--diagnose'] });
  try {
    await fail(app, 'throw');
    expect(await app.exited).toBe(1);
    expect(app.output()).toContain('traywatch: an unexpected error: Error: no such gauge');
  } finally {
    await app.end();
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('with a desktop one dialog says it, whatever follows, and the program ends when that was read', async ({ desktop, start, data }, info) => {
  const app = await start();
  await app.page();
  const titles = await desktop.windowTitles();
  const dialogs = async (): Promise<string[]> => (await desktop.windowTitles()).filter((title) => !titles.includes(title));
  await fail(app, 'throw');
  await expect.poll(dialogs).toHaveLength(1);
  // What was measured is safe before anybody has read it.
  expect(logOf(data).slice(-1)).toEqual(['stopped']);
  await desktop.screenshot(info.outputPath('dialog.png'));
  await desktop.xdotool('search', '--onlyvisible', '--name', (await dialogs())[0] ?? '', 'windowactivate', '--sync');
  await desktop.xdotool('key', 'alt+F4');
  expect(await app.exited).toBe(1);
  expect(readHistory(data).events.at(-1)).toBe('monitoring_stopped');
});

test('without a display it goes on when nobody reads its output any more', async () => {
  const run = startHeadless(18_562);
  try {
    await expect.poll(() => run.text()).toContain('Pairing code');
    run.stopReading();
    run.newCode();
    run.newCode();
    expect(await run.stop()).toBe(0);
  } finally {
    await run.discard();
  }
});
