/** Statistics, comparison, export, backup and restore in the window. */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { appDir } from '../support/e2e/traywatch';
import { expect, test } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { answerDialogs, fileIn } from '../support/e2e/dialogs';
import { resizeWindow, sidewaysScroll } from '../support/e2e/layout';
import { cardOf, goTo } from '../support/e2e/shown';

const pictures = path.join(appDir, 'test-results', 'pictures');

async function untilSamples(page: Page, count: number): Promise<void> {
  await expect.poll(async () => (await ask(page, 'snapshot', {})).seq).toBeGreaterThanOrEqual(count);
}

test('the Statistics page has a row for every metric group and adds the chosen range', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await untilSamples(page, 5);
  await page.getByRole('link', { name: 'Statistics' }).click();
  const table = page.locator('.stats-page-table');
  const memory = table.getByRole('row', { name: /^Memory/ }).first();
  await expect(memory.locator('td').nth(2)).toHaveText(/\d/);
  for (const label of ['12 h', '24 h', '7 d']) await expect(table.locator('thead')).toContainText(label);
  const [stats] = await ask(page, 'stats', { series: ['memory.usage'], from: Date.now() - 43_200_000, to: Date.now() });
  expect(stats?.count).toBeGreaterThan(0);
  await page.getByRole('button', { name: '30 d', exact: true }).click();
  await expect(table.locator('thead')).toContainText('30 d');
  expect(await page.evaluate(() => location.hash)).toBe('#/stats?range=30d');
  await memory.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Memory');
});

test('ranges up to two years, a comparison that is part of the address, and statistics of devices', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await untilSamples(page, 4);
  await goTo(page, '/memory');
  for (const span of ['30 d', '1 y', '2 y']) {
    await page.getByRole('button', { name: span, exact: true }).click();
    await expect(page.getByRole('button', { name: span, exact: true })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.locator('.chart').first()).toBeVisible();
  }
  await page.getByLabel('Compare with').selectOption('Yesterday');
  expect(await page.evaluate(() => location.hash)).toContain('compare=day');
  await expect(page.locator('.legend-before').first()).toContainText('yesterday');
  await page.reload();
  await expect(page.getByLabel('Compare with')).toHaveValue('day');
  await goTo(page, '/cpu');
  await expect(page.getByRole('columnheader', { name: 'p99' })).toHaveCount(1);
  await page.getByRole('button', { name: 'Statistics by core' }).click();
  const cores = page.locator('[aria-label="Statistics by core"] tbody tr');
  await expect(cores.first().locator('td').nth(1)).toHaveText(/\d/);
});

test('a pause is a gap in the chart with its reason at the cursor', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await untilSamples(page, 3);
  await ask(page, 'setPaused', { paused: true });
  const pausedAt = Date.now();
  await expect.poll(() => Date.now() - pausedAt, { timeout: 20_000 }).toBeGreaterThan(6000);
  await ask(page, 'setPaused', { paused: false });
  const resumed = (await ask(page, 'snapshot', {})).seq;
  await untilSamples(page, resumed + 3);
  const gaps = await ask(page, 'gaps', { from: pausedAt - 60_000, to: Date.now() });
  expect(gaps.map(({ reason }) => reason)).toEqual(['pause']);
  const [pause] = gaps;
  const middle = ((pause?.from ?? 0) + (pause?.to ?? 0)) / 2;
  await goTo(page, `/memory?range=5m&from=${Math.round(middle - 20_000)}&to=${Math.round(middle + 20_000)}`);
  const plot = page.locator('.plot').first();
  await plot.waitFor();
  // Gaps are requested together with the statistics: once the table shows these, the gaps are loaded.
  await expect(page.locator('[aria-label="Statistics for this range"] tbody td').nth(1)).toHaveText(/\d/);
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the plot has no bounding box');
  await page.mouse.move(box.x + 62 + (box.width - 90) / 2, box.y + 60);
  await expect(page.locator('.gap-readout')).toContainText('Monitoring paused for');
  fs.mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, 'gap.png') });
});

test('saves the charts as an image and the visible data, and exports the full history up to the message of its end', async ({ data, start }) => {
  const app = await start();
  const page = await app.page();
  const saved = path.join(data, 'saved');
  await answerDialogs(app, saved);
  await untilSamples(page, 5);
  await goTo(page, '/memory');
  await expect(page.locator('[aria-label="Statistics for this range"] tbody td').nth(1)).toHaveText(/\d/);
  for (const [item, end] of [['Charts as image (PNG)', '.png'], ['Visible data (CSV)', '.csv'], ['Visible data (JSON)', '.json']] as const) {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('button', { name: item }).click();
    await expect.poll(() => fileIn(saved, end)).not.toBeNull();
    await expect(page.locator('.toolbar-status')).toContainText(end);
  }
  expect(fs.readFileSync(fileIn(saved, '.png') ?? '').subarray(1, 4).toString()).toBe('PNG');
  expect(fs.readFileSync(fileIn(saved, '.csv') ?? '', 'utf8')).toMatch(/^time,series,unit,mean,min,max,count\r\n[\d-]+T[\d:.]+Z,memory\./);
  expect(JSON.parse(fs.readFileSync(fileIn(saved, '.json') ?? '', 'utf8'))).toMatchObject({ program: 'Traywatch' });
  fs.copyFileSync(fileIn(saved, '.png') ?? '', path.join(pictures, 'export.png'));

  const all = path.join(data, 'all');
  await answerDialogs(app, all);
  await goTo(page, '/settings');
  await page.getByRole('button', { name: 'CSV…' }).click();
  await expect(page.locator('.banner')).toContainText('History exported.');
  const rows = fs.readFileSync(fileIn(all, '.csv') ?? '', 'utf8').split('\r\n');
  expect(rows.filter((row) => row.includes(',memory.usage,')).length).toBeGreaterThanOrEqual(4);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.locator('.banner')).toHaveCount(0);
});

