/** The first start: one card that says where the icon is, tries a notification and starts Traywatch at login; for nobody else. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect } from '../support/e2e';
import type { Traywatch } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { listenForComplaints } from '../support/e2e/complaints';
import { operable, resizeWindow, sidewaysScroll, tabThrough } from '../support/e2e/layout';
import { approveBrowser, share, test } from '../support/e2e/phone';
import { pictures, seriousFaults } from '../support/e2e/pictures';
import { cardOf, goTo } from '../support/e2e/shown';

const BUS = { service: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' };

const cardIn = (page: Page): Locator => page.getByRole('region', { name: 'Getting started' });
const stepsIn = (page: Page): Locator => cardIn(page).getByRole('heading', { level: 3 });
const doneWith = (page: Page, title: string): Locator => cardIn(page).getByRole('button', { name: `Done: ${title}` });

/** The page once the values of the Overview are there, which is when the card would be, too. */
async function overviewOf(app: Traywatch): Promise<Page> {
  const page = await app.page();
  await expect(cardOf(page, 'cpu').locator('.value').first()).toHaveText(/\d/);
  return page;
}

test('a new user finds the icon, gets a test notification and starts it at login; what is done stays done', async ({ data, desktop, start }) => {
  const first = await start();
  const complaints = await listenForComplaints(first.electron);
  const page = await overviewOf(first);
  const card = cardIn(page);
  await expect(stepsIn(page)).toHaveText(['Find the icon', 'Try a notification', 'Start at login']);
  await expect(card).toContainText('The icon is in the status tray of the panel');
  expect(await desktop.trayItems()).toHaveLength(1);

  await card.getByRole('button', { name: 'Send a test notification' }).click();
  await expect(card).toContainText('Shown. If you saw nothing, look in the list of notifications of the desktop.');
  // The server answers before its list is written.
  await expect.poll(() => desktop.notifications()).toMatchObject([{ title: 'Test notification', urgency: 'NORMAL', body: expect.stringContaining('Click to open it.') }]);
  await desktop.screenshot(path.join(pictures, 'first-run-notification.png'));
  await desktop.notificationHand.closeAll();
  expect(execFileSync('dunstctl', ['history'], { env: desktop.env, encoding: 'utf8' })).toContain('Test notification');
  await doneWith(page, 'Try a notification').click();
  await expect(stepsIn(page)).toHaveText(['Find the icon', 'Start at login']);

  const entry = path.join(desktop.env.XDG_CONFIG_HOME ?? '', 'autostart/traywatch.desktop');
  const control = card.getByRole('switch', { name: 'Start at login' });
  await expect(control).not.toBeChecked();
  expect(fs.existsSync(entry)).toBe(false);
  await control.click();
  await expect(control).toBeChecked();
  await expect(card).toContainText('Starts in the tray when you log in.');
  expect(fs.readFileSync(entry, 'utf8')).toMatch(new RegExp(`^Exec="/.*" .*--user-data-dir=${data} --hidden$`, 'm'));
  expect(complaints()).toEqual([]);
  expect(await first.quit()).toBe(0);

  const second = await start();
  const again = await overviewOf(second);
  await expect(stepsIn(again)).toHaveText(['Find the icon', 'Start at login']);
  await expect(cardIn(again).getByRole('switch', { name: 'Start at login' })).toBeChecked();
  await cardIn(again).getByRole('button', { name: 'Hide getting started' }).click();
  await expect(cardIn(again)).toHaveCount(0);
  expect(await second.quit()).toBe(0);

  const third = await overviewOf(await start());
  await expect(cardIn(third)).toHaveCount(0);
  await goTo(third, '/settings');
  await third.getByRole('button', { name: 'Show getting started again' }).click();
  await expect(third.getByRole('heading', { level: 1 })).toHaveText('Overview');
  await expect(stepsIn(third)).toHaveCount(3);
  const { events } = await ask(third, 'events', { types: ['settings_changed'], limit: 10 });
  expect(events).toEqual([]);
});

