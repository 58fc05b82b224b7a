/** The timeline, chart annotations, and the processes at a time, in the window. */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/e2e';
import { ask, callBridge } from '../support/e2e/bridge';
import { resizeWindow, sidewaysScroll } from '../support/e2e/layout';
import { writePast } from '../support/e2e/past';
import { goTo } from '../support/e2e/shown';
import { appDir } from '../support/e2e/traywatch';

const pictures = path.join(appDir, 'test-results', 'pictures');
const events = (page: Page) => page.locator('.event');
const hash = (page: Page): Promise<string> => page.evaluate(() => location.hash);

async function addEvents(page: Page, count: number, type = 'note'): Promise<void> {
  for (let n = 0; n < count; n += 1) await ask(page, 'addEvent', { type, message: `${type} number ${n}`, severity: n % 10 === 0 ? 'warning' : 'info', details: n % 5 === 0 ? { n } : null });
}

test('shows the start, events of other programs as they arrive, and changed settings', async ({ start }) => {
  const page = await (await start()).page();
  await page.getByRole('link', { name: 'Timeline' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Timeline');
  await expect(events(page)).toHaveCount(1);
  await expect(events(page).first()).toContainText('Monitoring started');
  await ask(page, 'addEvent', { type: 'stream_started', message: 'Stream <b>7</b> started', severity: 'warning', user: 'ada', details: { stream: 7 } });
  const [stream] = await events(page).all();
  await expect(events(page).first()).toContainText('Stream <b>7</b> started');
  await expect(events(page).first()).toContainText('Stream started');
  await expect(events(page).first()).toContainText('ada');
  await stream?.getByRole('button').click();
  await expect(page.locator('.event-details')).toContainText('"stream": 7');
  await ask(page, 'updateSettings', { theme: 'dark', keepDays: 30 });
  await expect(events(page).first()).toContainText('Settings changed: Keep for (days): 730 → 30, Theme: System → Dark');
  await ask(page, 'setPaused', { paused: true });
  await expect(events(page).first()).toContainText('Monitoring paused');
  await expect(page.locator('.summary')).toHaveText('4 events');
  expect(await callBridge(page, 'addEvent', { type: 'alert_fired', message: 'forged' })).toMatchObject({ ok: false, code: 'BadInput' });
});

test('records after a kill that the previous run ended unexpectedly, and a history file that was moved', async ({ data, start }) => {
  fs.mkdirSync(data, { recursive: true });
  fs.writeFileSync(path.join(data, 'history.sqlite'), 'this is no database, and longer than a header of one hundred bytes. '.repeat(3));
  const first = await start();
  const page = await first.page();
  await goTo(page, '/timeline');
  await expect(events(page).filter({ hasText: 'History file was damaged' })).toHaveAttribute('data-severity', 'critical');
  // Ten seconds between two commits, and one until the next tick.
  await expect.poll(async () => (await ask(page, 'snapshot', {})).seq, { timeout: 40_000 }).toBeGreaterThan(12);
  await first.killAll();
  const again = await (await start()).page();
  await goTo(again, '/timeline');
  await expect(events(again).first()).toContainText('The previous run ended unexpectedly');
  await expect(events(again)).toHaveCount(3);
});

test('filters are part of the address, combine, and can be cleared', async ({ data, start }) => {
  fs.mkdirSync(data, { recursive: true });
  writePast(data, Date.now());
  const page = await (await start()).page();
  await goTo(page, '/timeline');
  await expect(events(page)).toHaveCount(8);
  await page.getByRole('button', { name: 'Critical' }).click();
  await expect(events(page)).toHaveCount(1);
  expect(await hash(page)).toBe('#/timeline?severity=critical');
  await page.getByRole('button', { name: 'Warning' }).click();
  await expect(events(page)).toHaveCount(2);
  await page.getByRole('searchbox').fill('96 % CPU');
  await expect(events(page)).toHaveCount(1);
  await expect.poll(() => hash(page)).toBe('#/timeline?severity=critical,warning&text=96%20%25%20CPU');
  await page.reload();
  await expect(events(page)).toHaveCount(1);
  await expect(page.getByRole('searchbox')).toHaveValue('96 % CPU');
  await page.getByRole('searchbox').fill('%_');
  await expect(page.getByText('No event matches these filters.')).toBeVisible();
  await page.locator('.page-empty').getByRole('button', { name: 'Clear filters' }).click();
  await expect(events(page)).toHaveCount(8);
  await page.getByRole('button', { name: 'All types' }).click();
  await page.getByLabel('User registered').check();
  await page.getByLabel('Alert', { exact: true }).check();
  await expect(events(page)).toHaveCount(3);
  expect(await hash(page)).toBe('#/timeline?type=user_registered,alert_fired');
  await page.keyboard.press('Escape');
  await expect(page.locator('.type-list')).toHaveCount(0);
  await page.getByLabel('Range').selectOption('Last 5 min');
  await expect(events(page)).toHaveCount(0);
  await page.goBack();
  await expect(events(page)).toHaveCount(3);
  // An event that arrives while a filter is set is shown only if it matches.
  await ask(page, 'addEvent', { type: 'stream_stopped', message: 'hidden' });
  await ask(page, 'addEvent', { type: 'user_registered', message: 'shown' });
  await expect(events(page)).toHaveCount(4);
  await expect(events(page).first()).toContainText('shown');
});

test('loads older events on scrolling to them, and new ones do not move the text that is read', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await addEvents(page, 250);
  await goTo(page, '/timeline');
  await expect(events(page)).toHaveCount(100);
  await expect(page.locator('.summary')).toHaveText('251 events, the newest 100 shown');
  await page.getByRole('button', { name: 'Load older' }).scrollIntoViewIfNeeded();
  await expect(events(page)).toHaveCount(200);
  const read = page.getByText('note number 150', { exact: true });
  await read.scrollIntoViewIfNeeded();
  const before = await read.boundingBox();
  await addEvents(page, 3, 'later');
  await expect(page.getByText('later number 2', { exact: true })).toBeAttached();
  const after = await read.boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? Infinity))).toBeLessThan(2);
  await page.getByRole('button', { name: 'Load older' }).scrollIntoViewIfNeeded();
  await expect(page.getByText('Monitoring started', { exact: true })).toBeAttached();
  await expect(events(page)).toHaveCount(254);
  await expect(page.getByRole('button', { name: 'Load older' })).toHaveCount(0);
});

