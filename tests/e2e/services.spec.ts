/** Services from being set up in the window to an alert, against real servers on this machine. */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, until } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { answerDialogs, fileIn } from '../support/e2e/dialogs';
import { operable, tabThrough } from '../support/e2e/layout';
import { pictures, seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';
import { webServer } from '../support/e2e/web-server';

const SECRET = 'Bearer of-a-secret-7f3a';

const rowOf = (page: Page, name: string) => page.getByRole('list', { name: 'Services' }).getByRole('listitem').filter({ hasText: name });

async function addWeb(page: Page, url: string): Promise<void> {
  await goTo(page, '/service');
  await page.getByRole('link', { name: 'Add service' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Shop');
  await page.getByLabel('URL').fill(url);
  await page.getByLabel('Text of the answer').fill('well');
  await page.getByLabel('Probe every').fill('10 s');
}

test('a service is tested, saved, goes down with an alert, and comes back', async ({ desktop, start }) => {
  test.setTimeout(180_000);
  const web = await webServer();
  const page = await (await start()).page();
  await goTo(page, '/service');
  await expect(page.getByRole('heading', { name: 'No services yet' })).toBeVisible();
  await addWeb(page, web.url);
  await page.getByRole('button', { name: 'Add header' }).click();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText('Enter a value.')).toBeHidden();
  await expect(page.getByText('Enter the name of a header, such as Authorization.')).toBeVisible();
  await page.getByLabel('Name of header 1').fill('Authorization');
  await page.getByLabel('Value of Authorization').fill(SECRET);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  const result = page.getByRole('region', { name: 'Test' });
  await expect(result).toContainText('Answered in');
  await expect(result).toContainText('First byte');
  expect(web.lastHeaders().authorization).toBe(SECRET);
  await expect(result).not.toContainText(SECRET);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('“Shop” added.')).toBeVisible();
  await expect(rowOf(page, 'Shop')).toContainText('Up', { timeout: 40_000 });
  await web.stop();
  await expect(rowOf(page, 'Shop')).toContainText('Down', { timeout: 60_000 });
  const [fired] = await until('a notification', async () => (desktop.notifications().length > 0 ? desktop.notifications() : undefined));
  expect(fired).toMatchObject({ urgency: 'CRITICAL', title: 'Service Shop: down' });
  await expect(page.getByRole('region', { name: 'Last alerts of services' })).toContainText('Service Shop: down');
  await web.start();
  await expect(rowOf(page, 'Shop')).toContainText('Up', { timeout: 60_000 });
  await until('the notification of the end', async () => (desktop.notifications().some(({ title }) => title.startsWith('Service Shop: resolved')) ? true : undefined));
  const [incident] = await ask(page, 'incidents', { from: 0, to: 1e13 });
  expect(incident).toMatchObject({ ruleId: 'service-down', endedBy: 'recovered' });
  // It was up for a part of the time that was measured, which is a small part of each range.
  await expect(rowOf(page, 'Shop').locator('.uptimes')).toContainText(/24 h\d\d\.\d\d\u202f%, measured less than 1\u202f% of the time7 d/u, { timeout: 40_000 });
  await rowOf(page, 'Shop').getByRole('link', { name: 'Shop', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Service', exact: true });
  await expect(panel).toContainText(web.url);
  await expect(panel).toContainText(/Last 90 days: 1 day with \w+ failures, 89 days not measured|Last 90 days: .*88 days not measured/);
  await page.getByRole('button', { name: 'Test now' }).click();
  await expect(page.getByRole('region', { name: 'Test' })).toContainText('Answered in');
  await web.stop();
});

test('what is set up is kept without its secrets in sight, exported, removed, restored and imported', async ({ start, data }, info) => {
  test.setTimeout(120_000);
  const web = await webServer();
  const app = await start();
  const page = await app.page();
  await addWeb(page, web.url);
  await page.getByRole('button', { name: 'Add header' }).click();
  await page.getByLabel('Name of header 1').fill('Authorization');
  await page.getByLabel('Value of Authorization').fill(SECRET);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await rowOf(page, 'Shop').getByRole('link', { name: 'Edit Shop' }).click();
  await expect(page.getByRole('button', { name: 'Replace the value of Authorization' })).toBeVisible();
  expect(await page.content()).not.toContain(SECRET);
  // Its secret does not go elsewhere with it.
  await page.getByLabel('URL').fill('http://127.0.0.1:9/health');
  await expect(page.getByText('They are not sent to this one: enter them again.')).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Enter a value.')).toBeVisible();
  await page.screenshot({ path: path.join(pictures, 'service-moved.png'), fullPage: true });
  await page.getByLabel('URL').fill(web.url);
  await expect(page.getByText('They are not sent to this one')).toHaveCount(0);
  await page.getByLabel('Name', { exact: true }).fill('Shop of mine');
  await page.getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByRole('alertdialog', { name: 'Unsaved changes' })).toBeVisible();
  await page.getByRole('button', { name: 'Keep editing' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('“Shop of mine” changed.')).toBeVisible();
  const folder = info.outputPath('exports');
  await answerDialogs(app, folder);
  await page.getByRole('button', { name: 'Export…' }).click();
  const file = await until('an export', () => Promise.resolve(fileIn(folder, '.json') ?? undefined));
  for (const one of [file, path.join(data, 'settings.json'), path.join(data, 'traywatch.log')]) expect(fs.readFileSync(one, 'utf8')).not.toContain(SECRET);
  const removeIt = async (): Promise<void> => {
    await rowOf(page, 'Shop of mine').getByRole('link', { name: /^Edit/ }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).last().click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByRole('heading', { name: 'No services yet' })).toBeVisible();
  };
  await removeIt();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rowOf(page, 'Shop of mine')).toBeVisible();
  // Its secret came back with it.
  expect(await ask(page, 'serviceConfigs', {})).toMatchObject([{ storedSecrets: ['header:Authorization'] }]);
  await answerDialogs(app, null, file);
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('1 service replaced.')).toBeVisible();
  await removeIt();
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('1 service added.')).toBeVisible();
  await expect(rowOf(page, 'Shop of mine')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: 'No services yet' })).toBeVisible();
  await web.stop();
});