/** Pixels of a PNG, across and down (its specification, section 11.2.1). */
function sizeOf(file: string): { width: number; height: number } {
  const bytes = fs.readFileSync(file);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

test('saves one chart as an image, with the keyboard', async ({ data, start }) => {
  const app = await start();
  const page = await app.page();
  const [one, all] = [path.join(data, 'one'), path.join(data, 'all')];
  await untilSamples(page, 5);
  await goTo(page, '/memory');
  await expect(page.locator('[aria-label="Statistics for this range"] tbody td').nth(1)).toHaveText(/\d/);
  const chart = page.locator('.chart').nth(1);
  const title = (await chart.locator('h2').textContent()) ?? '';
  await answerDialogs(app, one);
  await chart.getByRole('button', { name: `Save ${title} as image` }).focus();
  await page.keyboard.press('Enter');
  await expect(chart.getByRole('status')).toContainText('.png');
  const file = fileIn(one, '.png') ?? '';
  expect(path.basename(file)).toMatch(/^Memory [\d-]+ \d{4}\.png$/);
  fs.mkdirSync(pictures, { recursive: true });
  fs.copyFileSync(file, path.join(pictures, 'one-chart.png'));
  await page.screenshot({ path: path.join(pictures, 'chart-saved.png') });

  await answerDialogs(app, all);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('button', { name: 'Charts as image (PNG)' }).click();
  await expect(page.locator('.toolbar-status')).toContainText('.png');
  expect(sizeOf(file).height).toBeLessThan(sizeOf(fileIn(all, '.png') ?? '').height);

  await answerDialogs(app, null);
  await chart.getByRole('button', { name: `Save ${title} as image` }).click();
  await expect(chart.locator('.chart-status')).toHaveCount(0);
});

test('shows an estimate of new limits before they are saved, backs up, restores, and refuses a file that is no backup', async ({ data, start }) => {
  const app = await start();
  const page = await app.page();
  const saved = path.join(data, 'saved');
  await answerDialogs(app, saved);
  await untilSamples(page, 4);
  await goTo(page, '/settings');
  const estimate = page.locator('.field-estimate output');
  await expect(estimate).toContainText('after 2 years');
  await page.getByLabel('Maximum size (MB)').fill('20');
  await expect(estimate).toContainText('Size limit reached');
  await page.getByLabel('Keep for (days)').fill('0');
  await expect(page.getByRole('alert')).toContainText('1 to 3650');
  await page.getByLabel('Keep for (days)').fill('30');
  // A first start has saved the steps of its card, and nothing of this.
  expect(JSON.parse(fs.readFileSync(path.join(data, 'settings.json'), 'utf8'))).toMatchObject({ keepDays: 730, maxHistoryMb: null });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await ask(page, 'appState', {})).settings).toMatchObject({ keepDays: 30, maxHistoryMb: 20 });

  const before = Date.now();
  await page.getByRole('button', { name: 'Back up now…' }).click();
  await expect(page.locator('.banner')).toContainText('Backup created.');
  const backup = fileIn(saved, '.sqlite');
  expect(backup).not.toBeNull();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  const { seq } = await ask(page, 'snapshot', {});
  await untilSamples(page, seq + 3);

  await answerDialogs(app, saved, path.join(data, 'settings.json'));
  await page.getByRole('button', { name: 'Restore…' }).click();
  await expect(page.locator('.banner')).toContainText('was not restored: it is no database');
  await page.getByRole('button', { name: 'Dismiss' }).click();

  await answerDialogs(app, saved, backup);
  await page.getByRole('button', { name: 'Restore…' }).click();
  await expect(page.locator('.banner')).toContainText('History restored.');
  expect(fs.readdirSync(data).filter((name) => /^history\.before-restore-.*\.sqlite$/.test(name))).toHaveLength(1);
  const points = (await ask(page, 'series', { series: ['memory.usage'], from: before - 60_000, to: Date.now(), points: 600 })).series[0];
  expect(points?.count.some((count) => count > 0)).toBe(true);
  const restored = (await ask(page, 'snapshot', {})).seq;
  await untilSamples(page, restored + 2);
  expect((await ask(page, 'gaps', { from: before - 60_000, to: Date.now() })).at(-1)?.reason).toBe('pause');
});

test('statistics, comparison and settings in both themes and at 360 px', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await expect(cardOf(page, 'cpu').locator('.value').first()).toHaveText(/\d/);
  await untilSamples(page, 5);
  for (const theme of ['dark', 'light'] as const) {
    await ask(page, 'updateSettings', { theme });
    for (const [width, height, name] of [[1120, 780, 'wide'], [360, 740, 'phone']] as const) {
      await resizeWindow(app, page, width, height);
      for (const [address, label] of [['/stats', 'stats'], ['/memory?range=30d&compare=week', 'compare'], ['/settings', 'limits']] as const) {
        await goTo(page, address);
        if (label === 'compare') await expect(page.locator('.legend-before').first()).toBeVisible();
        if (label === 'stats') await expect(page.locator('.stats-page-table td').nth(8)).toHaveText(/\d/);
        expect(await sidewaysScroll(page), `${address} at ${width} px`).toEqual({ by: 0, widest: '' });
        if (label === 'limits') await page.getByRole('button', { name: 'Restore…' }).scrollIntoViewIfNeeded();
        await page.screenshot({ path: path.join(pictures, `${theme}-${name}-${label}.png`) });
      }
    }
  }
});
