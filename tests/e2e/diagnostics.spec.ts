/** Diagnostics of the running app and of the command line, and what the System page says of the sandbox. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '../support/e2e';
import type { Traywatch } from '../support/e2e';
import { runCommand } from '../support/e2e/command';
import { goTo } from '../support/e2e/shown';

/** The text in the clipboard, read by the app itself: the page may not. */
const clipboard = (app: Traywatch): Promise<string> => app.electron.evaluate(({ clipboard: board }) => board.readText());

/** Nothing that names the machine, the user or a folder. Ordinary words such as "root" or "vm" are looked for as words. */
function expectNoNames(text: string, data: string): void {
  for (const secret of [os.hostname(), os.userInfo().username]) expect(text).not.toMatch(new RegExp(String.raw`\b${secret}\b`, 'i'));
  const addresses = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []).map(({ address }) => address);
  for (const secret of [data, path.dirname(data), '/tmp/', ...addresses.filter((address) => address.length > 4)]) expect(text).not.toContain(secret);
}

test('the button copies what a bug report needs, and names only when asked', async ({ start, data }, info) => {
  const app = await start();
  const page = await app.page();
  await goTo(page, '/host');
  // As root the tests turn the sandbox off, and the page must say so.
  const isRoot = process.getuid?.() === 0;
  await expect(page.locator('dl > div', { hasText: 'Sandbox' }).locator('dd')).toHaveText(isRoot ? /^Off/ : 'On');
  const section = page.locator('section', { has: page.getByRole('heading', { name: 'Diagnostics' }) });
  await section.getByRole('button', { name: 'Copy diagnostics' }).click();
  await expect(section.getByText('Copied')).toBeVisible();
  const text = await clipboard(app);
  expect(text).toMatch(/^Traywatch diagnostics\n {2}Made: .* by the running app\n/);
  for (const line of [/Version: \d+\.\d+\.\d+ \(checkout\)/, /SQLite: \d/, /Desktop: XFCE/, /Session: x11/, /Tray: present/, /Start at login: disabled/, /^ {2}cpu +ok +every 1 s +\d+\.\d\d ms +\d+$/m, /Where: file/, /^ {2}samples /m]) expect(text).toMatch(line);
  expect(text).toContain(isRoot ? 'Sandbox: off' : 'Sandbox: on');
  expectNoNames(text, data);
  await page.screenshot({ path: info.outputPath('system.png'), fullPage: true });

  await section.getByRole('switch', { name: 'Include names and paths' }).click();
  await section.getByRole('button', { name: 'Copy diagnostics' }).click();
  await expect.poll(() => clipboard(app)).toContain(`Host name: ${os.hostname()}`);
  expect(await clipboard(app)).toContain(`Data folder: ${data}`);
});

test('the command prints the same beside a running app and without a display, and writes nothing', async ({ desktop, start, data }) => {
  const app = await start({ hidden: true });
  await app.item();
  await expect.poll(() => fs.existsSync(path.join(data, 'history.sqlite'))).toBe(true);
  const { code, stdout } = await runCommand(desktop, data, '--diagnose');
  expect(code).toBe(0);
  expect(stdout).toMatch(/by traywatch --diagnose\n[^]*Tray: present[^]*Where: file/);
  expectNoNames(stdout, data);
  expect(app.renderers()).toBe(0);
  expect(await app.quit()).toBe(0);

  const { DISPLAY: _, ...env } = desktop.env;
  const empty = path.join(data, '..', 'never-used');
  const alone = await runCommand({ ...desktop, env }, empty, '--diagnose=full');
  expect(alone.code).toBe(0);
  expect(alone.stdout).toMatch(/Desktop\n {2}None\n[^]*Where: none[^]*Names\n/);
  expect(alone.stdout).toContain(`Data folder: ${path.resolve(empty)}`);
  expect(fs.readdirSync(empty).filter((name) => /sqlite|log|lock|json/.test(name))).toEqual([]);
});
