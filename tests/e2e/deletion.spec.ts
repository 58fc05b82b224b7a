import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { answerDialogs, fileIn } from '../support/e2e/dialogs';
import { resizeWindow } from '../support/e2e/layout';
import { writePast } from '../support/e2e/past';
import { pictures, seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';

const DAY = 86_400_000;
const countOf = async (page: Page, to: number): Promise<number> => (await ask(page, 'stats', { series: ['cpu.usage'], from: 0, to }))[0]?.count ?? 0;

test('history is deleted before a date and then all of it, with the consequence named, a backup offered, and a word typed', async ({ data, start }, info) => {
  fs.mkdirSync(data, { recursive: true });
  fs.mkdirSync(pictures, { recursive: true });
  const past = writePast(data, Date.now(), 3 * DAY);
  const app = await start();
  const page = await app.page();
  await goTo(page, '/settings');
  await page.getByRole('button', { name: 'Delete…' }).click();
  const form = page.getByRole('form', { name: 'Delete history' });
  const confirm = form.getByRole('button', { name: 'Delete history' });
  await expect(form.getByText('Choose a date.')).toBeVisible();
  await expect(confirm).toBeDisabled();

  const date = new Date(past.to + DAY);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  await form.getByLabel('Delete everything before').fill(day);
  await expect(form.getByText(/^Deletes 1 day of history \(\d{4}-\d\d-\d\d, [\d\u202f]+ series, (?:about|less than) .*MB\), \d events, 1 resolved alert and the process snapshots of that time\.$/u)).toBeVisible();
  await expect(form.getByText(/This cannot be undone\.$/)).toBeVisible();
  await page.getByLabel('Type “delete” to confirm').fill('delete');
  await expect(confirm).toBeEnabled();
  await form.scrollIntoViewIfNeeded();
  expect(await seriousFaults(page)).toEqual([]);
  await takePictures(app, page, 'delete-history', { wide: 900, phone: 740 });
  await resizeWindow(app, page, 360, 740);
  await form.screenshot({ path: path.join(pictures, 'light-phone-delete-form.png') });
  await resizeWindow(app, page, 1120, 760);

  const backups = info.outputPath('backups');
  await answerDialogs(app, backups);
  await form.getByRole('button', { name: 'Back up first…' }).click();
  await expect(page.getByText('Backup created.')).toBeVisible();
  expect(fileIn(backups, '.sqlite')).not.toBeNull();
  expect(await countOf(page, past.to + DAY)).toBeGreaterThan(3000);

  await form.getByRole('button', { name: 'Delete history' }).click();
  await expect(page.getByText('History deleted.')).toBeVisible();
  await expect(form).toHaveCount(0);
  expect(await countOf(page, past.to + DAY)).toBe(0);
  expect(await ask(page, 'incidents', { from: 0, to: 1e13 })).toEqual([]);
  await goTo(page, '/timeline');
  await expect(page.getByText(/^History deleted: before /)).toBeVisible();
  // Samples of this run are stored on.
  const now = (await ask(page, 'snapshot', {})).time;
  await expect.poll(() => countOf(page, 1e13)).toBeGreaterThan(0);

  await goTo(page, '/settings');
  await page.getByRole('button', { name: 'Delete…' }).click();
  await form.getByRole('radio', { name: 'Everything', exact: true }).check();
  await expect(form.getByText(/^Deletes 1 day of history/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(form).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete…' }).click();
  await form.getByRole('radio', { name: 'Everything', exact: true }).check();
  await page.getByLabel('Type “delete” to confirm').fill('Delete');
  await page.keyboard.press('Enter');
  await expect(page.getByText('History deleted.')).toBeVisible();
  expect(await countOf(page, now)).toBe(0);
  expect(fs.existsSync(path.join(data, 'history.sqlite'))).toBe(true);
});
