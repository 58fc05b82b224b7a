/** A browser on the LAN: Debian's Chromium as a phone has it, let in by the running app. */
import type { Browser, Page } from '@playwright/test';
import { expect, test as base } from '.';
import { ask } from './bridge';

/** Width and height of a phone's page, CSS pixels. */
export const PHONE = { width: 360, height: 740 };

/** Specs with Chromium, which talks to nobody but the page. */
export const test = base.extend<{ browser: Browser }>({
  browser: async ({ playwright }, use) => {
    const args = ['--disable-background-networking', '--disable-component-update', '--disable-sync', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
    const browser = await playwright.chromium.launch({ executablePath: '/usr/bin/chromium', args });
    await use(browser);
    await browser.close();
  },
});

/** Switches sharing on for this machine alone; resolves to the address. */
export async function share(page: Page, port: number, more = {}): Promise<string> {
  await ask(page, 'updateSettings', { lan: { enabled: true, port, addresses: ['127.0.0.1'], ...more } });
  await expect.poll(() => ask(page, 'lanState', {})).toMatchObject({ state: 'listening' });
  const state = await ask(page, 'lanState', {});
  return state.state === 'listening' ? (state.urls[0] ?? '') : '';
}

/** Opens an address as a phone that was never there before. */
export async function openPhone(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: PHONE, hasTouch: true });
  const phone = await context.newPage();
  await phone.goto(url);
  return phone;
}

/** Opens the address as a phone and lets it in with a code. */
export async function approveBrowser(desktop: Page, browser: Browser, url: string, role: 'viewer' | 'admin'): Promise<Page> {
  const { pairingCode } = await ask(desktop, 'lanPairingStart', {});
  const phone = await openPhone(browser, url);
  await phone.getByLabel('Code from the desktop').fill(pairingCode?.code ?? '');
  await phone.getByRole('button', { name: 'Ask to be let in' }).click();
  await expect(phone.getByRole('heading', { name: 'Waiting for approval' })).toBeVisible();
  const [request] = (await ask(desktop, 'lanAccess', {})).requests;
  await ask(desktop, 'lanApprove', { id: request?.id ?? '', role });
  await expect(phone.getByRole('heading', { name: 'Overview' })).toBeVisible();
  return phone;
}