test('a job calls in at the address that was made for it', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await goTo(page, '/service?edit=%2B');
  await page.getByLabel('Heartbeat').check();
  await expect(page.getByText('Sharing is off: nothing can call in')).toBeVisible();
  const port = 20_000 + (process.pid % 20_000);
  await ask(page, 'updateSettings', { lan: { enabled: true, port, addresses: ['127.0.0.1'], tls: 'off' } });
  await expect.poll(async () => (await ask(page, 'lanState', {})).state).toBe('listening');
  await expect(page.getByText('Sharing is off: nothing can call in')).toBeHidden();
  await page.getByLabel('Name', { exact: true }).fill('Backup');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const url = (await page.locator('.heartbeat code').first().textContent()) ?? '';
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/heartbeat\//);
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(rowOf(page, 'Backup')).toContainText('Not measured');
  expect((await fetch(url)).status).toBe(204);
  await expect(rowOf(page, 'Backup')).toContainText('Up');
  const { token } = await ask(page, 'lanCreateToken', { label: 'script', scopes: ['read'], days: 1 });
  const told = async (address: string): Promise<unknown> => (await fetch(new URL(address, url), { headers: { authorization: `Bearer ${token}` } })).json();
  expect(await told('/api/status')).toMatchObject({ data: { services: [{ name: 'Backup', up: true, latency_ms: null, uptime: { last_24_hours: { percentage: 100 }, last_30_days: { percentage: 100 } } }] } });
  expect(await told('/api/services')).toMatchObject({ services: [{ name: 'Backup', target: null, isUp: true, result: { details: [] } }] });
  expect(await told('/api/openapi.json')).toMatchObject({ paths: { '/api/services': { get: { summary: expect.stringContaining('What is probed') } } } });
  await rowOf(page, 'Backup').getByRole('link', { name: /^Edit/ }).click();
  await page.getByRole('button', { name: 'New URL' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'New URL' }).click();
  await expect(page.locator('.heartbeat code').first()).toContainText('/api/heartbeat/');
  expect((await fetch(url)).status).toBe(404);
});

test('the page, the editor and a test look as they should, and have no serious fault of accessibility', async ({ start }) => {
  test.setTimeout(120_000);
  const web = await webServer();
  const app = await start();
  const page = await app.page();
  await addWeb(page, web.url);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Test' })).toContainText('Answered in');
  expect(await seriousFaults(page)).toEqual([]);
  const stops = await operable(page);
  const { reached, unseen } = await tabThrough(page, stops.length + 10);
  expect([unseen, stops.filter((_, index) => !reached.has(index))]).toEqual([[], []]);
  await takePictures(app, page, 'service-new', { wide: 1300, phone: 1900 });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await ask(page, 'saveService', { service: { kind: 'tcp', id: 'mail-0000', name: 'Mail', host: '127.0.0.1', port: 1, intervalSeconds: 10 } });
  await ask(page, 'saveService', { service: { kind: 'ping', id: 'nas-0000', name: 'NAS', host: '127.0.0.1', enabled: false } });
  await expect(rowOf(page, 'Mail')).toContainText('Down', { timeout: 60_000 });
  await expect(rowOf(page, 'NAS')).toContainText('Not measured');
  expect(await seriousFaults(page)).toEqual([]);
  await takePictures(app, page, 'services', { wide: 760, phone: 1000 });
  await rowOf(page, 'Mail').getByRole('link', { name: 'Mail', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Last alerts of services' })).toContainText('Service Mail: down');
  await expect(page.getByRole('figure').first()).toBeVisible();
  expect(await page.getByRole('region', { name: 'Last alerts of services' }).evaluate((panel) => panel.getBoundingClientRect().bottom)).toBeLessThan(await page.getByRole('figure').first().evaluate((chart) => chart.getBoundingClientRect().top));
  expect(await seriousFaults(page)).toEqual([]);
  await takePictures(app, page, 'service', { wide: 1000, phone: 1400 }, [1440, 2560]);
  await web.stop();
});
