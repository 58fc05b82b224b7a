/** The page of containers and the page of one, over an engine that is made up and over a real Docker. */
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { hasDocker, startDocker } from '../support/container-engines';
import { ask } from '../support/e2e/bridge';
import { sixtyContainers, startFakeEngine } from '../support/e2e/fake-engine';
import { expect, test } from '../support/e2e';
import { resizeWindow, sidewaysScroll } from '../support/e2e/layout';
import { pictures, seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';

/** Containers are read each five seconds while their page is open; rates need two reads. */
const MEASURED = { timeout: 30_000 } as const;

const tableOf = (page: Page): Locator => page.getByRole('region', { name: 'Containers', exact: true });
const rowOf = (page: Page, name: string): Locator => tableOf(page).getByRole('row').filter({ has: page.locator(`th a[title="${name}"]`) });

/** The number in a column of a row; NaN while there is none. */
async function valueIn(row: Locator, column: string): Promise<number> {
  return Number.parseFloat(await row.locator(`[data-column="${column}"] .value-number`).innerText());
}

test('sixty containers: grouped, filtered, sorted, and a page for each; nothing can be done with them before it is allowed', async ({ start, data }) => {
  test.setTimeout(240_000);
  const socket = path.join(path.dirname(data), 'engine.sock');
  const engine = await startFakeEngine(socket, sixtyContainers());
  try {
    const app = await start({ env: { DOCKER_HOST: `unix://${socket}` } });
    const page = await app.page();
    await goTo(page, '/container');
    await expect(page.getByRole('list', { name: 'Container engines' }).getByRole('listitem').filter({ hasText: socket })).toContainText('29.1.3', MEASURED);
    await expect(rowOf(page, 'shop-web-1')).toBeVisible(MEASURED);
    await expect.poll(() => valueIn(rowOf(page, 'shop-web-1'), 'cpu'), MEASURED).toBeGreaterThan(100);
    await expect(rowOf(page, 'shop-queue-1')).toContainText('Exited (137)');

    const shop = tableOf(page).getByRole('button', { name: /^\W*shop$/ });
    await shop.click();
    await expect(rowOf(page, 'shop-web-1')).toHaveCount(0);
    await shop.click();
    const filter = page.getByRole('searchbox', { name: 'Filter containers' });
    await filter.fill('shop exited');
    await expect(tableOf(page).locator('tr[data-running]')).toHaveCount(1);
    await filter.fill('nothing like it');
    await page.getByRole('button', { name: 'Show all' }).click();
    await tableOf(page).getByRole('button', { name: 'CPU', exact: true }).click();
    await expect(tableOf(page).getByRole('columnheader', { name: 'CPU' })).toHaveAttribute('aria-sort', 'descending');

    await takePictures(app, page, 'containers', { wide: 900, phone: 800 });
    expect(await seriousFaults(page)).toEqual([]);
    for (const width of [720, 1920, 2560]) {
      await resizeWindow(app, page, width, 1000);
      expect(await sidewaysScroll(page)).toEqual({ by: 0, widest: '' });
      await page.screenshot({ path: path.join(pictures, `containers-${width}.png`) });
    }
    await resizeWindow(app, page, 360, 800);
    await expect(tableOf(page).getByRole('columnheader')).toHaveText([/^Name/, /^State/, /^CPU/, /^Memory/]);
    await resizeWindow(app, page, 1120, 760);

    await rowOf(page, 'shop-web-1').getByRole('link').click();
    await expect(page.getByRole('figure').filter({ hasText: 'Block I/O' })).toBeVisible();
    const facts = page.getByRole('region', { name: 'Container', exact: true });
    await expect(facts).toContainText('2 variables, hidden');
    // How it is now stands above how it was.
    expect(await facts.evaluate((panel) => panel.getBoundingClientRect().bottom)).toBeLessThan(await page.getByRole('figure').first().evaluate((chart) => chart.getBoundingClientRect().top));
    await expect(facts).toContainText('127.0.0.1:18080 → 8080/tcp');
    await expect(page.locator('main')).not.toContainText('do-not-show');
    await takePictures(app, page, 'container', { wide: 1000, phone: 1400 }, [1440, 2560]);
    expect(await seriousFaults(page)).toEqual([]);

    await expect(facts).toContainText('Start and stop are turned off.');
    await ask(page, 'updateSettings', { containers: { actions: true } });
    await facts.getByRole('button', { name: 'Stop' }).click();
    await facts.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await expect(facts).toContainText(/Running|Healthy/);
    await facts.getByRole('button', { name: 'Stop' }).click();
    await facts.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
    await expect(facts.getByRole('button', { name: 'Start' })).toBeVisible(MEASURED);
    await expect(facts).toContainText('Exited');
    await page.getByRole('link', { name: 'Containers' }).first().click();
    await expect(rowOf(page, 'shop-web-1')).toHaveAttribute('data-running', 'false');

    // An alert about a container leads to its page, over the time of the alert, and the timeline does so as well.
    await goTo(page, '/');
    await page.getByRole('region', { name: 'Open alerts' }).getByRole('link', { name: /unhealthy/ }).first().click();
    await expect(page.getByRole('region', { name: 'Alert', exact: true })).toContainText('unhealthy');
    await expect(facts).toContainText('Unhealthy');
    await expect(page.getByRole('region', { name: 'Health checks' })).toContainText('connection refused');
    await expect(page.getByRole('figure').first()).toContainText('Health (1 = unhealthy)');
    await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#\/container\?range=1h&from=\d+&to=\d+.*&incident=.*&device=/);
  } finally {
    await engine.stop();
  }
});

test('a real Docker: what is busy is seen and named by an alert, its events are told, and it can be stopped', async ({ start }) => {
  test.setTimeout(240_000);
  test.skip(!(await hasDocker()), 'Docker does not run here: the line above says why');
  const docker = await startDocker();
  try {
    docker.cli('run', '-d', '--name', 'shop-db-1', '--label', 'com.docker.compose.project=shop', '--label', 'com.docker.compose.service=db', 'local', '/bin/busybox', 'sh', '-c', 'while :; do :; done');
    docker.cli('run', '-d', '--name', 'idle', 'local', '/bin/busybox', 'sleep', '600');
    const app = await start({ env: { DOCKER_HOST: `unix://${docker.socket}` } });
    const page = await app.page();
    await goTo(page, '/container');
    await expect.poll(() => valueIn(rowOf(page, 'shop-db-1'), 'cpu'), MEASURED).toBeGreaterThan(20);
    expect(await valueIn(rowOf(page, 'idle'), 'cpu')).toBeLessThan(20);
    await ask(page, 'updateSettings', { alerts: { rules: [{ id: 'busy', label: 'Busy', family: 'cpu', metric: 'usage', critical: { threshold: 1, recoverAt: 0.5, forSeconds: 0 } }] } });
    const culprits = async () => (await ask(page, 'openAlerts', {})).incidents.find(({ ruleId }) => ruleId === 'busy')?.culprits ?? [];
    await expect.poll(culprits, MEASURED).toContainEqual(expect.objectContaining({ name: 'busybox', container: 'shop/db' }));
    docker.cli('kill', 'idle');
    await expect(rowOf(page, 'idle')).toContainText('Exited (137)', MEASURED);
    await rowOf(page, 'shop-db-1').getByRole('link').click();
    await ask(page, 'updateSettings', { containers: { actions: true } });
    const facts = page.getByRole('region', { name: 'Container', exact: true });
    await facts.getByRole('button', { name: 'Restart' }).click();
    await facts.getByRole('alertdialog').getByRole('button', { name: 'Restart' }).click();
    await expect(page.getByRole('region', { name: 'Events' }).getByRole('listitem').first()).toContainText('shop', MEASURED);
    await expect.poll(() => docker.cli('inspect', '-f', '{{.State.Status}}', 'shop-db-1'), MEASURED).toBe('running');
  } finally {
    await docker.stop();
  }
});
