/** Updates in the desktop: what is found is said quietly, and nothing but one plain request leaves the machine. */
import type { Page } from '@playwright/test';
import { expect, flatten, test } from '../support/e2e';
import type { Traywatch } from '../support/e2e';
import { goTo } from '../support/e2e/shown';
import { documentOf, fileOf, PUBLIC_KEY, startUpdateServer } from '../support/update-server';
import type { UpdateServer } from '../support/update-server';

const FILE = 'traywatch-9.9.9-linux-x64.tar.gz';

function releaseOf(server: UpdateServer, version: string): string {
  return documentOf({ version, channel: 'stable', released: Date.UTC(2026, 10, 30), page: `${server.url}/page`, files: [fileOf(Buffer.from('x'), { name: FILE, url: `${server.url}/${FILE}`, kind: 'tar.gz' })] });
}

/** The section of the settings. */
async function openUpdates(page: Page) {
  await goTo(page, '/settings');
  const section = page.locator('section', { has: page.getByRole('heading', { name: 'Updates' }) });
  return { section, check: section.getByRole('button', { name: 'Check now' }) };
}

const menuOf = async (app: Traywatch): Promise<string[]> => flatten(await (await app.item()).menu()).map(({ label }) => label);

test.describe('with a server', () => {
  let server: UpdateServer;
  test.beforeEach(async () => {
    server = await startUpdateServer();
  });
  test.afterEach(() => server.close());
  const envOf = (): Record<string, string> => ({ TRAYWATCH_UPDATES: JSON.stringify({ url: `${server.url}/stable.json`, key: PUBLIC_KEY, channel: 'stable' }) });

  test('a newer version is a section of the settings, a line of the menu and an event, and no notification', async ({ desktop, start }, info) => {
    server.answers.set('/stable.json', { kind: 'body', body: releaseOf(server, '9.9.9') });
    const app = await start({ env: envOf() });
    const page = await app.page();
    const { section, check } = await openUpdates(page);
    await expect(section).toContainText('Not checked yet.');
    expect(server.requests).toEqual([]);
    expect((await menuOf(app)).join('\n')).not.toContain('available');
    await check.click();
    await expect(section).toContainText('Traywatch 9.9.9 is available');
    await expect(section).toContainText('Released 2026-11-30.');
    await expect(section).toContainText(`Download ${FILE}, quit Traywatch`);
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await section.screenshot({ path: info.outputPath(`updates-${theme}.png`) });
    }
    await expect.poll(async () => (await menuOf(app)).filter((label) => label.includes('9.9.9'))).toEqual(['Traywatch 9.9.9 is available…']);
    await goTo(page, '/timeline');
    await expect(page.getByText('Traywatch 9.9.9 is available', { exact: true })).toBeVisible();
    expect(desktop.notifications()).toEqual([]);
    // One request for one file, which says the same of everybody.
    expect(server.requests.map(({ path }) => path)).toEqual(['/stable.json']);
    const headers = server.requests[0]?.headers ?? {};
    expect(headers).toMatchObject({ 'user-agent': 'Traywatch', accept: 'application/json' });
    for (const name of ['cookie', 'referer', 'origin', 'x-user-staging-id', 'if-none-match', 'authorization']) expect(headers[name], name).toBeUndefined();
    expect(headers['accept-language'] ?? 'en').toBe('en');
    expect(JSON.stringify({ ...headers, host: '' })).not.toMatch(/electron|chrome|linux|x11|\d\.\d+\.\d/i);
  });

  test('it is remembered over a restart without asking again, and gone with the setting off', async ({ start, data }) => {
    server.answers.set('/stable.json', { kind: 'body', body: releaseOf(server, '9.9.9') });
    const first = await start({ env: envOf() });
    await (await openUpdates(await first.page())).check.click();
    await expect((await openUpdates(await first.page())).section).toContainText('9.9.9 is available');
    expect(await first.quit()).toBe(0);
    const again = await start({ env: envOf(), data });
    const { section } = await openUpdates(await again.page());
    await expect(section).toContainText('9.9.9 is available');
    expect(server.requests).toHaveLength(1);
    const off = section.getByRole('switch', { name: 'Check for updates' });
    await off.click();
    await expect(off).not.toBeChecked();
    await expect(section).not.toContainText(', next ');
  });

  test('what goes wrong is said with what to do, and the next answer is taken', async ({ start }) => {
    const app = await start({ env: envOf() });
    const { section, check } = await openUpdates(await app.page());
    server.answers.set('/elsewhere.json', { kind: 'body', body: releaseOf(server, '9.9.9') });
    for (const [answer, text] of [
      [{ kind: 'redirect', to: `${server.url}/elsewhere.json` }, 'came from another place than expected'],
      [{ kind: 'body', body: '<html>Sign in to the network</html>' }, 'captive portal'],
      [{ kind: 'status', status: 503 }, 'answered HTTP 503'],
      [{ kind: 'reset' }, 'cannot be reached'],
    ] as const) {
      server.answers.set('/stable.json', answer);
      await check.click();
      await expect(section).toContainText(text);
    }
    expect(server.requests.map(({ path }) => path)).not.toContain('/elsewhere.json');
    server.answers.set('/stable.json', { kind: 'body', body: releaseOf(server, '0.0.1') });
    await check.click();
    await expect(section).toContainText('is up to date');
    await expect(section.getByRole('alert')).toHaveCount(0);
  });
});

test('a copy without a place to ask says so, and asks nobody', async ({ start }) => {
  const app = await start();
  await goTo(await app.page(), '/settings');
  await expect((await app.page()).locator('section', { has: (await app.page()).getByRole('heading', { name: 'Updates' }) })).toContainText('asks nobody for updates');
});
