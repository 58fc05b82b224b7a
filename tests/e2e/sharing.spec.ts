import https from 'node:https';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { listenForComplaints } from '../support/e2e/complaints';
import { resizeWindow, sidewaysScroll } from '../support/e2e/layout';
import { pictures, seriousFaults, takePictures } from '../support/e2e/pictures';
import { approveBrowser, share, test } from '../support/e2e/phone';
import { goTo } from '../support/e2e/shown';
import type { Traywatch } from '../support/e2e/traywatch';

const FINGERPRINT = Array.from({ length: 32 }, (_, n) => ((n * 37) % 256).toString(16).padStart(2, '0').toUpperCase()).join(':');

/** Shows the window a state of the server it may not be in here. */
async function pretend({ electron }: Traywatch, state: unknown): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, payload) => BrowserWindow.getAllWindows()[0]?.webContents.send('traywatch:event', 'lanState', payload), state);
}

const listening = (more = {}): unknown => ({
  state: 'listening',
  urls: ['https://192.168.1.42:8543/', 'https://workshop.local:8543/'],
  certificate: { own: true, fingerprint: FINGERPRINT, validFrom: 0, validTo: Date.UTC(2028, 0, 1), problem: null },
  missing: [],
  retryAt: null,
  mdns: 'announced',
  viewers: 1,
  ...more,
});

async function addAccount(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add an account…' }).click();
  await page.getByLabel('Name', { exact: true }).fill('anna');
  await page.getByLabel('Password', { exact: true }).fill('anna');
  await expect(page.getByText('It must have at least 10 characters.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByLabel('Role of anna')).toHaveValue('viewer');
}

test('the Sharing page: a code, an account, a token, and what plain HTTP means', async ({ start }) => {
  const app = await start();
  const complaints = await listenForComplaints(app.electron);
  const page = await app.page();
  await page.getByRole('link', { name: 'Sharing' }).click();
  await expect(page.getByText('No browser has been let in yet.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Make a code' })).toBeDisabled();
  await pretend(app, listening());
  await page.getByRole('button', { name: 'Make a code' }).click();
  const { offer } = await ask(page, 'lanAccess', {});
  await expect(page.locator('.pairing-code')).toHaveText(`${offer?.code.slice(0, 3)} ${offer?.code.slice(3)}`);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.locator('.pairing-code')).toHaveCount(0);

  await addAccount(page);
  await page.getByLabel('Role of anna').selectOption('admin');
  await expect.poll(async () => (await ask(page, 'lanAccess', {})).accounts).toMatchObject([{ name: 'anna', role: 'admin' }]);

  await page.getByRole('button', { name: 'Add a token…' }).click();
  await page.getByLabel('For what').fill('Prometheus');
  await page.getByRole('button', { name: 'Make the token' }).click();
  const token = await page.locator('.secret').textContent();
  expect(token).toMatch(/^tw\.t[0-9a-f]{16}\.[\w-]{43}$/);
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.locator('body')).not.toContainText(token ?? '');

  await page.getByLabel('Encryption').selectOption('off');
  await expect(page.getByText('Without encryption')).toBeVisible();
  expect((await ask(page, 'appState', {})).settings.lan.tls).toBe('self-signed');
  await page.getByRole('button', { name: 'Use plain HTTP' }).click();
  await expect.poll(async () => (await ask(page, 'appState', {})).settings.lan.tls).toBe('off');
  await page.getByLabel('Encryption').selectOption('self-signed');
  await expect.poll(async () => (await ask(page, 'appState', {})).settings.lan.tls).toBe('self-signed');

  await page.getByRole('listitem').filter({ hasText: 'anna' }).getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('button', { name: 'Keep' })).toBeFocused();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect.poll(async () => (await ask(page, 'lanAccess', {})).accounts).toEqual([]);
  expect(complaints()).toEqual([]);
});

test('the Sharing page in both themes and on a phone’s width, with everything on it', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await goTo(page, '/sharing');
  await ask(page, 'lanSetAccount', { name: 'anna', role: 'admin', password: 'correct horse battery' });
  await ask(page, 'lanCreateToken', { label: 'Prometheus', scopes: ['metrics:read'], days: 90 });
  await ask(page, 'updateSettings', { lan: { enabled: true }, powerControl: { enabled: true } });
  const access = await ask(page, 'lanAccess', {});
  const now = Date.now();
  const device = { role: 'viewer', createdAt: now - 86_400_000 * 12, lastAddress: '192.168.1.23', account: null };
  const shown = {
    ...access,
    offer: { code: '482913', secret: 'aB3-_'.repeat(9).slice(0, 43), expiresAt: now + 290_000, triesLeft: 4 },
    requests: [{ id: 'r1', name: 'Firefox on Android', address: '192.168.1.77', via: 'code', requestedAt: now, expiresAt: now + 170_000 }],
    devices: [
      { ...device, id: 'd1', name: 'Safari on iPhone', lastSeen: now },
      { ...device, id: 'd2', name: 'anna, Chrome on Windows', role: 'admin', account: 'anna', lastSeen: now - 7_200_000, lastAddress: 'fe80::1c2d:3e4f:5a6b:7c8d' },
    ],
  };
  const show = (): Promise<void> => app.electron.evaluate(({ BrowserWindow }, payload) => BrowserWindow.getAllWindows()[0]?.webContents.send('traywatch:event', 'lanAccess', payload), shown);
  for (const theme of ['dark', 'light'] as const) {
    await ask(page, 'updateSettings', { theme });
    for (const [width, height, name] of [[1120, 2300, 'wide'], [360, 3400, 'phone']] as const) {
      await resizeWindow(app, page, width, height);
      await pretend(app, listening());
      await show();
      await expect(page.getByLabel('Name of Safari on iPhone')).toBeVisible();
      expect(await sidewaysScroll(page)).toEqual({ by: 0, widest: '' });
      await page.screenshot({ path: path.join(pictures, `${theme}-${name}-sharing-full.png`) });
    }
  }
  expect(await seriousFaults(page)).toEqual([]);
});

