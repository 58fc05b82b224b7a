/** The deb on this Debian: installed, started from its menu entry by an ordinary user, upgraded, removed. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { request } from '@playwright/test';
import { SETTINGS_VERSION } from '../../src/shared/settings/settings-schema';
import { expect, flatten, test, until } from '../support/desktop';
import type { Desktop } from '../support/desktop';
import { processTree } from '../support/desktop/process-tree';
import { documentOf, fileOf, startUpdateServer } from '../support/update-server';
import { BARE, openSettings, packages, PROGRAM, rootStep, runToEnd, sessionEnv, startAtLogin, startFromMenu, startWithoutDesktop, statusOf, USER_DATA } from './installed';

const HISTORY = path.join(USER_DATA, 'history.sqlite');
const SETTINGS = path.join(USER_DATA, 'settings.json');
test.describe.configure({ mode: 'serial' });

/** Number and first time of the events in the history, which only grow. */
function readEvents(): { count: number; first: number; starts: number } {
  const database = new Database(HISTORY, { readonly: true });
  try {
    const { count, first } = database.prepare('SELECT count(*) AS count, min(time) AS first FROM events').get() as { count: number; first: number };
    const { starts } = database.prepare("SELECT count(*) AS starts FROM events WHERE type = 'monitoring_started'").get() as { starts: number };
    return { count, first, starts };
  } finally {
    database.close();
  }
}

const activeWindow = async (desktop: Desktop): Promise<string> => (await desktop.xdotool('getactivewindow', 'getwindowname').catch(() => '')).trim();

test.beforeAll(() => {
  expect(process.getuid?.(), 'these tests run as an ordinary user').not.toBe(0);
});

test('lintian finds no error in the deb', async () => {
  // The compression for tests is one that lintian does not know.
  const { stdout, stderr } = await runToEnd('lintian', ['--fail-on', 'error', '--suppress-tags', 'malformed-deb-archive', packages.first]);
  expect(stdout.split('\n').filter((line) => /^[EW]:/.test(line)), stderr).toEqual([]);
});

test('is installed by apt, with its dependencies', async () => {
  const { code, stdout, stderr } = await rootStep('install-first');
  expect(code, stdout + stderr).toBe(0);
  expect((await runToEnd('ldd', [PROGRAM])).stdout).not.toContain('not found');
  // User namespaces are open here, so that nothing needs root's rights.
  expect(fs.readFileSync('/proc/sys/user/max_user_namespaces', 'utf8').trim()).not.toBe('0');
  expect(fs.statSync('/usr/lib/traywatch/chrome-sandbox').mode & 0o7777).toBe(0o755);
});

test('has a valid menu entry, a manual page and a unit that is not enabled', async () => {
  expect(await runToEnd('desktop-file-validate', ['/usr/share/applications/traywatch.desktop'])).toMatchObject({ code: 0, stdout: '' });
  const unit = '/usr/lib/systemd/system/traywatch-headless.service';
  expect(await runToEnd('systemd-analyze', ['verify', '--recursive-errors=no', unit])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect((await runToEnd('systemd-analyze', ['security', '--offline=true', '--threshold=30', unit])).code).toBe(0);
  expect(fs.existsSync('/etc/systemd/system/multi-user.target.wants/traywatch-headless.service')).toBe(false);
  const manual = await runToEnd('man', ['--warnings', 'traywatch'], { ...BARE, MANWIDTH: '200' });
  expect(manual).toMatchObject({ code: 0, stderr: '' });
  const help = await runToEnd('traywatch', ['--help'], BARE);
  expect(help.code).toBe(0);
  const options = [...help.stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, name = '']) => name);
  expect(options).toEqual(expect.arrayContaining(['--hidden', '--headless', '--help']));
  for (const name of options) expect(manual.stdout).toContain(name);
});

