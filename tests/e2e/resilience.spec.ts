import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from '@playwright/test';
import { SETTINGS_VERSION } from '../../src/shared/settings/settings-schema';
import { expect, test } from '../support/e2e';
import { ask, callBridge } from '../support/e2e/bridge';
import { makeSmallDisk } from '../support/e2e/full-disk';
import { makeReadOnly } from '../support/e2e/read-only';

const banner = (page: Page, title: string) => page.locator('.banner', { hasText: title });

/** Files of the folder whose name matches, with their content. */
function filesLike(folder: string, name: RegExp): { name: string; content: Buffer }[] {
  const found = fs.readdirSync(folder).filter((file) => name.test(file));
  return found.map((file) => ({ name: file, content: fs.readFileSync(path.join(folder, file)) }));
}

test('settings and history that are damaged are quarantined, and the app starts with the fallback settings and reports it', async ({ data, start }) => {
  fs.mkdirSync(data, { recursive: true });
  const brokenSettings = Buffer.from('{ "version": 1, "theme": "da');
  const brokenHistory = Buffer.alloc(16_384, 'not a database ');
  fs.writeFileSync(path.join(data, 'settings.json'), brokenSettings);
  fs.writeFileSync(path.join(data, 'history.sqlite'), brokenHistory);
  const first = await start();
  const page = await first.page();
  await expect(banner(page, 'Settings file was invalid')).toContainText('not JSON');
  await expect(banner(page, 'History file was damaged')).toBeVisible();
  const [settings, ...otherSettings] = filesLike(data, /^settings\.corrupt-\d{8}T\d{6}Z\.json$/);
  const [history, ...otherHistory] = filesLike(data, /^history\.corrupt-\d{8}T\d{6}Z\.sqlite$/);
  expect([otherSettings, otherHistory]).toEqual([[], []]);
  expect(settings?.content).toEqual(brokenSettings);
  expect(history?.content).toEqual(brokenHistory);
  await expect(banner(page, 'Settings file was invalid')).toContainText(settings?.name ?? '?');
  await expect(banner(page, 'History file was damaged')).toContainText(history?.name ?? '?');
  expect((await ask(page, 'appState', {})).settings).toMatchObject({ theme: 'system', keepDays: 3650, lan: { enabled: false, addresses: ['127.0.0.1'] } });
  await banner(page, 'History file was damaged').getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.locator('.banner')).toHaveCount(1);
  await ask(page, 'updateSettings', { theme: 'dark' });
  const seen = Date.now();
  expect(await first.quit()).toBe(0);

  const again = await (await start()).page();
  await expect(again.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(again.locator('.banner')).toHaveCount(0);
  const kept = await ask(again, 'stats', { series: ['memory.usage'], from: 0, to: seen });
  expect(kept[0]?.count).toBeGreaterThan(0);
  expect(filesLike(data, /corrupt/)).toHaveLength(2);
});

test('a history and settings of a newer version are left byte for byte, and the app says so', async ({ data, start }) => {
  fs.mkdirSync(data, { recursive: true });
  const file = path.join(data, 'history.sqlite');
  const newer = new Database(file);
  newer.exec('CREATE TABLE tiers (id INTEGER PRIMARY KEY, what TEXT)');
  newer.exec("INSERT INTO tiers (what) VALUES ('of the future')");
  newer.pragma('user_version = 99');
  newer.close();
  const settings = `${JSON.stringify({ version: 99, theme: 'aurora' })}\n`;
  fs.writeFileSync(path.join(data, 'settings.json'), settings);
  const before = fs.readFileSync(file);
  const app = await start();
  const page = await app.page();
  await expect(banner(page, 'History is not being saved')).toContainText('newer version');
  await expect(banner(page, 'History is not being saved').getByRole('button')).toHaveCount(0);
  await expect(banner(page, 'Can’t save settings')).toContainText('newer version');
  expect(await callBridge(page, 'updateSettings', { theme: 'dark' })).toMatchObject({ ok: false, code: 'Unavailable', message: expect.stringContaining('newer version') });
  expect((await ask(page, 'host', {})).databasePath).toBeNull();
  // It watches all the same, and remembers as long as it runs.
  await expect.poll(async () => (await ask(page, 'stats', { series: ['memory.usage'], from: 0, to: 1e13 }))[0]?.count).toBeGreaterThan(1);
  expect(await app.quit()).toBe(0);
  expect(fs.readFileSync(file)).toEqual(before);
  expect(fs.readFileSync(path.join(data, 'settings.json'), 'utf8')).toBe(settings);
  expect(filesLike(data, /^history|^settings|corrupt/).map(({ name }) => name)).toEqual(['history.sqlite', 'settings.json']);
});

