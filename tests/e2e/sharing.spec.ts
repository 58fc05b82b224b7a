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

/** Sends the window a state of the server that cannot be produced here. */
async function sendServerState({ electron }: Traywatch, state: unknown): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, payload) => BrowserWindow.getAllWindows()[0]?.webContents.send('traywatch:event', 'lanState', payload), state);
}

const listening = (more = {}): unknown => ({
  state: 'listening',
  urls: ['https://192.168.1.42:8543/', 'https://workshop.local:8543/'],
  certificate: { selfSigned: true, fingerprint: FINGERPRINT, validFrom: 0, validTo: Date.UTC(2028, 0, 1), problem: null },
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

test('the Sharing page: pairing code, account, API token, and confirmation of plain HTTP', async ({ start }) => {
  const app = await start();
  const complaints = await listenForComplaints(app.electron);
  const page = await app.page();
  await page.getByRole('link', { name: 'Sharing' }).click();
  await expect(page.getByText('No paired browsers yet.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create pairing code' })).toBeDisabled();
  await sendServerState(app, listening());
  await page.getByRole('button', { name: 'Create pairing code' }).click();
  const { pairingCode } = await ask(page, 'lanAccess', {});
  await expect(page.locator('.pairing-code')).toHaveText(`${pairingCode?.code.slice(0, 3)} ${pairingCode?.code.slice(3)}`);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.locator('.pairing-code')).toHaveCount(0);

  await addAccount(page);
  await page.getByLabel('Role of anna').selectOption('admin');
  await expect.poll(async () => (await ask(page, 'lanAccess', {})).accounts).toMatchObject([{ name: 'anna', role: 'admin' }]);

  await page.getByRole('button', { name: 'Create token…' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Prometheus');
  await page.getByRole('button', { name: 'Create token', exact: true }).click();
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
  await expect(page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect.poll(async () => (await ask(page, 'lanAccess', {})).accounts).toEqual([]);
  expect(complaints()).toEqual([]);
});

test('the Sharing page in both themes, wide and at 360 px, with all its content', async ({ start }) => {
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
    pairingCode: { code: '482913', secret: 'aB3-_'.repeat(9).slice(0, 43), expiresAt: now + 290_000, triesLeft: 4 },
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
      await sendServerState(app, listening());
      await show();
      await expect(page.getByLabel('Name of Safari on iPhone')).toBeVisible();
      expect(await sidewaysScroll(page)).toEqual({ by: 0, widest: '' });
      await page.screenshot({ path: path.join(pictures, `${theme}-${name}-sharing-full.png`) });
    }
  }
  expect(await seriousFaults(page)).toEqual([]);
});

/** Opens an event stream with a token; returns the function that ends it. */
async function streamWith(url: string, token: string): Promise<() => void> {
  const request = https.get(`${url}api/stream?interval=30`, { agent: false, rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } });
  await new Promise((resolve, reject) => request.once('response', resolve).once('error', reject));
  request.on('error', () => undefined);
  return () => request.destroy();
}

test('connected clients are listed by name while the page is open, and can be revoked there', async ({ start, browser }) => {
  const app = await start();
  const page = await app.page();
  await ask(page, 'lanSetAccount', { name: 'anna', role: 'admin', password: 'correct horse battery' });
  const url = await share(page, 18_562);
  await goTo(page, '/sharing');
  const connected = page.locator('section', { has: page.getByRole('heading', { name: 'Connected now' }) });
  const browsers = page.locator('section', { has: page.getByRole('heading', { name: 'Paired browsers' }) });
  const rows = connected.getByRole('listitem');
  await expect(connected.getByText('No one is connected.')).toBeVisible();

  const phone = await approveBrowser(page, browser, url, 'viewer');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText(/on Linux Viewer.*\d+ s \(since \d\d:\d\d\) · every 5 s · paired · 127\.0\.0\.1/);
  await expect(browsers.getByRole('listitem')).toContainText('Connected now');
  const [first] = await ask(page, 'lanConnections', {});

  // A browser that reconnects, or has two tabs, is still one client.
  await phone.reload();
  await expect(phone.getByRole('heading', { name: 'Overview' })).toBeVisible();
  const tab = await phone.context().newPage();
  await tab.goto(url);
  await expect(rows.first()).toContainText('paired, 2 tabs · 127');
  await expect(rows).toHaveCount(1);
  expect(Math.abs(((await ask(page, 'lanConnections', {}))[0]?.since ?? 0) - (first?.since ?? 0))).toBeLessThan(50);
  await tab.close();
  await expect(rows.first()).toContainText('paired · 127');
  await browsers.getByRole('textbox').fill('Anna’s phone');
  await page.keyboard.press('Enter');
  await expect(rows.first()).toContainText('Anna’s phone');

  // Neither a viewer nor an admin in a browser can list the others.
  const statuses = (): Promise<number[]> =>
    phone.evaluate(() => Promise.all(['lanConnections', 'lanInterfaces', 'lanAccess'].map(async (name) => (await fetch(`/api/call/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status)));
  expect(await statuses()).toEqual([404, 404, 404]);
  await browsers.getByLabel('Role of Anna’s phone').selectOption('admin');
  await expect(rows.first()).toContainText('Admin');
  expect(await statuses()).toEqual([404, 404, 404]);

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
  await expect(rows.nth(1)).toContainText(/anna, .*on Linux Admin.*account anna/);
  await expect(rows.nth(2)).toContainText(/Hall display Viewer.*every 30 s · token/);
  await takePictures(app, page, 'sharing-viewers', { wide: 1900, phone: 2900 });
  expect(await seriousFaults(page)).toEqual([]);

  await rows.nth(2).getByRole('button', { name: 'Revoke' }).click();
  await expect(connected.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await connected.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(rows).toHaveCount(2);
  await signedIn.close();
  await expect(rows).toHaveCount(1);
  await rows.first().getByRole('button', { name: 'Revoke' }).click();
  await connected.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(phone.getByText('This browser has been signed out.')).toBeVisible();
  await expect(connected.getByText('No one is connected.')).toBeVisible();
  end();
  await ask(page, 'updateSettings', { lan: { enabled: false } });
  await expect(connected).toHaveCount(0);
});
