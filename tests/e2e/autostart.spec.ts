/** Start at login: what the switch and the command line write is what a desktop starts. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, until } from '../support/e2e';
import type { Desktop } from '../support/desktop';
import { runCommand } from '../support/e2e/command';
import { makeReadOnly } from '../support/e2e/read-only';
import { goTo } from '../support/e2e/shown';

const entryOf = (desktop: Desktop): string => path.join(desktop.env.XDG_CONFIG_HOME ?? '', 'autostart/traywatch.desktop');

/** The switch on the settings page. */
async function openSwitch(page: Page) {
  await goTo(page, '/settings');
  const control = page.getByRole('switch', { name: 'Start at login' });
  await expect(control).toBeEnabled();
  return { control, field: page.locator('.field', { has: control }) };
}

/** Starts the entry as GNOME, Xfce and MATE do: with GLib. The checkout finds its runtime by the variable. */
function logIn(desktop: Desktop): void {
  const runtime = path.dirname(process.env.TRAYWATCH_ELECTRON ?? '');
  execFileSync('gio', ['launch', entryOf(desktop)], { env: { ...desktop.env, ELECTRON_OVERRIDE_DIST_PATH: runtime }, stdio: 'ignore' });
}

test('turned on in the settings it is started by the desktop, in the tray alone, and turned off it is gone', async ({ desktop, start, data }, info) => {
  const app = await start();
  const { control, field } = await openSwitch(await app.page());
  await expect(control).not.toBeChecked();
  await control.click();
  await expect(control).toBeChecked();
  await expect(field).toContainText('Starts in the tray when you log in.');
  const entry = entryOf(desktop);
  const text = fs.readFileSync(entry, 'utf8');
  expect(text).toMatch(new RegExp(`^Exec="/.*" .*--user-data-dir=${data} --hidden$`, 'm'));
  expect(text).toContain('\nX-GNOME-Autostart-enabled=true\n');
  expect(execFileSync('desktop-file-validate', [entry]).toString()).toBe('');
  await (await app.page()).screenshot({ path: info.outputPath('autostart.png') });
  expect(await app.quit()).toBe(0);

  logIn(desktop);
  const item = await until('the icon of the started program', async () => (await desktop.trayItems())[0]);
  const pid = await item.pid();
  try {
    expect(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('--hidden');
    await expect.poll(() => item.tooltip()).toMatch(/CPU \d/);
    expect(await desktop.windowTitles()).not.toContainEqual(expect.stringContaining('Traywatch'));
    // A restored session starts it again: no window opens because of that.
    logIn(desktop);
    expect((await runCommand(desktop, data, '--hidden')).code).toBe(0);
    expect(await desktop.trayItems()).toHaveLength(1);
    expect(await desktop.windowTitles()).not.toContainEqual(expect.stringContaining('Traywatch'));
    expect(await runCommand(desktop, data, '--autostart=status')).toMatchObject({ code: 0, stdout: 'enabled\n' });
    expect(await runCommand(desktop, data, '--autostart=off')).toMatchObject({ code: 0, stdout: 'disabled\n' });
    expect(fs.existsSync(entry)).toBe(false);
    expect(await runCommand(desktop, data, '--autostart=status')).toMatchObject({ code: 1, stdout: 'disabled\n' });
  } finally {
    process.kill(pid, 'SIGTERM');
    await expect.poll(() => fs.existsSync(`/proc/${pid}/exe`)).toBe(false);
  }
});

test('the switch shows what was changed elsewhere, and does not touch the entry of another program', async ({ desktop, start }) => {
  const page = await (await start()).page();
  const { control, field } = await openSwitch(page);
  await control.click();
  await expect(control).toBeChecked();
  const entry = entryOf(desktop);
  fs.appendFileSync(entry, 'Hidden=true\n');
  const lookAgain = () => page.evaluate(() => globalThis.dispatchEvent(new Event('focus')));
  await lookAgain();
  await expect(control).not.toBeChecked();
  await expect(field).toContainText('Turned off in the settings of the desktop.');
  await control.click();
  await expect(control).toBeChecked();
  await control.click();
  await expect(control).not.toBeChecked();
  expect(fs.existsSync(entry)).toBe(false);

  const foreign = '[Desktop Entry]\nType=Application\nName=Mine\nExec=true\n';
  fs.writeFileSync(entry, foreign);
  await lookAgain();
  await expect(control).toBeDisabled();
  await expect(field).toContainText(`Traywatch did not write ${entry}`);
  expect(fs.readFileSync(entry, 'utf8')).toBe(foreign);
});

test('a folder that cannot be written is named, in the window and at the terminal, also without a display', async ({ desktop, start, data }) => {
  const folder = path.dirname(entryOf(desktop));
  const readOnly = await makeReadOnly(folder);
  try {
    const page = await (await start()).page();
    const { control, field } = await openSwitch(page);
    await control.click();
    await expect(field.getByRole('alert')).toContainText(`${entryOf(desktop)} cannot be changed`);
    await expect(control).not.toBeChecked();
    const { DISPLAY: _, ...env } = desktop.env;
    const { code, stdout, stderr } = await runCommand({ ...desktop, env }, data, '--autostart=on');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('cannot be changed');
  } finally {
    await readOnly.remove();
  }
});
