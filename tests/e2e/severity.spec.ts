import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import type { Rule } from '../../src/shared/alerts/rule';
import { expect, test } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { pictures, seriousFaults, takePictures } from '../support/e2e/pictures';
import { cardOf, goTo } from '../support/e2e/shown';
import { getWithToken } from '../support/e2e/script';

const PORT = 18_557;
const level = (threshold: number) => ({ threshold, recoverAt: null, forSeconds: 0, guard: null, anyOf: [] });

/** Memory usage is past 1 % on every machine, and never at 100 %; every other rule is turned off, or as given. */
function memoryRules(change: Partial<Rule>, others: Readonly<Record<string, Partial<Rule>>> = {}): Rule[] {
  return DEFAULT_RULES.map((rule): Rule => {
    if (rule.id === 'memory-usage') return { ...rule, warning: null, critical: null, recoverSeconds: 0, cooldownSeconds: 0, ...change };
    const other = others[rule.id];
    return other === undefined ? { ...rule, enabled: false } : { ...rule, cooldownSeconds: 0, ...other };
  });
}

const useRules = (page: Page, rules: Rule[]): Promise<unknown> => ask(page, 'updateSettings', { alerts: { rules } });

test('tray, window and REST say the same of an alert from its begin to its end, and the icon leads to it', async ({ desktop, data, start }) => {
  test.setTimeout(180_000);
  fs.mkdirSync(data, { recursive: true });
  fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify({ version: 3, lan: { enabled: true, addresses: ['127.0.0.1'], port: PORT } }));
  const app = await start();
  const [page, item] = [await app.page(), await app.item()];
  const { token } = await ask(page, 'lanCreateToken', { label: 'script', scopes: ['read'], days: 1 });
  await expect.poll(() => ask(page, 'lanState', {})).toMatchObject({ state: 'listening' });
  const alerts = page.getByRole('region', { name: 'Open alerts' });
  const railMark = page.locator('.rail-families .rail-entry', { hasText: 'Memory' }).locator('.severity-icon');
  const rest = async () => {
    const overview = (await getWithToken(PORT, '/api/metrics', token)) as { severity: string; families: { family: string; severity: string }[] };
    const status = (await getWithToken(PORT, '/api/status', token)) as { data: { severity: string; server_metrics: { memory_usage: { severity: string; level: string } } } };
    return [overview.severity, overview.families.find(({ family }) => family === 'memory')?.severity, status.data.severity, status.data.server_metrics.memory_usage.severity];
  };

  await useRules(page, memoryRules({ critical: level(1) }));
  await expect(cardOf(page, 'memory').locator('.badge')).toHaveText('Critical');
  await expect(railMark).toHaveAttribute('data-severity', 'critical');
  await expect(alerts).toContainText('Memory');
  await expect(page.locator('.summary')).toContainText('1 open alert');
  await expect.poll(() => item.tooltip()).toMatch(/Critical: Memory /);
  await expect.poll(rest).toEqual(['critical', 'critical', 'critical', 'critical']);
  await expect.poll(() => desktop.notifications().at(-1)).toMatchObject({ urgency: 'CRITICAL', title: expect.stringMatching(/^Memory /) });

  // Easing: the same rule now only warns.
  await useRules(page, memoryRules({ warning: level(1) }));
  await expect(cardOf(page, 'memory').locator('.badge')).toHaveText('Warning');
  await expect(railMark).toHaveAttribute('data-severity', 'warning');
  await expect.poll(() => item.tooltip()).toMatch(/Warning: Memory /);
  await expect.poll(rest).toEqual(['warning', 'warning', 'warning', 'warning']);

  // From anywhere a click on the colored icon leads to the alert, and Show to its chart.
  await goTo(page, '#/memory');
  await expect(page.locator('.detail-head .badge')).toHaveText('Warning');
  await item.activate();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview');
  await alerts.getByRole('link', { name: /^Show Memory/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Memory');
  expect(await page.evaluate(() => location.hash)).toMatch(/^#\/memory\?range=1h&from=\d+&to=\d+/);

  await goTo(page, '#/');
  await alerts.getByRole('button', { name: /^Acknowledge Memory/ }).click();
  await expect(cardOf(page, 'memory').locator('.badge')).toHaveText('Warning, acknowledged');
  await expect(railMark).toHaveAttribute('data-quiet', 'true');
  await expect.poll(() => item.tooltip()).toMatch(/Warning: Memory .*\(acknowledged\)/);
  await expect.poll(rest).toEqual(['warning', 'warning', 'warning', 'warning']);

  // Turned off, a rule judges nothing and leaves no tick.
  await useRules(page, memoryRules({ warning: level(1), enabled: false }));
  await expect(cardOf(page, 'memory').locator('.badge')).toHaveCount(0);
  await expect(cardOf(page, 'memory').locator('.arc-tick')).toHaveCount(0);
  await expect(railMark).toHaveCount(0);
  await expect(page.locator('.summary')).toContainText(/Everything is normal.*last alert ended/);
  await expect.poll(() => item.tooltip()).not.toMatch(/Warning|Critical/);
  await expect.poll(rest).toEqual(['healthy', 'healthy', 'healthy', 'healthy']);
});

test('open alerts on the Overview, and the thresholds of rules in a chart', async ({ start }) => {
  test.setTimeout(180_000);
  const app = await start();
  const page = await app.page();
  fs.mkdirSync(pictures, { recursive: true });
  const others = { 'disk-space': { warning: level(1), critical: null, useDeviceLimits: false }, 'cpu-usage': { warning: level(0), critical: null }, 'swap-usage': {} };
  await useRules(page, memoryRules({ critical: level(2), warning: level(1) }, others));
  const alerts = page.getByRole('region', { name: 'Open alerts' });
  await expect(alerts.locator('.incident')).toHaveCount(3);
  await alerts.getByRole('button', { name: /^Acknowledge CPU/ }).click();
  await expect(cardOf(page, 'cpu').locator('.badge')).toHaveText('Warning, acknowledged');
  expect(await seriousFaults(page)).toEqual([]);
  await takePictures(app, page, 'overview-alerts', { wide: 800, phone: 1500 });
  await useRules(page, memoryRules({ critical: level(85), warning: level(15) }, { 'swap-usage': {} }));
  await goTo(page, '#/memory');
  await expect(page.locator('.plot-canvas canvas').first()).toBeVisible();
  await takePictures(app, page, 'memory-thresholds', { wide: 900, phone: 1200 });
});
