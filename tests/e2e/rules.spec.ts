import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import { expect, test } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';

test('a rule is created, previewed on past data, turned off, deleted, and restored by Undo', async ({ start }) => {
  const page = await (await start()).page();
  await goTo(page, '/alerts');
  const rules = page.getByRole('region', { name: 'Rules' });
  await expect(rules.getByRole('listitem')).toHaveCount(DEFAULT_RULES.length);
  await rules.getByRole('link', { name: 'New rule' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Load');
  await page.getByLabel('Metric', { exact: true }).selectOption('load1');
  await expect(page.getByRole('region', { name: 'Preview on past data' })).toContainText('Fix the fields above to see a preview.');
  await page.getByLabel('Threshold (≥)').fill('0');
  await page.getByLabel('For at least').fill('soon');
  await expect(page.getByText('Enter a duration, e.g. 90 s, 5 min, 1 h.')).toBeVisible();
  await page.getByLabel('For at least').fill('0 s');
  await page.getByLabel('Recovers at').fill('');
  await expect(page.getByRole('region', { name: 'Preview on past data' })).toContainText(/Would have fired once in the last 7 days|Would not have fired/);
  await page.screenshot({ path: 'test-results/pictures/rule-editor.png', fullPage: true });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(rules.getByRole('listitem')).toHaveCount(DEFAULT_RULES.length + 1);
  await expect(page.getByText('“Load” created.')).toBeVisible();
  // It fires with the next sample.
  await expect(page.getByRole('region', { name: 'Open alerts' })).toContainText('CPU load 1 min');
  await page.getByRole('switch', { name: 'Load: active' }).click();
  await expect(page.getByRole('region', { name: 'Open alerts' })).toContainText('No open alerts.');
  await rules.getByRole('link', { name: 'Edit Load' }).click();
  await page.getByRole('button', { name: 'Delete this rule' }).click();
  await expect(rules.getByRole('listitem')).toHaveCount(DEFAULT_RULES.length);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rules.getByRole('listitem')).toHaveCount(DEFAULT_RULES.length + 1);
  const { settings } = await ask(page, 'appState', {});
  expect(settings.alerts.rules).toMatchObject([{ label: 'Load', enabled: false, metric: 'load1' }]);
});

test('a rule without a name gets one, and its recovery value follows the threshold', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await goTo(page, '/alerts?rule=%2B');
  await page.getByLabel('Metric group').selectOption('disk');
  await page.getByLabel('Scope').selectOption('/');
  const level = page.getByRole('group', { name: /Critical/ });
  await level.getByLabel('Threshold (≥)').fill('80');
  await expect(level.getByLabel('Recovers at')).toHaveValue('75');
  await expect(page.getByLabel('Name', { exact: true })).toHaveAttribute('placeholder', 'Disk space / ≥ 80\u202f%');
  await level.getByLabel('Recovers at').fill('80');
  await expect(page.getByText('Must be below the threshold, or the alert keeps firing again.')).toBeVisible();
  await takePictures(app, page, 'rule-new', { wide: 1100, phone: 900 });
  await level.getByLabel('Recovers at').fill('');
  await level.getByLabel('Threshold (≥)').fill('90');
  await expect(level.getByLabel('Recovers at')).toHaveValue('85');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('“Disk space / ≥ 90\u202f%” created.')).toBeVisible();
  const { settings } = await ask(page, 'appState', {});
  expect(settings.alerts.rules).toMatchObject([{ label: 'Disk space / ≥ 90\u202f%', device: '/', critical: { threshold: 90, recoverAt: 85 } }]);
});
