/** The Processes page on a loaded machine. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { resizeWindow, sidewaysScroll } from '../support/e2e/layout';
import { stressCores } from '../support/e2e/machine';
import { goTo, parseShown } from '../support/e2e/shown';
import { appDir } from '../support/e2e/traywatch';

const pictures = path.join(appDir, 'test-results', 'pictures');

const bodyRows = (page: Page): Locator => page.locator('.process-table tbody tr[data-open]');
const names = (page: Page): Promise<string[]> => page.locator('.process-name').allTextContents();

/** A column's numbers, read at once: rows change every two seconds. */
const cellsOf = async (page: Page, column: string): Promise<number[]> => {
  const cells = page.locator(`.process-table tbody td[data-column="${column}"] .value`);
  const texts = await cells.evaluateAll((values) => values.map((value) => [...value.children].map((part) => part.textContent).join(' ')));
  return texts.filter((text) => !text.startsWith('–')).map(parseShown);
};

const isFalling = (values: readonly number[]): boolean => values.every((value, at) => at === 0 || value <= (values[at - 1] ?? Number.NaN));

/** Other programs may be busy beside the load: waits until it is among the first rows, with a good part of a core. */
async function untilLoadLeads(page: Page): Promise<void> {
  await expect.poll(async () => (await names(page)).slice(0, 5).some((name) => name.startsWith('stress-ng'))).toBe(true);
  await expect.poll(async () => (await cellsOf(page, 'cpu'))[0]).toBeGreaterThan(30);
}

async function open(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Processes' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Processes');
  await expect(bodyRows(page).first()).toBeVisible();
}

test('the processes that load the CPU come first, with their command line; search and sort by memory', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  const load = stressCores();
  await open(page);
  await untilLoadLeads(page);
  expect(isFalling(await cellsOf(page, 'cpu'))).toBe(true);

  await page.getByLabel('Search processes').fill('stress-ng');
  await expect(page.locator('.process-name').first()).toHaveText(/^stress-ng/);
  await page.locator('.process-name').first().click();
  await expect(page.locator('.process-details').first()).toContainText('stress-ng');
  await expect(page.locator('.process-details').first()).toContainText(process.getuid?.() === 0 ? 'root' : String(process.env['USER']));
  await page.locator('.process-name').first().click();
  await expect(page.locator('.process-details')).toHaveCount(0);

  await page.getByLabel('Search processes').fill('stress-ng cpu');
  await expect.poll(() => names(page)).not.toContain('electron');
  expect((await names(page)).every((name) => name.startsWith('stress-ng'))).toBe(true);
  await expect(page.locator('.summary')).toHaveText(/^\d+ of [\d\u202f]+ processes/);
  await page.getByLabel('Search processes').fill('no such program');
  await expect(page.locator('.page-empty')).toContainText('No processes match “no such program”.');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(bodyRows(page).first()).toBeVisible();

  const memory = page.getByRole('columnheader', { name: 'Memory' });
  await memory.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(memory).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(async () => isFalling(await cellsOf(page, 'memory'))).toBe(true);
  expect((await names(page))[0]).not.toMatch(/^stress-ng-cpu/);
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await expect.poll(async () => (await names(page)).map((name) => name.toLowerCase()).every((name, at, all) => at === 0 || name >= (all[at - 1] ?? ''))).toBe(true);
  await load.stop();
});

test('updates while it is open, and keeps its order while a row is focused by keyboard', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await open(page);
  const load = stressCores();
  await untilLoadLeads(page);
  // Without other processes the number of rows does not change.
  await page.getByLabel('Search processes').fill('stress-ng');
  await expect.poll(async () => (await names(page)).every((name) => name.startsWith('stress-ng'))).toBe(true);
  const second = page.locator('.process-name').nth(1);
  await page.locator('.process-name').first().focus();
  await page.keyboard.press('Tab');
  await expect(second).toBeFocused();
  await expect(page.locator('.summary')).toContainText('Sorting paused');
  const before = (await names(page)).slice(0, 2);
  await page.keyboard.press('Enter');
  await expect(page.locator('.process-details')).toHaveCount(1);
  const { time } = await ask(page, 'snapshot', {});
  await expect.poll(async () => (await ask(page, 'snapshot', {})).time).toBeGreaterThan(time + 5000);
  await expect(second).toBeFocused();
  expect((await names(page)).slice(0, 2)).toEqual(before);
  await load.stop();
});

test('begins with the first rows and adds more when the last become visible', async ({ start }) => {
  const page = await (await start()).page();
  // In a container there may be few.
  const sleepers = Array.from({ length: 100 }, () => spawn('sleep', ['80'], { stdio: 'ignore' }));
  await open(page);
  await expect(bodyRows(page)).toHaveCount(60);
  await expect(page.locator('.process-more')).toContainText('Showing 60 of');
  await bodyRows(page).last().scrollIntoViewIfNeeded();
  await expect.poll(() => bodyRows(page).count()).toBeGreaterThan(60);
  sleepers.forEach((sleeper) => sleeper.kill());
});

test('has all properties of the app’s own process', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  const table = await ask(page, 'processes', { search: String(app.pid), limit: 1000 });
  const own = table.processes.find(({ pid }) => pid === app.pid);
  expect(own).toMatchObject({ pid: app.pid, cpu: expect.any(Number), read: expect.any(Number), startedAt: expect.any(Number) });
  expect(own?.command).toContain('--user-data-dir=');
  expect(Math.abs((own?.startedAt ?? 0) - Date.now())).toBeLessThan(90_000);
  expect(table.matching).toBeLessThan(table.total);
});

test('in both themes, wide and at 360 px', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  const load = stressCores();
  await open(page);
  await untilLoadLeads(page);
  fs.mkdirSync(pictures, { recursive: true });
  for (const theme of ['dark', 'light'] as const) {
    await ask(page, 'updateSettings', { theme });
    for (const [width, height, name] of [[1120, 780, 'wide'], [820, 700, 'middle'], [360, 740, 'phone']] as const) {
      await resizeWindow(app, page, width, height);
      await goTo(page, '/processes');
      await bodyRows(page).first().waitFor();
      await page.locator('.process-name').nth(2).click();
      expect(await sidewaysScroll(page), `at ${width} px`).toEqual({ by: 0, widest: '' });
      const heads = await page.locator('.process-table thead th:visible').allTextContents();
      if (name === 'phone') expect(heads.map((head) => head.replace(/[▾▴]/, ''))).toEqual(['Name', 'CPU', 'Memory']);
      await page.screenshot({ path: path.join(pictures, `${theme}-${name}-processes.png`) });
      await page.locator('.process-name').nth(2).click();
    }
  }
  await load.stop();
});
