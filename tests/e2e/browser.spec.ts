/** A browser on the LAN beside the running app: pairing, live data, sign-out. */
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { expect } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { ADDRESSES, sidewaysScroll } from '../support/e2e/layout';
import { openPhone, PHONE, share, test } from '../support/e2e/phone';
import { goTo } from '../support/e2e/shown';
import { appDir } from '../support/e2e/traywatch';

const pictures = path.join(appDir, 'test-results', 'pictures');

/** Every scrollable area of any page can be scrolled by keyboard, also without a focusable element in it. */
async function scrollByKeys(phone: Page): Promise<void> {
  // The Sharing page exists only in Traywatch's own window.
  for (const address of ADDRESSES.filter((one) => one !== '/sharing')) {
    await goTo(phone, address);
    const faults = async (): Promise<unknown> => {
      const { violations } = await new AxeBuilder({ page: phone }).setLegacyMode().withRules(['scrollable-region-focusable']).analyze();
      return violations.map(({ id, nodes }) => [address, id, nodes[0]?.html]);
    };
    // An area becomes a tab stop once it is known that it overflows, a frame after its content has come.
    await expect.poll(faults).toEqual([]);
  }
  await goTo(phone, '/host');
  const main = phone.locator('main');
  await phone.setViewportSize({ width: PHONE.width, height: 300 });
  await expect(main).toHaveAttribute('tabindex', '0');
  await main.focus();
  await phone.keyboard.press('End');
  await expect.poll(() => main.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
  // Without overflow it is not a tab stop.
  await phone.setViewportSize({ width: PHONE.width, height: 2000 });
  await expect(main).not.toHaveAttribute('tabindex', /./);
  await phone.setViewportSize(PHONE);
}

test('a phone pairs with the code, shows live data, and is revoked', async ({ start, browser }) => {
  const app = await start();
  const desktop = await app.page();
  const url = await share(desktop, 18_543);
  await goTo(desktop, '/sharing');
  await desktop.getByRole('button', { name: 'Create pairing code' }).click();
  const phone = await openPhone(browser, url);
  const complaints: string[] = [];
  phone.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  expect(await sidewaysScroll(phone)).toEqual({ by: 0, widest: '' });
  await phone.screenshot({ path: path.join(pictures, 'viewer-login.png') });
  const code = (await desktop.locator('.pairing-code').textContent()) ?? '';
  await phone.getByLabel('Pairing code').fill(code);
  await phone.getByRole('button', { name: 'Request access' }).click();
  await expect(phone.getByRole('heading', { name: 'Waiting for approval' })).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-waiting.png') });
  await desktop.getByRole('button', { name: 'Approve as viewer' }).click();
  await expect(phone.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await expect(phone.locator('.value').first()).toHaveText(/\d/);
  await phone.screenshot({ path: path.join(pictures, 'viewer-overview.png') });
  await expect(phone.getByRole('link', { name: 'Sharing' })).toHaveCount(0);
  const seen = await phone.evaluate(() => document.documentElement.dataset['firstData']);
  expect(seen).toBeDefined();

  await goTo(phone, '/settings');
  await expect(phone.getByText('Viewer. Signing out requires a new pairing.')).toBeVisible();
  await expect(phone.getByLabel('Theme')).toHaveCount(0);
  await goTo(phone, '/cpu');
  await expect(phone.locator('.plot').first()).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-cpu.png') });
  const { violations } = await new AxeBuilder({ page: phone }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);

  await scrollByKeys(phone);

  await goTo(phone, '/cpu');
  await phone.reload();
  await expect(phone.locator('.plot').first()).toBeVisible();

  const paired = desktop.locator('section', { has: desktop.getByRole('heading', { name: 'Paired browsers' }) });
  await paired.getByRole('button', { name: 'Revoke' }).click();
  await desktop.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(phone.getByText('This browser has been signed out.')).toBeVisible();
  // Browsers refuse a service worker from a certificate that was only accepted in the warning; everything else works.
  expect(complaints.filter((text) => !/401|429|ERR_|SSL certificate error|An unknown error occurred when fetching the script/.test(text))).toEqual([]);
});

test('the link of the QR code requests access, and the page reconnects to a server that returns', async ({ start, browser }) => {
  const app = await start();
  const desktop = await app.page();
  const url = await share(desktop, 18_544);
  const { pairingCode } = await ask(desktop, 'lanPairingStart', {});
  const phone = await openPhone(browser, `${url.replace(/\/$/, '')}/#/pair/${pairingCode?.secret ?? ''}`);
  await expect(phone.getByRole('heading', { name: 'Waiting for approval' })).toBeVisible();
  expect(phone.url()).not.toContain(pairingCode?.secret ?? 'x');
  // The banner is on every page.
  await desktop.getByRole('button', { name: 'Approve as admin' }).click();
  await expect(phone.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await goTo(phone, '/cpu');
  await expect(phone.locator('.plot').first()).toBeVisible();
  await ask(desktop, 'updateSettings', { lan: { enabled: false } });
  await expect(phone.getByText(/Connection lost\./)).toBeVisible();
  await expect(phone.getByText(/Last update \d+ s ago/)).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-away.png') });
  await share(desktop, 18_544);
  await expect(phone.getByText(/Connection lost\./)).toHaveCount(0, { timeout: 40_000 });
  await ask(desktop, 'updateSettings', { powerControl: { enabled: true } });
  await goTo(phone, '/host');
  await phone.getByRole('button', { name: 'Restart…' }).click();
  await expect(desktop.getByText(/wants to restart this machine/)).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-control.png') });
  await desktop.getByRole('button', { name: 'Deny', exact: true }).click();
  await expect(phone.getByText('Cancelled by Traywatch on this machine.')).toBeVisible();
});

/** Another browser of the same account. */
async function signedInElsewhere(browser: Browser, url: string): Promise<Page> {
  const other = await openPhone(browser, url);
  await other.getByLabel('Name').fill('anna');
  await other.getByLabel('Password').fill('correct horse battery');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await expect(other.getByRole('heading', { name: 'Overview' })).toBeVisible();
  return other;
}

/** On the settings page: a wrong current password, a weak new one, then valid ones, which end the session of the other browser. */
async function changePassword(phone: Page, other: Page): Promise<void> {
  await phone.getByRole('button', { name: 'Change password…' }).click();
  await expect(phone.getByLabel('Current password')).toBeFocused();
  await phone.getByLabel('Current password').fill('wrong password');
  await phone.getByLabel('New password').fill('short');
  await expect(phone.getByText('It must have at least 10 characters.')).toBeVisible();
  await expect(phone.getByRole('button', { name: 'Change', exact: true })).toBeDisabled();
  await phone.getByLabel('New password').fill('a quite different phrase');
  await phone.keyboard.press('Enter');
  await expect(phone.getByText('Incorrect password.')).toBeVisible();
  await expect(phone.getByLabel('Current password')).toHaveAttribute('aria-invalid', 'true');
  expect(await sidewaysScroll(phone)).toEqual({ by: 0, widest: '' });
  await phone.screenshot({ path: path.join(pictures, 'viewer-password.png') });
  const { violations } = await new AxeBuilder({ page: phone }).setLegacyMode().include('main').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  await phone.getByLabel('Current password').fill('correct horse battery');
  await phone.getByRole('button', { name: 'Change', exact: true }).click();
  await expect(phone.getByText('Password changed. Other sessions were signed out.')).toBeVisible();
  await expect(other.getByText('This browser has been signed out.')).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-password-changed.png') });
  // The session continues with its new tokens.
  await phone.reload();
  await expect(phone.getByRole('button', { name: 'Change password…' })).toBeVisible();
}

test('an account signs in with its password, over plain HTTP if that was chosen', async ({ start, browser }) => {
  const app = await start();
  const desktop = await app.page();
  await ask(desktop, 'lanSetAccount', { name: 'anna', role: 'viewer', password: 'correct horse battery' });
  const url = await share(desktop, 18_545, { tls: 'off' });
  expect(url).toMatch(/^http:/);
  const phone = await openPhone(browser, url);
  await phone.getByLabel('Name').fill('anna');
  await phone.getByLabel('Password').fill('wrong password');
  await phone.getByRole('button', { name: 'Sign in' }).click();
  await expect(phone.getByText('Name or password is wrong.')).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-login-wrong.png') });
  await phone.getByLabel('Password').fill('correct horse battery');
  await phone.getByRole('button', { name: 'Sign in' }).click();
  await expect(phone.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await goTo(phone, '/settings');
  await changePassword(phone, await signedInElsewhere(browser, url));
  await phone.getByRole('button', { name: 'Sign out' }).click();
  await expect(phone.getByRole('heading', { name: /^Connect to / })).toBeVisible();
  expect((await ask(desktop, 'lanAccess', {})).devices).toEqual([]);
  // Browsers trust loopback even without encryption: the service worker runs, and the page opens without a network.
  await expect(phone.locator('html')).toHaveAttribute('data-worker', 'registered');
  await phone.reload();
  await ask(desktop, 'updateSettings', { lan: { enabled: false } });
  await phone.reload();
  await expect(phone.getByRole('heading', { name: 'Not connected' })).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-offline.png') });
});