test('an alert links to its chart at its time, with an annotation and the processes at that time', async ({ data, start }) => {
  fs.mkdirSync(data, { recursive: true });
  const past = writePast(data, Date.now());
  const page = await (await start()).page();
  await goTo(page, '/timeline?severity=critical');
  await page.getByRole('link', { name: /stress-ng 310/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('CPU');
  expect(await hash(page)).toContain(`&at=${past.firedAt}`);
  const panel = page.locator('.time-panel');
  await expect(panel).toContainText('Processes at');
  await expect(panel.locator('tbody tr').first()).toContainText('stress-ng');
  await expect(panel.locator('tbody tr').first()).toContainText('310');
  await expect(page.locator('.picked').first()).toBeVisible();
  // A stream, the alert and its end; the alert about memory is not shown here.
  await expect(page.locator('.chart').first().locator('.marker')).toHaveCount(3);
  await page.locator('.chart').first().locator('.marker[data-severity="critical"]').hover();
  await expect(page.locator('.marker-tip').first()).toContainText('CPU usage at 96 %');
  await expect(panel.locator('.annotation-list')).toContainText('CPU usage back at 14 %');

  // A click on the chart selects an ordinary minute.
  const plot = page.locator('.plot').first();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the plot has no bounding box');
  await page.mouse.click(box.x + 62 + (box.width - 90) * 0.2, box.y + 100);
  await expect(panel.locator('tbody tr').first()).toContainText('chrome');
  await expect(panel.locator('tbody tr')).toHaveCount(5);
  await page.keyboard.press('Escape');
  await expect(page.locator('.picked')).toHaveCount(0);
  // Without a selected time the panel shows the incident of the range.
  await expect(panel.locator('tbody tr').first()).toContainText('stress-ng');
  // The keyboard selects a time, too.
  await page.getByRole('slider').first().focus();
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page.locator('.picked').first()).toBeVisible();
});

test('the timeline and the processes at a time in both themes and at 360 px', async ({ data, start }) => {
  fs.mkdirSync(data, { recursive: true });
  fs.mkdirSync(pictures, { recursive: true });
  const past = writePast(data, Date.now());
  const app = await start();
  const page = await app.page();
  await ask(page, 'addEvent', { type: 'backup_failed', severity: 'warning', message: `A long message ${'that goes on and on '.repeat(20)}to its end`, user: 'backup@example.test', details: { code: 28, path: '/mnt/backup' } });
  for (const theme of ['dark', 'light'] as const) {
    await ask(page, 'updateSettings', { theme });
    for (const [width, height, name] of [[1120, 780, 'wide'], [360, 740, 'phone']] as const) {
      await resizeWindow(app, page, width, height);
      await goTo(page, '/timeline');
      await expect(events(page).nth(5)).toBeVisible();
      await events(page).filter({ hasText: 'A long message' }).getByRole('button').click();
      expect(await sidewaysScroll(page), `timeline at ${width} px`).toEqual({ by: 0, widest: '' });
      await page.screenshot({ path: path.join(pictures, `${theme}-${name}-timeline.png`) });
      await goTo(page, '/timeline?text=nothing%20like%20this&severity=critical');
      await expect(page.locator('.page-empty')).toBeVisible();
      await page.screenshot({ path: path.join(pictures, `${theme}-${name}-timeline-empty.png`) });
      await goTo(page, `/cpu?range=1h&from=${past.from}&to=${past.to}&at=${past.firedAt}`);
      await expect(page.locator('.time-panel tbody tr').first()).toContainText('stress-ng');
      await page.locator('main').evaluate((main) => main.scrollTo(0, 140));
      await page.locator('.marker[data-severity="critical"]').first().hover();
      expect(await sidewaysScroll(page), `moment at ${width} px`).toEqual({ by: 0, widest: '' });
      await page.screenshot({ path: path.join(pictures, `${theme}-${name}-moment.png`) });
    }
  }
});
