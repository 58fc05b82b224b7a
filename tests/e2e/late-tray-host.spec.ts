import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '../support/e2e';
import type { Traywatch } from '../support/e2e';
import type { Desktop } from '../support/desktop';
import { uptimeSeconds } from '../support/e2e/machine';

/** The longest pause between two looks for the tray, and what starting a panel takes. */
const NEXT_LOOK = { timeout: 75_000 };

async function expectNoWindow(desktop: Desktop, app: Traywatch): Promise<void> {
  expect(app.renderers()).toBe(0);
  expect(await desktop.windowTitles()).not.toContainEqual(expect.stringContaining('Traywatch'));
}

const icons = (desktop: Desktop) => async (): Promise<number> => (await desktop.trayItems()).length;

test.describe('on a desktop whose panel starts after Traywatch', () => {
  test.use({ desktopOptions: { tray: false } });
  test.setTimeout(300_000);

  test('the icon appears without a window, closing a window does not quit, and it comes back with a panel that restarts', async ({ desktop, start }) => {
    const app = await start({ hidden: true });
    const end = uptimeSeconds() + 20;
    while (uptimeSeconds() < end) await expectNoWindow(desktop, app);
    const stopPanel = await desktop.startPanel();
    await expect.poll(icons(desktop), NEXT_LOOK).toBe(1);
    await expectNoWindow(desktop, app);
    expect(desktop.notifications()).toEqual([]);

    const page = await app.openFromTray();
    await expect(page.locator('.banner')).toHaveCount(0);
    await page.close();
    await expect.poll(() => app.renderers()).toBe(0);
    expect(await icons(desktop)()).toBe(1);

    await stopPanel();
    await desktop.startPanel();
    await expect.poll(icons(desktop), NEXT_LOOK).toBe(1);
    await expectNoWindow(desktop, app);
    expect(await app.quit()).toBe(0);
  });

  test('a hidden start says so by one notification, and takes it back when the panel comes', async ({ desktop, start }) => {
    const app = await start({ hidden: true });
    await expect.poll(() => desktop.notifications(), NEXT_LOOK).toMatchObject([{ title: 'No system tray found', urgency: 'LOW' }]);
    await expectNoWindow(desktop, app);
    await desktop.notificationHand.click();
    const page = await app.page();
    const card = page.getByRole('region', { name: 'Getting started' });
    await expect(card).toContainText('This desktop shows no tray.');
    // The card says it; a banner would say it twice.
    await expect(page.locator('.banner')).toHaveCount(0);
    await desktop.startPanel();
    await expect.poll(icons(desktop), NEXT_LOOK).toBe(1);
    await expect(card).toContainText('The icon is in the status tray of the panel');
    await page.close();
    await expect.poll(() => app.renderers()).toBe(0);
    expect(desktop.notifications()).toHaveLength(1);
    expect(await app.quit()).toBe(0);
  });

  for (const way of ['first start', 'later start'] as const) {
    test(`a visible ${way} says so in its window, and gets the icon there without another window or the focus`, async ({ data, desktop, start }) => {
      if (way === 'later start') {
        fs.mkdirSync(data, { recursive: true });
        fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify({ version: 3 }));
      }
      const app = await start();
      const page = await app.page();
      const said = way === 'first start' ? page.getByRole('region', { name: 'Getting started' }).getByText('This desktop shows no tray.') : page.locator('.banner', { hasText: 'No system tray found' });
      await expect(said).toBeVisible({ timeout: 30_000 });
      await desktop.xdotool('search', '--onlyvisible', '--name', 'Traywatch', 'windowminimize');
      await expect.poll(() => desktop.windowTitles()).not.toContainEqual(expect.stringContaining('Traywatch'));
      await desktop.startPanel();
      await expect.poll(icons(desktop), NEXT_LOOK).toBe(1);
      await expect(said).toHaveCount(0);
      expect(await desktop.windowTitles()).not.toContainEqual(expect.stringContaining('Traywatch'));
      expect(app.electron.windows()).toHaveLength(1);
      // From now on the icon is the way back: a closed window ends nothing.
      await page.close();
      await expect.poll(() => app.renderers()).toBe(0);
      await app.openFromTray();
      expect(desktop.notifications()).toEqual([]);
      expect(await app.quit()).toBe(0);
    });
  }

  test('with no window at startup set, none opens for want of a tray, at most a notification', async ({ data, desktop, start }) => {
    fs.mkdirSync(data, { recursive: true });
    fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify({ version: 3, openAtStart: false }));
    const app = await start();
    const end = uptimeSeconds() + 20;
    while (uptimeSeconds() < end) await expectNoWindow(desktop, app);
    await desktop.startPanel();
    await expect.poll(icons(desktop), NEXT_LOOK).toBe(1);
    await expectNoWindow(desktop, app);
    expect(desktop.notifications()).toEqual([]);
    expect(await app.quit()).toBe(0);
  });
});
