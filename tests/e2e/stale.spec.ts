/** Pages whose values are not current: paused, disconnected, a family that cannot be read, one that this machine lacks. */
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect } from '../support/e2e';
import type { Traywatch } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { resizeWindow, sidewaysScroll } from '../support/e2e/layout';
import { approveBrowser, share, test } from '../support/e2e/phone';
import { pictures, seriousFaults } from '../support/e2e/pictures';
import { cardOf, goTo } from '../support/e2e/shown';

async function takePictures(app: Traywatch, page: Page, name: string, before: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await ask(page, 'updateSettings', { theme });
    for (const width of [1280, 360]) {
      await resizeWindow(app, page, width, 860);
      await before();
      expect(await sidewaysScroll(page)).toEqual({ by: 0, widest: '' });
      await page.screenshot({ path: path.join(pictures, `stale-${name}-${theme}-${width}.png`) });
    }
  }
  await resizeWindow(app, page, 1280, 860);
}

/** Makes the next batch of the window one in which these families fail; the sampler's own batch of that number is then an old one. */
async function failFamilies(app: Traywatch, page: Page, families: readonly string[]): Promise<void> {
  const { seq, time } = await ask(page, 'snapshot', {});
  const faults = Object.fromEntries(families.map((id) => [id, { kind: 'SystemUnavailable', message: `/proc/${id}: EISDIR`, since: time - 300_000, nextAt: time + 27_000 }]));
  const batch = { seq: seq + 1, time: time + 500, readings: {}, faults };
  await app.electron.evaluate(({ BrowserWindow }, payload) => BrowserWindow.getAllWindows()[0]?.webContents.send('traywatch:event', 'batch', payload), batch);
}

test('a paused machine does not look alive on any page, and says the time of its values', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await expect.poll(async () => (await ask(page, 'snapshot', {})).seq).toBeGreaterThan(12);
  await ask(page, 'setPaused', { paused: true });
  for (const [name, address] of [['overview', '/'], ['cpu', '/cpu'], ['disk', '/disk'], ['processes', '/processes'], ['stats', '/stats'], ['host', '/host'], ['alerts', '/alerts']] as const) {
    await goTo(page, address);
    await expect(page.locator('main .as-of').filter({ hasText: /as of \d\d:\d\d/ }).first()).toBeVisible();
    await expect(page.locator('main')).not.toContainText('Healthy');
    await expect(page.locator('[data-connection="live"]')).toHaveCount(0);
    expect(await seriousFaults(page)).toEqual([]);
    await takePictures(app, page, `paused-${name}`);
  }
  await ask(page, 'setPaused', { paused: false });
  await goTo(page, '/');
  await expect(page.locator('main .as-of')).toHaveCount(0);
});

test('a family that cannot be read keeps its last value, with its time, and one this machine lacks says why', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await expect(cardOf(page, 'disk').locator('.value-number').first()).toHaveText(/\d/);
  await failFamilies(app, page, ['disk', 'connections']);
  await expect(cardOf(page, 'disk')).toContainText(/Disk space cannot be read since \d\d:\d\d\. Next try in \d+ s\./);
  await expect(cardOf(page, 'disk').locator('.value-number').first()).toHaveText(/\d/);
  expect(await seriousFaults(page)).toEqual([]);
  await takePictures(app, page, 'failed-overview', () => failFamilies(app, page, ['disk', 'connections']));
  await goTo(page, '/disk');
  await failFamilies(app, page, ['disk']);
  await expect(page.getByText(/Next try in \d+ s/)).toBeVisible();
  await takePictures(app, page, 'failed-disk', () => failFamilies(app, page, ['disk']));
  const { readings } = await ask(page, 'snapshot', {});
  if (Object.keys(readings.temperature?.devices ?? {}).length > 0) {
    process.stdout.write('the page of an absent group is left out: this machine has temperature sensors\n');
    return;
  }
  await goTo(page, '/temperature');
  const absent = page.getByRole('region', { name: 'Temperature', exact: true });
  await expect(absent).toContainText('Not available on this machine');
  await expect(absent).toBeInViewport();
  await expect(absent.locator('.chart')).toHaveCount(0);
  await takePictures(app, page, 'absent-temperature');
});

test('a browser knows at once that its machine is gone', async ({ start, browser }) => {
  const app = await start();
  const desktop = await app.page();
  const phone = await approveBrowser(desktop, browser, await share(desktop, 18_561), 'viewer');
  await expect(phone.locator('.card[data-family="cpu"] .value-number').first()).toHaveText(/\d/);
  const startedAt = performance.now();
  await ask(desktop, 'updateSettings', { lan: { enabled: false } });
  await expect(phone.locator('.shell')).toHaveAttribute('data-page-stale', 'lost');
  process.stdout.write(`disconnected is shown after ${Math.round(performance.now() - startedAt)} ms\n`);
  await expect(phone.locator('.summary')).toContainText(/Disconnected, as of \d\d:\d\d/);
  await phone.screenshot({ path: path.join(pictures, 'stale-lost-phone.png') });
  await phone.setViewportSize({ width: 1280, height: 860 });
  await phone.screenshot({ path: path.join(pictures, 'stale-lost-1280.png') });
});