test('a full disk shows as an error, and what it held up is written when there is room again', async ({ data, start }, info) => {
  const disk = await makeSmallDisk(data);
  info.annotations.push({ type: 'full disk', description: disk.kind });
  try {
    const began = Date.now();
    const app = await start();
    const page = await app.page();
    await expect.poll(async () => (await ask(page, 'snapshot', {})).seq).toBeGreaterThan(2);
    await expect(page.locator('.banner')).toHaveCount(0);
    await disk.fill(app.pid);
    const failing = banner(page, 'Can’t save history');
    await expect(failing).toBeVisible({ timeout: 30_000 });
    await expect(failing).toHaveAttribute('data-tone', 'error');
    await page.screenshot({ path: info.outputPath('full-disk.png') });
    expect(await callBridge(page, 'updateSettings', { environment: 'full' })).toMatchObject({ ok: false, code: 'Unavailable' });
    expect((await ask(page, 'appState', {})).settings.environment).toBe('production');
    const { seq } = await ask(page, 'snapshot', {});
    await expect.poll(async () => (await ask(page, 'snapshot', {})).seq).toBeGreaterThan(seq);
    await disk.free(app.pid);
    await expect(failing).toHaveCount(0, { timeout: 30_000 });
    await ask(page, 'updateSettings', { environment: 'free again' });
    const until = (await ask(page, 'snapshot', {})).time;
    const question = { series: ['memory.usage'], from: began, to: until, points: 10_000 };
    const shown = await ask(page, 'series', question);
    expect(await app.quit()).toBe(0);
    const again = await (await start()).page();
    expect(await ask(again, 'series', question)).toEqual(shown);
    expect(shown.series[0]?.count.filter((count) => count === 0)).toEqual([]);
    expect((await ask(again, 'appState', {})).settings.environment).toBe('free again');
  } finally {
    await disk.remove();
  }
});

test('a folder that cannot be written shows as an error, and is written as soon as it can be', async ({ data, start }) => {
  const folder = await makeReadOnly(data).catch((error: unknown) => String(error));
  if (typeof folder === 'string') {
    console.log(`skipped, because root can write everywhere and nothing may be mounted here: ${folder}`);
    test.skip();
    return;
  }
  try {
    const page = await (await start()).page();
    const failing = banner(page, 'Can’t save history');
    await expect(failing).toBeVisible();
    expect(await callBridge(page, 'updateSettings', { theme: 'dark' })).toMatchObject({ ok: false, code: 'Unavailable' });
    await folder.allow();
    await expect(failing).toHaveCount(0, { timeout: 30_000 });
    expect(await callBridge(page, 'updateSettings', { theme: 'dark' })).toMatchObject({ ok: true });
    expect(filesLike(data, /^(history\.sqlite|settings\.json)$/)).toHaveLength(2);
  } finally {
    await folder.remove();
  }
});

test.describe('on a desktop without a tray', () => {
  test.use({ desktopOptions: { tray: false } });

  test('it says so once, in its window', async ({ desktop, data, start }) => {
    // At a first start the card on the Overview says it (first-run.spec.ts).
    fs.mkdirSync(data, { recursive: true });
    fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify({ version: SETTINGS_VERSION }));
    const first = await start();
    const page = await first.page();
    const notice = banner(page, 'No system tray found');
    await expect(notice).toBeVisible();
    await expect.poll(() => desktop.windowTitles()).toContain('Overview – Traywatch');
    // Without an icon to come back to, closing the window is leaving.
    await page.close();
    expect(await first.exited).toBe(0);

    const second = await start();
    const again = await second.page();
    await expect.poll(() => second.log().filter(({ message, fields }) => message === 'tray host' && fields?.state === 'missing').length).toBe(2);
    await expect(again.locator('.banner')).toHaveCount(0);
  });
});