test('with the keyboard alone every step can be done with, and the focus stays in the card', async ({ start }) => {
  const page = await overviewOf(await start());
  await expect(stepsIn(page)).toHaveCount(3);
  const stops = await operable(page);
  expect(stops.filter((stop) => stop.endsWith(' BUTTON Done'))).toHaveLength(3);
  const { reached, unseen } = await tabThrough(page, stops.length + 10);
  expect([unseen, stops.filter((_, index) => !reached.has(index))]).toEqual([[], []]);
  for (const [title, left] of [['Try a notification', 2], ['Find the icon', 1]] as const) {
    await doneWith(page, title).focus();
    await page.keyboard.press('Enter');
    await expect(stepsIn(page)).toHaveCount(left);
    await expect(cardIn(page).getByRole('heading', { level: 2 })).toBeFocused();
  }
  await page.keyboard.press('Tab');
  await expect(cardIn(page).getByRole('button', { name: 'Hide getting started' })).toBeFocused();
  await page.keyboard.press('Space');
  await expect(cardIn(page)).toHaveCount(0);
});

test('a notification that the desktop keeps back or does not take is told so', async ({ desktop, start }) => {
  test.setTimeout(120_000);
  const page = await overviewOf(await start());
  const send = cardIn(page).getByRole('button', { name: 'Send a test notification' });
  execFileSync('dunstctl', ['set-paused', 'true'], { env: desktop.env });
  await send.click();
  await expect(cardIn(page)).toContainText('Sent, but Do Not Disturb is on');
  expect(desktop.notifications()).toEqual([]);
  execFileSync('dunstctl', ['set-paused', 'false'], { env: desktop.env });

  const [pid] = await desktop.bus.call(BUS, 'org.freedesktop.DBus.GetConnectionUnixProcessID', 'org.freedesktop.Notifications');
  process.kill(Number(pid), 'SIGSTOP');
  try {
    await send.click();
    await expect(cardIn(page)).toContainText('Waiting for the desktop…');
    await expect(send).toBeFocused();
    await expect(cardIn(page)).toContainText('Not shown: the desktop did not take it.', { timeout: 60_000 });
  } finally {
    process.kill(Number(pid), 'SIGCONT');
  }
});

test('an older profile has no card: neither one with settings nor one with a history alone', async ({ data, start }) => {
  fs.mkdirSync(data, { recursive: true });
  const settings = path.join(data, 'settings.json');
  fs.writeFileSync(settings, '{"version":2,"theme":"dark"}');
  const withSettings = await start();
  await expect(cardIn(await overviewOf(withSettings))).toHaveCount(0);
  expect(await withSettings.quit()).toBe(0);
  fs.rmSync(settings);
  expect(fs.existsSync(path.join(data, 'history.sqlite'))).toBe(true);
  await expect(cardIn(await overviewOf(await start()))).toHaveCount(0);
});

test('a browser on the network has neither the card nor its button', async ({ browser, start }) => {
  const page = await overviewOf(await start());
  await expect(stepsIn(page)).toHaveCount(3);
  const phone = await approveBrowser(page, browser, await share(page, 18_561), 'admin');
  await expect(cardOf(phone, 'cpu').locator('.value').first()).toHaveText(/\d/);
  await expect(cardIn(phone)).toHaveCount(0);
  await phone.goto(`${phone.url().split('#')[0] ?? ''}#/settings`);
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('Settings');
  await expect(phone.getByText('Show window at startup')).toBeVisible();
  await expect(phone.getByText('Getting started')).toHaveCount(0);
});

for (const tray of [true, false]) {
  test.describe(tray ? 'with a tray' : 'without a tray', () => {
    test.use({ desktopOptions: { tray, geometry: '2600x1500x24' } });

    test('the card fits at every width and in both themes, and nothing is wrong with it', async ({ start }) => {
      test.setTimeout(120_000);
      const app = await start({ env: tray ? {} : { XDG_CURRENT_DESKTOP: 'GNOME' } });
      const page = await overviewOf(app);
      await expect(cardIn(page)).toContainText(tray ? 'The icon is in the status tray' : 'install the package gnome-shell-extension-appindicator', { timeout: 30_000 });
      for (const theme of ['dark', 'light'] as const) {
        await ask(page, 'updateSettings', { theme });
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        for (const [width, height] of [[360, 900], [700, 800], [1280, 800], [2560, 1300]] as const) {
          await resizeWindow(app, page, width, height);
          expect(await sidewaysScroll(page), `${width} px`).toEqual({ by: 0, widest: '' });
          await page.screenshot({ path: path.join(pictures, `${theme}-${width}-first-run${tray ? '' : '-no-tray'}.png`) });
        }
        expect(await seriousFaults(page)).toEqual([]);
      }
    });
  });
}
