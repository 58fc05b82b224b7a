/** What is shown says what it is of: which part of a range was measured, at what time, since when, of how many cores. */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { takePictures } from '../support/e2e/pictures';
import { cardOf, goTo } from '../support/e2e/shown';

const HEIGHTS = { wide: 900, phone: 900 };

async function untilSamples(page: Page, count: number): Promise<void> {
  await expect.poll(async () => (await ask(page, 'snapshot', {})).seq).toBeGreaterThanOrEqual(count);
}

test('a history of seconds is not passed off as a week', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await untilSamples(page, 12);
  await goTo(page, '/cpu?range=7d');
  await expect(page.locator('.history-begin').first()).toHaveText(/^History begins \d{4}-\d\d-\d\d \d\d:\d\d$/);
  await expect(page.getByRole('button', { name: '7 d', exact: true })).toHaveAttribute('title', /^Longer than the history/);
  await expect(page.getByRole('slider').first()).toHaveAttribute('aria-label', /History begins/);
  await expect(page.locator('[aria-label="Statistics for this range"] h2')).toHaveText(/\d+ s of 7 d sampled/);
  await takePictures(app, page, 'coverage-cpu', HEIGHTS);
  await goTo(page, '/stats?range=1y');
  for (const range of ['12 h', '24 h', '7 d', '1 y']) await expect(page.locator('.stats-page-table thead')).toHaveText(new RegExp(`\\d+ s of ${range}`));
  await takePictures(app, page, 'coverage-stats', HEIGHTS);
  const [stats] = await ask(page, 'stats', { series: ['cpu.usage'], from: Date.now() - 604_800_000, to: Date.now() });
  expect(stats?.sampledSeconds).toBeGreaterThan(5);
  expect(stats?.sampledSeconds).toBeLessThan(3600);
});

test('a legend has values only at the cursor, with their time', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await untilSamples(page, 8);
  await goTo(page, '/cpu?range=5m');
  const chart = page.locator('.chart').first();
  await expect(chart.locator('.plot canvas')).toBeVisible();
  await expect(chart.locator('.legend-value').first()).toBeHidden();
  await expect(chart.locator('.legend-time')).toBeHidden();
  const box = await chart.locator('.plot').boundingBox();
  if (box === null) throw new Error('the plot has no place');
  await page.mouse.move(box.x + box.width - 32, box.y + 60);
  await expect(chart.locator('.legend-value').first()).toBeVisible();
  await expect(chart.locator('.legend-time')).toHaveText(/^\d\d:\d\d:\d\d$/);
  await page.mouse.move(box.x + box.width / 2, box.y - 40);
  await expect(chart.locator('.legend-value').first()).toBeHidden();
});

test('load stands beside the cores, totals say since when, and a share of one core is on no gauge', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await untilSamples(page, 4);
  await expect(cardOf(page, 'cpu')).toHaveText(/Load.*· \d+ cores?/);
  await expect(cardOf(page, 'network')).toHaveText(/since boot, \d+ \w+ ago/);
  await expect(cardOf(page, 'self')).toHaveText(/of one core/);
  await expect(cardOf(page, 'self').locator('.arc')).toHaveCount(0);
  await expect(cardOf(page, 'cpu').locator('.arc')).toHaveCount(1);
  await takePictures(app, page, 'truth-overview', HEIGHTS);
  await goTo(page, '/cpu');
  await expect(page.locator('.chart', { hasText: 'Load average' }).locator('.legend')).toHaveText(/\d+ cores?/);
  await goTo(page, '/network');
  await expect(page.locator('[aria-label="Statistics for this range"]').first()).toContainText('Totals since boot');
  await expect(page.locator('[aria-label="Interfaces"]')).toContainText('Totals since boot');
  await takePictures(app, page, 'truth-network', { wide: 1500, phone: 1500 });
});

test('a pointer at rest on the processes does not hold their order', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await goTo(page, '/processes');
  const rows = page.locator('.process-name');
  await rows.first().waitFor();
  const box = await page.locator('.process-table tbody').boundingBox();
  if (box === null) throw new Error('the table has no place');
  await page.mouse.move(box.x + 60, box.y + 30);
  await page.mouse.move(box.x + 80, box.y + 34);
  await expect(page.locator('.summary')).toContainText('Sorting paused');
  // The pointer rests; nothing else happens.
  await expect(page.locator('.summary')).not.toContainText('Sorting paused');
  await rows.nth(1).click();
  await page.mouse.move(box.x + 60, box.y - 200);
  await expect(page.locator('.process-details')).toHaveCount(1);
  await expect(page.locator('.summary')).toContainText('Sorting paused');
  await takePictures(app, page, 'truth-processes', HEIGHTS);
  const resume = page.getByRole('button', { name: 'Resume' });
  await resume.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.summary')).not.toContainText('Sorting paused');
  await expect(page.locator('.process-scroll')).toBeFocused();
  await rows.nth(2).focus();
  await page.keyboard.press('Tab');
  await expect(page.locator('.summary')).toContainText('Sorting paused');
  await page.keyboard.press('Escape');
  await expect(page.locator('.summary')).not.toContainText('Sorting paused');
});
