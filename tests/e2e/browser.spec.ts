/** A browser on the LAN beside the running app: let in, watching, signed out. */
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

/** Whatever scrolls on any page is reached by keys, also where nothing else in it is. */
async function scrollByKeys(phone: Page): Promise<void> {
  // The Sharing page is the desktop's alone.
  for (const address of ADDRESSES.filter((one) => one !== '/sharing')) {
    await goTo(phone, address);
    const { violations } = await new AxeBuilder({ page: phone }).setLegacyMode().withRules(['scrollable-region-focusable']).analyze();
    expect(violations.map(({ id, nodes }) => [address, id, nodes[0]?.html])).toEqual([]);
  }
  await goTo(phone, '/host');
  const main = phone.locator('main');
  await phone.setViewportSize({ width: PHONE.width, height: 300 });
  await expect(main).toHaveAttribute('tabindex', '0');
  await main.focus();
  await phone.keyboard.press('End');
  await expect.poll(() => main.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
  // Where everything is seen there is nothing to stop at.
  await phone.setViewportSize({ width: PHONE.width, height: 2000 });
  await expect(main).not.toHaveAttribute('tabindex', /./);
  await phone.setViewportSize(PHONE);
}

test('a phone is let in with the code, watches live, and is put out', async ({ start, browser }) => {
  const app = await start();
  const desktop = await app.page();
  const url = await share(desktop, 18_543);
  await goTo(desktop, '/sharing');
  await desktop.getByRole('button', { name: 'Make a code' }).click();
  const phone = await openPhone(browser, url);
  const complaints: string[] = [];
  phone.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  expect(await sidewaysScroll(phone)).toEqual({ by: 0, widest: '' });
  await phone.screenshot({ path: path.join(pictures, 'viewer-login.png') });
  const code = (await desktop.locator('.pairing-code').textContent()) ?? '';
  await phone.getByLabel('Code from the desktop').fill(code);
  await phone.getByRole('button', { name: 'Ask to be let in' }).click();
  await expect(phone.getByRole('heading', { name: 'Waiting for approval' })).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-waiting.png') });
  await desktop.getByRole('button', { name: 'Allow as viewer' }).click();
  await expect(phone.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await expect(phone.locator('.value').first()).toHaveText(/\d/);
  await phone.screenshot({ path: path.join(pictures, 'viewer-overview.png') });
  await expect(phone.getByRole('link', { name: 'Sharing' })).toHaveCount(0);
  const seen = await phone.evaluate(() => document.documentElement.dataset['firstData']);
  expect(seen).toBeDefined();

  await goTo(phone, '/settings');
  await expect(phone.getByText('May watch.')).toBeVisible();
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

  const devices = desktop.locator('section', { has: desktop.getByRole('heading', { name: 'Devices' }) });
  await devices.getByRole('button', { name: 'Revoke' }).click();
  await desktop.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(phone.getByText('This browser has been signed out.')).toBeVisible();
  // A browser that was told to put up with the certificate takes no service worker from it; all else works.
  expect(complaints.filter((text) => !/401|429|ERR_|SSL certificate error|An unknown error occurred when fetching the script/.test(text))).toEqual([]);
});

test('the link of the QR code leads to the same door, and the server that goes away comes back', async ({ start, browser }) => {
  const app = await start();
  const desktop = await app.page();
  const url = await share(desktop, 18_544);
  const { pairingCode } = await ask(desktop, 'lanPairingStart', {});
  const phone = await openPhone(browser, `${url.replace(/\/$/, '')}/#/pair/${pairingCode?.secret ?? ''}`);
  await expect(phone.getByRole('heading', { name: 'Waiting for approval' })).toBeVisible();
  expect(phone.url()).not.toContain(pairingCode?.secret ?? 'x');
  // The banner stands on whatever page the person is.
  await desktop.getByRole('button', { name: 'Allow as admin' }).click();
  await expect(phone.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await goTo(phone, '/cpu');
  await expect(phone.locator('.plot').first()).toBeVisible();
  await ask(desktop, 'updateSettings', { lan: { enabled: false } });
  await expect(phone.getByText(/Not connected\./)).toBeVisible();
  await expect(phone.getByText(/Data is \d+ s old/)).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-away.png') });
  await share(desktop, 18_544);
  await expect(phone.getByText(/Not connected\./)).toHaveCount(0, { timeout: 40_000 });
  await ask(desktop, 'updateSettings', { powerControl: { enabled: true } });
  await goTo(phone, '/host');
  await phone.getByRole('button', { name: 'Restart…' }).click();
  await expect(desktop.getByText(/asks to restart this machine/)).toBeVisible();
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

/** On the settings page: with the wrong old password, with a weak new one, and then as it should be, which ends the other browser. */
async function changePassword(phone: Page, other: Page): Promise<void> {
  await phone.getByRole('button', { name: 'Change password…' }).click();
  await expect(phone.getByLabel('Present password')).toBeFocused();
  await phone.getByLabel('Present password').fill('wrong password');
  await phone.getByLabel('New password').fill('short');
  await expect(phone.getByText('It must have at least 10 characters.')).toBeVisible();
  await expect(phone.getByRole('button', { name: 'Change', exact: true })).toBeDisabled();
  await phone.getByLabel('New password').fill('a quite different phrase');
  await phone.keyboard.press('Enter');
  await expect(phone.getByText('This is not your password.')).toBeVisible();
  await expect(phone.getByLabel('Present password')).toHaveAttribute('aria-invalid', 'true');
  expect(await sidewaysScroll(phone)).toEqual({ by: 0, widest: '' });
  await phone.screenshot({ path: path.join(pictures, 'viewer-password.png') });
  const { violations } = await new AxeBuilder({ page: phone }).setLegacyMode().include('main').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  await phone.getByLabel('Present password').fill('correct horse battery');
  await phone.getByRole('button', { name: 'Change', exact: true }).click();
  await expect(phone.getByText('Changed. Other browsers of this account have been signed out.')).toBeVisible();
  await expect(other.getByText('This browser has been signed out.')).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-password-changed.png') });
  // The session goes on with its new tokens, and its stream with it.
  await phone.reload();
  await expect(phone.getByRole('button', { name: 'Change password…' })).toBeVisible();
}

test('an account signs in with its password, over plain HTTP where that was chosen', async ({ start, browser }) => {
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
  await expect(phone.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect((await ask(desktop, 'lanAccess', {})).devices).toEqual([]);
  // Loopback is a place browsers trust: the page opens without a network.
  await expect(phone.locator('html')).toHaveAttribute('data-worker', 'registered');
  await phone.reload();
  await ask(desktop, 'updateSettings', { lan: { enabled: false } });
  await phone.reload();
  await expect(phone.getByRole('heading', { name: 'Not connected' })).toBeVisible();
  await phone.screenshot({ path: path.join(pictures, 'viewer-offline.png') });
});
