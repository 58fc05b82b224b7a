import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { runCommand } from '../support/e2e/command';
import { listenForComplaints } from '../support/e2e/complaints';
import { ADDRESSES, operable, resizeWindow, sidewaysScroll, tabThrough } from '../support/e2e/layout';
import { cardOf, goTo } from '../support/e2e/shown';
import { appDir } from '../support/e2e/traywatch';

const { version } = JSON.parse(fs.readFileSync(path.join(appDir, 'package.json'), 'utf8')) as { version: string };
const pictures = path.join(appDir, 'test-results', 'pictures');

test('closing the window ends its renderer and keeps the tray icon; opening it again shows data at once', async ({ desktop, start }) => {
  const app = await start();
  const page = await app.page();
  // The first CPU usage comes with the second tick; from then on every value is known.
  await expect(cardOf(page, 'cpu').locator('.value').first()).toHaveText(/\d/);
  const { seq } = await ask(page, 'snapshot', {});
  expect(app.renderers()).toBe(1);
  await desktop.xdotool('search', '--onlyvisible', '--name', 'Traywatch', 'windowactivate', '--sync');
  await desktop.xdotool('key', 'alt+F4');
  await expect.poll(app.renderers).toBe(0);
  expect(await desktop.trayItems()).toHaveLength(1);
  expect(app.processes()[0]?.pid).toBe(app.pid);

  const again = await app.openFromTray();
  await cardOf(again, 'memory').waitFor();
  // Read once, without waiting: values known before must be there with the first card.
  for (const family of ['cpu', 'memory', 'disk', 'uptime']) {
    expect(await cardOf(again, family).locator('.value').first().textContent(), family).toMatch(/\d/);
  }
  await expect(cardOf(again, 'memory').locator('svg path').first()).toBeAttached();
  expect((await ask(again, 'snapshot', {})).seq).toBeGreaterThanOrEqual(seq);
});

test('a second start brings the window of the first to the front and ends', async ({ data, desktop, start }) => {
  const app = await start({ hidden: true });
  await app.item();
  const second = await runCommand(desktop, data);
  expect(second.code).toBe(0);
  expect(second.stdout).toContain('already running');
  await app.page();
  await expect.poll(() => desktop.windowTitles()).toContain('Overview – Traywatch');
  await desktop.xdotool('search', '--onlyvisible', '--name', 'Traywatch', 'windowminimize');
  await expect.poll(() => desktop.windowTitles()).not.toContain('Overview – Traywatch');
  expect((await runCommand(desktop, data)).code).toBe(0);
  await expect.poll(() => desktop.windowTitles()).toContain('Overview – Traywatch');
  await expect.poll(async () => (await desktop.xdotool('getactivewindow', 'getwindowname')).trim()).toBe('Overview – Traywatch');
  expect(await desktop.trayItems()).toHaveLength(1);
  expect(app.electron.windows()).toHaveLength(1);
});

test('prints its version and usage, and refuses unknown options', async ({ data, desktop }) => {
  expect(await runCommand(desktop, data, '--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
  const help = await runCommand(desktop, data, '--help');
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--hidden') });
  for (const wrong of ['--hiden', '--hidden=yes', '-x']) {
    const refused = await runCommand(desktop, data, wrong);
    expect(refused.code, wrong).toBe(2);
    expect(refused.stderr).toContain(`unknown option "${wrong}"`);
    expect(refused.stderr).toContain('Usage: traywatch');
  }
  expect(fs.existsSync(path.join(data, 'history.sqlite'))).toBe(false);
});

test('every page in both themes: no console errors, no sideways scroll at 360 px, and a screenshot', async ({ desktop, start }) => {
  const app = await start({ hidden: true });
  const complaints = await listenForComplaints(app.electron);
  const page = await app.openFromTray();
  await expect(cardOf(page, 'cpu').locator('.value').first()).toHaveText(/\d/);
  for (const theme of ['dark', 'light'] as const) {
    await ask(page, 'updateSettings', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    for (const [width, height, name] of [[1120, 780, 'wide'], [360, 740, 'phone']] as const) {
      await resizeWindow(app, page, width, height);
      for (const address of ADDRESSES) {
        await goTo(page, address);
        expect(await sidewaysScroll(page), `${address} at ${width} px`).toEqual({ by: 0, widest: '' });
        await page.screenshot({ path: path.join(pictures, `${theme}-${name}-${address.slice(1).replaceAll(/\W+/g, '-') || 'overview'}.png`) });
      }
    }
    await resizeWindow(app, page, 1120, 780);
    await goTo(page, '/');
    await desktop.screenshot(path.join(pictures, `${theme}-desktop.png`));
  }
  expect(complaints()).toEqual([]);
});

test('every control can be reached by keyboard, and the focus is visible', async ({ start }) => {
  const page = await (await start()).page();
  await expect(cardOf(page, 'cpu').locator('.value').first()).toHaveText(/\d/);
  for (const address of ['/', '/cpu', '/settings', '/host', '/sharing']) {
    await goTo(page, address);
    if (address === '/cpu') await page.locator('.plot').first().waitFor();
    const stops = await operable(page);
    const { reached, unseen } = await tabThrough(page, stops.length + 10);
    expect(unseen, address).toEqual([]);
    expect(stops.filter((_, index) => !reached.has(index)), address).toEqual([]);
  }
  await goTo(page, '/');
  await page.getByRole('link', { name: 'System' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('System');
});

test('a theme chosen in the settings is kept after a restart', async ({ data, start }) => {
  const first = await start();
  const page = await first.page();
  await goTo(page, '/settings');
  const choice = page.getByLabel('Theme');
  await expect(choice).toHaveValue('system');
  await choice.selectOption('light');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect.poll(() => JSON.parse(fs.readFileSync(path.join(data, 'settings.json'), 'utf8')) as unknown).toMatchObject({ theme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await choice.selectOption('dark');
  await expect.poll(ground).not.toBe(light);
  expect(await first.quit()).toBe(0);

  const second = await start();
  const again = await second.page();
  await expect(again.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await second.electron.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
  expect((await ask(again, 'appState', {})).settings.theme).toBe('dark');
});