test('starts from the menu with its sandbox: icon in the panel, window on data of this machine, focused by a second start', async ({ desktop }, info) => {
  const app = await startFromMenu(desktop);
  try {
    const title = 'Overview – Traywatch';
    await expect.poll(() => desktop.windowTitles()).toContain(title);
    // Chromium itself gives its children switches such as --no-zygote-sandbox; what turns all of it off is not among them.
    const processes = processTree(app.pid);
    expect(processes[0]?.command.filter((part) => part.includes('sandbox'))).toEqual([]);
    expect(processes.flatMap(({ command }) => command)).not.toContain('--no-sandbox');
    const renderer = await until('a renderer', () => Promise.resolve(processTree(app.pid).find(({ type }) => type === 'renderer')));
    // Seccomp 2 is a filter; a process has an id in each PID namespace that it is in.
    const status = statusOf(renderer.pid);
    expect(status).toMatchObject({ Seccomp: '2', NoNewPrivs: '1' });
    expect(status.NSpid?.split('\t').length).toBeGreaterThan(statusOf(app.pid).NSpid?.split('\t').length ?? Infinity);
    await expect.poll(() => app.item.tooltip()).toMatch(/\d/);
    const menuText = async (): Promise<string> => flatten(await app.item.menu()).map(({ label }) => label.replaceAll(/\s/g, ' ')).join('\n');
    await expect.poll(menuText).toMatch(/^CPU +\d[\d.]* %/m);
    const gibibytes = Number(/MemTotal: +(\d+) kB/.exec(fs.readFileSync('/proc/meminfo', 'utf8'))?.[1]) / 2 ** 20;
    expect(Number(/^Memory .* of ([\d.]+) GiB$/m.exec(await menuText())?.[1])).toBeCloseTo(gibibytes, 0);
    // The desktop finds the entry by the window's class, and so its icon and name.
    const window = (await desktop.xdotool('search', '--onlyvisible', '--name', title)).trim().split('\n')[0] ?? '';
    const entry = fs.readFileSync('/usr/share/applications/traywatch.desktop', 'utf8');
    const windowClass = await runToEnd('xprop', ['-id', window, 'WM_CLASS'], desktop.env);
    expect(windowClass.stdout).toContain(`"${/^StartupWMClass=(.*)$/m.exec(entry)?.[1]}"`);
    await desktop.screenshot(info.outputPath('started.png'));
    await desktop.xdotool('windowminimize', window);
    await expect.poll(() => activeWindow(desktop)).not.toBe(title);
    const second = await runToEnd('traywatch', [], sessionEnv(desktop));
    expect(second).toMatchObject({ code: 0, stdout: 'Traywatch is already running.\n' });
    await expect.poll(() => activeWindow(desktop)).toBe(title);
    expect(await desktop.trayItems()).toHaveLength(1);
    await desktop.screenshot(info.outputPath('focused.png'));
  } finally {
    await app.stop();
  }
  expect(readEvents().starts).toBe(1);
});

test('start at login, switched on in its settings, is honoured by the next session', async ({ desktop }, info) => {
  const entry = path.join(os.homedir(), '.config/autostart/traywatch.desktop');
  const app = await openSettings('traywatch', [], sessionEnv(desktop));
  try {
    await app.page.turn('Start at login', true);
    await app.page.screenshot(info.outputPath('settings.png'));
  } finally {
    await app.stop();
  }
  expect(fs.readFileSync(entry, 'utf8')).toContain(`Exec="${PROGRAM}" --hidden\n`);
  const started = await startAtLogin(desktop, entry);
  try {
    expect(processTree(started.pid)[0]?.command.join(' ')).toContain('--hidden');
    await expect.poll(() => started.item.tooltip()).toMatch(/CPU \d/);
    expect(await desktop.windowTitles()).not.toContainEqual(expect.stringContaining('Traywatch'));
    expect(await runToEnd('traywatch', ['--autostart=off'], sessionEnv(desktop))).toMatchObject({ code: 0, stdout: 'disabled\n' });
    expect(fs.existsSync(entry)).toBe(false);
  } finally {
    await started.stop();
  }
});

test('finds a newer version and says which package to install, and how', async ({ desktop }, info) => {
  const server = await startUpdateServer(Number(new URL(packages.updatesUrl).port));
  const name = 'traywatch_99.1.0_amd64.deb';
  server.answers.set('/stable.json', { kind: 'body', body: documentOf({ version: '99.1.0', channel: 'stable', released: Date.now(), page: `${server.url}/page`, files: [fileOf(Buffer.from('deb'), { name, url: `${server.url}/${name}`, kind: 'deb' })] }) });
  const app = await openSettings('traywatch', [], sessionEnv(desktop));
  try {
    await app.page.click('Check now');
    await expect.poll(() => app.page.text()).toContain('Traywatch 99.1.0 is available');
    expect(await app.page.text()).toContain(`sudo apt install ./${name}`);
    // What the package manager installs is not downloaded.
    expect(await app.page.has('Download and install')).toBe(false);
    expect(server.requests.map(({ path: at }) => at)).toEqual(['/stable.json']);
    await app.page.screenshot(info.outputPath('update.png'));
  } finally {
    await app.stop();
    await server.close();
  }
});

