/** A browser on the LAN for e2e tests: Debian's Chromium with the page size of a phone, paired with the running app. */
import type { Browser, Page } from '@playwright/test';
import { expect, test as base } from '.';
import { ask } from './bridge';

/** Width and height of a phone's page, CSS pixels. */
export const PHONE = { width: 360, height: 740 };

/** Tests with Chromium, without its background requests. */
export const test = base.extend<{ browser: Browser }>({
  browser: async ({ playwright }, use) => {
    const args = ['--disable-background-networking', '--disable-component-update', '--disable-sync', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
    const browser = await playwright.chromium.launch({ executablePath: '/usr/bin/chromium', args });
    await use(browser);
    await browser.close();
  },
});

/** Turns on sharing on the loopback interface; resolves to the URL. */
export async function share(page: Page, port: number, more = {}): Promise<string> {
  await ask(page, 'updateSettings', { lan: { enabled: true, port, addresses: ['127.0.0.1'], ...more } });
  await expect.poll(() => ask(page, 'lanState', {})).toMatchObject({ state: 'listening' });
  const state = await ask(page, 'lanState', {});
  return state.state === 'listening' ? (state.urls[0] ?? '') : '';
}

/** Opens a URL in a new browser without a session. */
export async function openPhone(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: PHONE, hasTouch: true });
  const phone = await context.newPage();
  await phone.goto(url);
  return phone;
}

/** Opens the URL in a new browser and pairs it with a code. */
export async function approveBrowser(desktop: Page, browser: Browser, url: string, role: 'viewer' | 'admin'): Promise<Page> {
  const { pairingCode } = await ask(desktop, 'lanPairingStart', {});
  const phone = await openPhone(browser, url);
  await phone.getByLabel('Pairing code').fill(pairingCode?.code ?? '');
  await phone.getByRole('button', { name: 'Request access' }).click();
  await expect(phone.getByRole('heading', { name: 'Waiting for approval' })).toBeVisible();
  const [request] = (await ask(desktop, 'lanAccess', {})).requests;
  await ask(desktop, 'lanApprove', { id: request?.id ?? '', role });
  await expect(phone.getByRole('heading', { name: 'Overview' })).toBeVisible();
  return phone;
}
