import fs from 'node:fs';
import type { Page } from '@playwright/test';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import { expect, test } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { writePast } from '../support/e2e/past';
import { pictures, seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';

const MINUTE = 60_000;

/** Range of the address. */
async function rangeOf(page: Page): Promise<{ from: number; to: number }> {
  const [, from, to] = /from=(\d+)&to=(\d+)/.exec(await page.evaluate(() => location.hash)) ?? [];
  return { from: Number(from), to: Number(to) };
}

test('the link of a past alert shows all of it with both edges, from the timeline and from the alerts', async ({ data, start }) => {
  fs.mkdirSync(data, { recursive: true });
  fs.mkdirSync(pictures, { recursive: true });
  const past = writePast(data, Date.now());
  const app = await start();
  const page = await app.page();
  const bar = page.getByRole('region', { name: 'Alert', exact: true });
  for (const open of [
    async () => {
      await goTo(page, '/timeline?severity=critical');
      await page.getByRole('link', { name: /stress-ng 310/ }).click();
    },
    async () => {
      await goTo(page, '/alerts');
      await page.getByRole('region', { name: 'Past alerts' }).getByRole('link', { name: /^CPU/ }).click();
    },
  ]) {
    await open();
    await expect(bar).toContainText('Resolved');
    await expect(bar).toContainText('stress-ng 310');
    await expect(page.locator('.chart').first().locator('.incident-edge')).toHaveCount(2);
    const { from, to } = await rangeOf(page);
    expect(from).toBe(past.firedAt - 11 * MINUTE);
    expect(to).toBe(past.clearedAt + 5 * MINUTE);
    await expect(bar.getByRole('button', { name: 'Acknowledge' })).toHaveCount(0);
  }
  expect(await seriousFaults(page)).toEqual([]);
  await takePictures(app, page, 'incident', { wide: 900, phone: 740 });
  await page.getByRole('button', { name: 'Back to live' }).click();
  await expect(bar).toHaveCount(0);
});

test('where the link of an open alert leads, it is acknowledged, snoozed, and its rule edited', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  const level = { threshold: 0.1, recoverAt: 0, forSeconds: 0, guard: null };
  await ask(page, 'updateSettings', { alerts: { rules: DEFAULT_RULES.map((rule) => (rule.id === 'memory-usage' ? { ...rule, warning: level, critical: null } : { ...rule, enabled: false })) } });
  await goTo(page, '/alerts');
  await page.getByRole('region', { name: 'Open alerts' }).getByRole('link', { name: /^Memory/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Memory');
  const bar = page.getByRole('region', { name: 'Alert', exact: true });
  await expect(bar).toContainText('Warning');
  // What ran then is sorted by memory.
  await expect(page.locator('.time-panel th[aria-sort="descending"]')).toContainText('Memory');
  await takePictures(app, page, 'incident-open', { wide: 900, phone: 740 });
  await bar.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(bar).toContainText('Acknowledged');
  await bar.getByLabel('Snooze').selectOption('4h');
  await expect(bar.getByLabel('Snooze')).toHaveCount(0);
  await bar.getByRole('link', { name: 'Edit rule' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Memory usage');
  await takePictures(app, page, 'rule-editor', { wide: 1100, phone: 740 });
});

test('all open alerts are acknowledged at once', async ({ start }) => {
  const page = await (await start()).page();
  const level = { threshold: 0.1, recoverAt: 0, forSeconds: 0, guard: null };
  const quick = new Set(['memory-usage', 'disk-space']);
  await ask(page, 'updateSettings', { alerts: { rules: DEFAULT_RULES.map((rule) => (quick.has(rule.id) ? { ...rule, warning: level, critical: null } : { ...rule, enabled: false })) } });
  await goTo(page, '/alerts');
  const open = page.getByRole('region', { name: 'Open alerts' });
  await expect.poll(() => open.getByRole('button', { name: /^Acknowledge (?!all)/ }).count(), { timeout: 60_000 }).toBeGreaterThan(1);
  await open.getByRole('button', { name: 'Acknowledge all' }).click();
  await expect(open.getByRole('button', { name: /^Acknowledge (?!all)/ })).toHaveCount(0);
  await expect(open.getByRole('button', { name: 'Acknowledge all' })).toHaveCount(0);
});
