import { expect, test } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';

test('the conditions of which one must hold are shown, added and removed in the editor', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await goTo(page, '/alerts');
  const rules = page.getByRole('region', { name: 'Rules' });
  await expect(rules).toContainText(/≥ 70\u202f% for 2\u202fmin, if less than 20\u202fGiB available and more than 90\u202f% usage, or full within 30\u202fd/u);
  await expect(rules).toContainText('every mount but removable and read-only media');
  await takePictures(app, page, 'rules', { wide: 1100, phone: 1900 });
  await goTo(page, '/alerts?rule=disk-space');
  const warning = page.getByRole('group', { name: 'Warning' });
  await expect(warning.getByRole('group', { name: 'Or if' }).getByLabel('Threshold')).toHaveValue('30');
  await takePictures(app, page, 'rule-alternatives', { wide: 1500, phone: 3000 });
  await page.getByLabel('Leave out removable and read-only media').uncheck();
  await warning.getByRole('button', { name: 'Or if…' }).click();
  const added = warning.getByRole('group', { name: 'Or if' }).last();
  await added.getByLabel('Metric').selectOption({ label: 'Inode usage' });
  await added.getByLabel('Operator').selectOption({ label: 'is above' });
  await added.getByLabel('Threshold').fill('many');
  await expect(added).toContainText('Enter a number.');
  await added.getByLabel('Threshold').fill('95');
  await warning.getByRole('group', { name: 'And only if' }).getByRole('button', { name: 'Remove' }).last().click();
  const critical = page.getByRole('group', { name: 'Critical' });
  await critical.getByRole('button', { name: 'Or if…' }).click();
  await critical.getByRole('group', { name: 'Or if' }).getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(rules).toContainText(/if less than 20\u202fGiB available, or full within 30\u202fd, or more than 95\u202f% inode usage/u);
  const { settings } = await ask(page, 'appState', {});
  expect(settings.alerts.rules).toMatchObject([
    {
      id: 'disk-space',
      exceptMedia: false,
      warning: { anyOf: [[{ metric: 'available' }], [{ metric: 'usage', source: 'timeToFull', threshold: 720 }], [{ metric: 'inodeUsage', source: 'value', direction: 'above', threshold: 95 }]] },
      critical: { guard: null, anyOf: [[{ metric: 'available', threshold: 5 * 1024 ** 3 }]] },
    },
  ]);
});

test('the memory page has swapping and pressure', async ({ start }) => {
  const app = await start();
  const page = await app.page();
  await goTo(page, '/memory');
  await expect(page.getByRole('heading', { name: 'Swapping' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Pressure' })).toBeVisible();
  const { readings } = await ask(page, 'snapshot', {});
  expect(Object.keys(readings.memory?.values ?? {})).toEqual(expect.arrayContaining(['swapIn', 'swapOut', 'pressure']));
  await takePictures(app, page, 'memory-pressure', { wide: 1900, phone: 3000 });
});
