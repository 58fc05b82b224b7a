import path from 'node:path';
import { expect, flatten, test } from '../support/desktop';

const appDir = path.resolve(import.meta.dirname, '..', 'fixtures', 'bare-app');

test('shows an application in the tray, with its tooltip, icon and menu', async ({ desktop }) => {
  expect(await desktop.trayItems()).toHaveLength(0);
  const app = await desktop.launchApp({ appDir });
  const item = await desktop.trayItem(app.pid);
  expect(await item.tooltip()).toBe('Bare: calm');
  const [pixmap] = await item.pixmaps();
  expect(pixmap?.pixels.subarray(0, 4)).toEqual(Buffer.from([255, 0, 160, 80]));
  expect(pixmap?.pixels).toHaveLength((pixmap?.width ?? 0) * (pixmap?.height ?? 0) * 4);
  const rows = flatten(await item.menu());
  expect(rows.filter((row) => !row.separator).map((row) => row.label)).toEqual(['Calm', 'Open', 'Notify', 'Alarm', 'Quit']);
  expect(rows[0]?.enabled).toBe(false);
});

test('sees changes that a click in the tray menu causes', async ({ desktop }, info) => {
  const app = await desktop.launchApp({ appDir });
  const item = await desktop.trayItem(app.pid);
  await item.clickMenu('Alarm');
  await expect.poll(() => item.tooltip()).toBe('Bare: alarmed');
  await expect.poll(async () => (await item.pixmaps())[0]?.pixels[1]).toBe(220);
  await desktop.screenshot(info.outputPath('desktop.png'));
});

test('collects notifications as they are shown', async ({ desktop }) => {
  const app = await desktop.launchApp({ appDir });
  const item = await desktop.trayItem(app.pid);
  expect(desktop.notifications()).toEqual([]);
  await item.clickMenu('Notify');
  await expect.poll(() => desktop.notifications()).toMatchObject([{ title: 'Bare notification', body: 'Something happened.' }]);
  expect(await desktop.notificationHand.displayed()).toBe(1);
});

test('tells the processes of an application apart', async ({ desktop }) => {
  const app = await desktop.launchApp({ appDir });
  const item = await desktop.trayItem(app.pid);
  const renderers = () => app.processes().filter((one) => one.type === 'renderer').length;
  expect(app.processes()[0]).toMatchObject({ pid: app.pid, type: null });
  expect(renderers()).toBe(0);
  await item.clickMenu('Open');
  await expect.poll(renderers).toBe(1);
  await expect.poll(() => desktop.windowTitles()).toContain('Bare');
  const window = await app.electron.firstWindow();
  await window.close();
  await expect.poll(renderers).toBe(0);
  await item.clickMenu('Quit');
  expect(await app.exited).toBe(0);
  await expect.poll(() => desktop.trayItems()).toHaveLength(0);
});

test.describe('without a tray', () => {
  test.use({ desktopOptions: { tray: false } });

  test('has nothing that takes icons', async ({ desktop }) => {
    await expect(desktop.trayItems()).rejects.toThrow('StatusNotifierWatcher');
  });
});
