/** A hub with its window, and two machines without a desktop that join it: as a person adds them, looks at them, and removes one. */
import type { Browser, Page } from '@playwright/test';
import { expect } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { listenForComplaints } from '../support/e2e/complaints';
import { startHeadless } from '../support/e2e/headless';
import type { Headless } from '../support/e2e/headless';
import { takePictures } from '../support/e2e/pictures';
import { approveBrowser, share, test } from '../support/e2e/phone';
import { goTo } from '../support/e2e/shown';

/** Adds a machine as the page says, and approves it there. */
async function addMachine(page: Page, port: number): Promise<Headless> {
  await goTo(page, '/machines?edit=%2B');
  await page.getByRole('button', { name: 'Create pairing code' }).click();
  const command = (await page.locator('.join-command code').textContent()) ?? '';
  const [, url = '', code = ''] = /^traywatch --headless --join (\S+) --code (\d+)$/.exec(command) ?? [];
  const fingerprint = (await page.locator('.join-steps .fingerprint').textContent()) ?? '';
  const agent = startHeadless(port, ['--headless', '--join', url, '--code', code]);
  await expect.poll(() => agent.text()).toContain(fingerprint);
  await page.getByRole('button', { name: /^Approve: / }).click();
  await expect(page.getByText('wants to report here')).toHaveCount(0);
  return agent;
}

/** A viewer on the network sees all machines and every page of each, and changes nothing. */
async function lookAsViewer(page: Page, browser: Browser, url: string, id: string): Promise<void> {
  const phone = await approveBrowser(page, browser, url, 'viewer');
  await goTo(phone, '/machines');
  await expect(phone.locator('.machine')).toHaveCount(3);
  await expect(phone.getByRole('link', { name: /^Settings of/ })).toHaveCount(0);
  await expect(phone.getByRole('link', { name: 'Add machine' })).toHaveCount(0);
  await phone.getByRole('link', { name: 'cellar', exact: true }).click();
  await expect(phone.locator('.machine-bar')).toContainText('Live');
  const usage = phone.locator('.card[data-family="cpu"] .card-gauge .value-number');
  await expect(usage).toHaveText(/\d/);
  // Live: batches of that machine arrive over the stream of this browser.
  await expect(phone.locator('.card[data-family="uptime"] .card-number .value')).toHaveText(/\d/);
  const shown = await phone.locator('.card[data-family="uptime"]').textContent();
  await expect.poll(() => phone.locator('.card[data-family="uptime"]').textContent(), { timeout: 60_000 }).not.toBe(shown);
  await goTo(phone, `/m/${id}/timeline`);
  await expect(phone.locator('.event').first()).toBeVisible();
  await phone.context().close();
}

test('two machines join, report, are looked at and removed', async ({ start, browser }) => {
  test.setTimeout(240_000);
  const app = await start();
  const complaints = await listenForComplaints(app.electron);
  const page = await app.page();
  const url = await share(page, 18_871);
  const agents: Headless[] = [];
  try {
    agents.push(await addMachine(page, 18_872));
    agents.push(await addMachine(page, 18_873));
    await goTo(page, '/machines');
    await expect(page.locator('.machine')).toHaveCount(3, { timeout: 60_000 });
    const [first, second] = (await ask(page, 'machines', {})).slice(1);
    await ask(page, 'saveMachine', { id: first?.id ?? '', settings: { alwaysOn: false, silentMinutes: 5, keepDays: 30, maxBytes: null, name: 'cellar', tags: ['office'] } });
    const card = page.locator('.machine', { hasText: 'cellar' });
    await expect(card).toContainText('Live', { timeout: 60_000 });
    await expect(card.locator('.value-number').first()).toHaveText(/\d/);
    await takePictures(app, page, 'machines', { wide: 760, phone: 900 });

    await card.getByRole('link', { name: 'cellar', exact: true }).click();
    await expect(page.locator('.machine-bar')).toContainText('Live');
    await expect(page.locator('.card[data-family="cpu"] .card-gauge .value-number')).toHaveText(/\d/, { timeout: 30_000 });
    await page.getByRole('navigation').getByRole('link', { name: 'CPU' }).click();
    await expect(page.locator('.plot canvas').first()).toBeVisible();
    await takePictures(app, page, 'machine-cpu', { wide: 900, phone: 900 });
    await goTo(page, `/m/${first?.id}/timeline`);
    await expect(page.locator('.event').first()).toContainText(/\S/);
    await goTo(page, `/m/${first?.id}/host`);
    await expect(page.getByText('Hostname')).toBeVisible();

    await lookAsViewer(page, browser, url, first?.id ?? '');
    await goTo(page, `/machines?edit=${second?.id}`);
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await expect(page.locator('.machine')).toHaveCount(2);
    expect(complaints()).toEqual([]);
  } finally {
    for (const agent of agents) await agent.discard();
  }
});