test('without a desktop it serves its page and, to a browser with a token, the description of its API', async () => {
  const data = path.join(os.homedir(), 'without-desktop');
  fs.mkdirSync(data, { recursive: true });
  fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify({ version: 2, lan: { addresses: ['127.0.0.1'], port: 18_571 } }));
  const run = startWithoutDesktop(data);
  const browser = await request.newContext({ ignoreHTTPSErrors: true, extraHTTPHeaders: { origin: 'https://127.0.0.1:18571' } });
  try {
    const [, url = ''] = await run.printed(/Open (https:\S+)/);
    const [, code = ''] = await run.printed(/Pairing code: (\d{4} \d{4}) /);
    const asked = (await (await browser.post(`${url}api/auth/pair`, { data: { code: code.replace(' ', ''), name: 'phone' } })).json()) as { value: { id: string } };
    await expect.poll(async () => (await (await browser.get(`${url}api/auth/pair/${asked.value.id}?wait=5`)).json()) as unknown).toMatchObject({ value: { state: 'approved' } });
    const page = await browser.get(`${url}api/docs/`);
    expect(page.status()).toBe(200);
    const parts = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part);
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) expect((await browser.get(new URL(part, page.url()).href)).status(), part).toBe(200);
    expect(await (await browser.get(`${url}api/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Traywatch API' } });
  } finally {
    await browser.dispose();
    await run.stop();
  }
});

test('an upgrade keeps history and settings, and the desktop shows the page of the new version', async ({ desktop }, info) => {
  fs.writeFileSync(SETTINGS, JSON.stringify({ version: SETTINGS_VERSION, keepDays: 123 }));
  const before = readEvents();
  const { code, stdout, stderr } = await rootStep('install-newer');
  expect(code, stdout + stderr).toBe(0);
  expect((await runToEnd('traywatch', ['--version'], BARE)).stdout).toBe(`${packages.newerVersion}\n`);
  const app = await startFromMenu(desktop);
  try {
    await expect.poll(() => desktop.windowTitles()).toContain('Overview – Traywatch');
    await desktop.screenshot(info.outputPath('upgraded.png'));
  } finally {
    await app.stop();
  }
  const after = readEvents();
  expect(after).toMatchObject({ first: before.first, starts: before.starts + 1 });
  expect(after.count).toBeGreaterThan(before.count);
  expect(JSON.parse(fs.readFileSync(SETTINGS, 'utf8'))).toMatchObject({ keepDays: 123 });
});

test('apt refuses the older package, and the program refuses data of a newer version and leaves it as it is', async () => {
  const older = await rootStep('install-first');
  expect(older.code).not.toBe(0);
  expect(older.stdout + older.stderr).toMatch(/downgrade/i);
  const kept = path.join(os.homedir(), 'of-a-newer-version');
  fs.cpSync(USER_DATA, kept, { recursive: true, filter: (file) => !path.basename(file).startsWith('Singleton') });
  const file = path.join(kept, 'history.sqlite');
  const database = new Database(file);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.pragma('journal_mode = DELETE');
  database.pragma('user_version = 9999');
  database.close();
  const content = fs.readFileSync(file);
  const run = startWithoutDesktop(kept);
  await run.printed(/History is not being saved.*/);
  await run.stop();
  expect(run.text()).toContain('was written by a newer version of Traywatch (schema 9999');
  expect(run.text()).toContain('Update Traywatch');
  expect(fs.readFileSync(file).equals(content)).toBe(true);
});

test('removing and purging it leave the user’s data and nothing else', async () => {
  const before = readEvents();
  expect((await rootStep('remove')).code).toBe(0);
  for (const file of ['/usr/lib/traywatch', '/usr/bin/traywatch', '/usr/share/applications/traywatch.desktop', '/usr/lib/systemd/system/traywatch-headless.service']) expect(fs.existsSync(file), file).toBe(false);
  expect(readEvents()).toEqual(before);
  expect((await rootStep('purge')).code).toBe(0);
  expect(readEvents()).toEqual(before);
  expect(fs.existsSync(SETTINGS)).toBe(true);
  expect((await runToEnd('dpkg-query', ['-W', 'traywatch'])).code).not.toBe(0);
});