/** A script that streams; returns what ends it. */
async function streamWith(url: string, token: string): Promise<() => void> {
  const request = https.get(`${url}api/stream?interval=30`, { agent: false, rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } });
  await new Promise((resolve, reject) => request.once('response', resolve).once('error', reject));
  request.on('error', () => undefined);
  return () => request.destroy();
}

test('who watches now is told by name while the page is open, and put out from there', async ({ start, browser }) => {
  const app = await start();
  const page = await app.page();
  await ask(page, 'lanSetAccount', { name: 'anna', role: 'admin', password: 'correct horse battery' });
  const url = await share(page, 18_562);
  await goTo(page, '/sharing');
  const sheet = page.locator('section', { has: page.getByRole('heading', { name: 'Watching now' }) });
  const devices = page.locator('section', { has: page.getByRole('heading', { name: 'Devices' }) });
  const rows = sheet.getByRole('listitem');
  await expect(sheet.getByText('Nobody is watching.')).toBeVisible();

  const phone = await approveBrowser(page, browser, url, 'viewer');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText(/on Linux Viewer.*For \d+ s, since \d\d:\d\d\. Updated every 5 s\. Paired, from 127\.0\.0\.1\./);
  await expect(devices.getByRole('listitem')).toContainText('Watching now');
  const [watching] = await ask(page, 'lanConnections', {});

  // One that comes back, and one with two tabs, is one viewer still.
  await phone.reload();
  await expect(phone.getByRole('heading', { name: 'Overview' })).toBeVisible();
  const tab = await phone.context().newPage();
  await tab.goto(url);
  await expect(rows.first()).toContainText('Paired, 2 tabs, from');
  await expect(rows).toHaveCount(1);
  expect(Math.abs(((await ask(page, 'lanConnections', {}))[0]?.since ?? 0) - (watching?.since ?? 0))).toBeLessThan(50);
  await tab.close();
  await expect(rows.first()).toContainText('Paired, from');
  await devices.getByRole('textbox').fill('Anna’s phone');
  await page.keyboard.press('Enter');
  await expect(rows.first()).toContainText('Anna’s phone');

  // Neither a viewer nor an admin in a browser hears of the others.
  const asked = (): Promise<number[]> =>
    phone.evaluate(() => Promise.all(['lanConnections', 'lanInterfaces', 'lanAccess'].map(async (name) => (await fetch(`/api/call/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status)));
  expect(await asked()).toEqual([404, 404, 404]);
  await devices.getByLabel('Role of Anna’s phone').selectOption('admin');
  await expect(rows.first()).toContainText('Admin');
  expect(await asked()).toEqual([404, 404, 404]);

  const laptop = await browser.newContext({ ignoreHTTPSErrors: true });
  const signedIn = await laptop.newPage();
  await signedIn.goto(url);
  await signedIn.getByLabel('Name').fill('anna');
  await signedIn.getByLabel('Password').fill('correct horse battery');
  await signedIn.getByRole('button', { name: 'Sign in' }).click();
  await expect(rows).toHaveCount(2);
  const { token } = await ask(page, 'lanCreateToken', { label: 'Hall display', scopes: ['read'], days: 90 });
  const end = await streamWith(url, token);
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText(/anna, .*on Linux Admin.*Account anna/);
  await expect(rows.nth(2)).toContainText(/Hall display Viewer.*Updated every 30 s\. Token/);
  await takePictures(app, page, 'sharing-viewers', { wide: 1900, phone: 2900 });
  expect(await seriousFaults(page)).toEqual([]);

  await rows.nth(2).getByRole('button', { name: 'Revoke' }).click();
  await expect(sheet.getByRole('button', { name: 'Keep' })).toBeFocused();
  await sheet.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(rows).toHaveCount(2);
  await signedIn.close();
  await expect(rows).toHaveCount(1);
  await rows.first().getByRole('button', { name: 'Revoke' }).click();
  await sheet.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(phone.getByText('This browser has been signed out.')).toBeVisible();
  await expect(sheet.getByText('Nobody is watching.')).toBeVisible();
  end();
  await ask(page, 'updateSettings', { lan: { enabled: false } });
  await expect(sheet).toHaveCount(0);
});
