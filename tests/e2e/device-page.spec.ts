/** The page of one device of this machine: reached from its table, over the same range, and back. */
import { expect, test } from '../support/e2e';
import { seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';

test('a mount has a page of its own, with its charts, its statistics and a way back, over the range that was chosen', async ({ start }) => {
  test.setTimeout(120_000);
  const app = await start();
  const page = await app.page();
  await goTo(page, '/disk?range=1h');
  await page.getByRole('region', { name: 'Mounts' }).getByRole('link', { name: '/', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: '/', exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Space', exact: true })).toBeVisible();
  await expect(page.getByRole('figure').filter({ hasText: 'Space' })).toContainText(/Total \d/);
  const statistics = page.getByRole('region', { name: 'Statistics for this range' });
  await expect(statistics.getByRole('row').filter({ hasText: 'Available' })).toContainText(/\d/);
  await expect(statistics).not.toContainText('Fullest');
  expect(await page.evaluate(() => location.hash)).toBe('#/disk?range=1h&device=%2F');
  await page.getByRole('button', { name: '24 h' }).click();
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/disk?range=24h&device=%2F');
  await takePictures(app, page, 'device', { wide: 900, phone: 800 });
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('main').getByRole('link', { name: 'Disks' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Disks' })).toBeVisible();
  expect(await page.evaluate(() => location.hash)).toBe('#/disk?range=24h');
});
