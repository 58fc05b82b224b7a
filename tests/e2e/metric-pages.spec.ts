/** Pages with several metric groups, and devices that are renamed or ignored, on made-up machines. */
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import type { Rule } from '../../src/shared/alerts/rule';
import { laptop } from '../demo/laptop';
import { nas } from '../demo/nas';
import { ask } from '../support/e2e/bridge';
import { startMachine } from '../support/e2e/demo';
import { resizeWindow, sidewaysScroll } from '../support/e2e/layout';
import { pictures, seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';
import { getWithToken } from '../support/e2e/script';
import { expect, test } from '../support/e2e';

const PORT = 18_571;

/** Top of an element in the window, px. */
const topOf = async (element: Locator): Promise<number> => (await element.boundingBox())?.y ?? Number.NaN;

const drawn = (page: Page, family: string): Locator => page.getByRole('region', { name: family, exact: true }).locator('.chart canvas').first();

test('disks and sensors stand on one page each, over one range and with one cursor; old links lead to their part', async ({ start, data }) => {
  test.setTimeout(240_000);
  fs.mkdirSync(pictures, { recursive: true });
  const machine = await startMachine(nas, data, 1);
  try {
    const app = await start({ env: { TRAYWATCH_ROOT: machine.root } });
    const page = await app.page();
    await expect.poll(async () => (await ask(page, 'snapshot', {})).readings.disk !== undefined).toBe(true);
    await expect(page.locator('.rail-families').getByRole('link')).toContainText(['CPU', 'Memory', 'Disks', 'Network', 'Sensors & power']);

    await goTo(page, '/diskio?range=1h');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Disks');
    await expect(drawn(page, 'Disk space')).toBeAttached();
    await expect(drawn(page, 'Disk I/O')).toBeVisible();
    await expect.poll(() => topOf(page.getByRole('heading', { name: 'Disk I/O', level: 2 }))).toBeLessThan(120);
    await expect(page.locator('.rail-entry[aria-current="page"]')).toHaveText('Disks');

    await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: /^Disk space/ }).click();
    await expect(page.getByRole('heading', { level: 1 })).toBeInViewport();
    expect(await page.evaluate(() => location.hash)).toBe('#/disk?range=1h');
    await page.getByRole('button', { name: '24 h', exact: true }).click();
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/disk?range=24h');
    const plot = page.getByRole('region', { name: 'Disk space', exact: true }).locator('.plot').first();
    await plot.hover();
    for (const family of ['Disk space', 'Disk I/O']) await expect(page.getByRole('region', { name: family, exact: true }).locator('.crosshair').first()).toBeAttached();
    expect(await seriousFaults(page)).toEqual([]);

    // A time that is picked stays where it was clicked, with the processes under the charts of that part.
    const throughput = page.getByRole('region', { name: 'Disk I/O', exact: true }).locator('.plot').first();
    await throughput.scrollIntoViewIfNeeded();
    const before = await topOf(throughput);
    await throughput.click({ position: { x: 300, y: 60 } });
    await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#\/diskio\?range=24h&at=\d+$/);
    expect(Math.abs((await topOf(throughput)) - before)).toBeLessThan(4);
    await page.keyboard.press('Escape');

    for (const address of ['/disk', '/temperature']) {
      await goTo(page, address);
      for (const theme of ['dark', 'light'] as const) {
        await ask(page, 'updateSettings', { theme });
        for (const [width, height] of [[360, 900], [1280, 900], [2560, 1300]] as const) {
          await resizeWindow(app, page, width, height);
          await expect(page.locator('.chart canvas').first()).toBeVisible();
          expect(await sidewaysScroll(page)).toEqual({ by: 0, widest: '' });
          const name = `${theme}-${width}-page${address.replace('/', '-')}`;
          await page.screenshot({ path: path.join(pictures, `${name}.png`) });
          await page.locator('.family-head').last().scrollIntoViewIfNeeded();
          await page.screenshot({ path: path.join(pictures, `${name}-last.png`) });
          await page.locator('main').evaluate((main) => main.scrollTo({ top: 0 }));
        }
      }
      expect(await seriousFaults(page)).toEqual([]);
    }
  } finally {
    machine.stop();
  }
});

/** Every sensor is past 1 °C; no other rule is on. */
const hotRules = (): Rule[] => {
  const any = DEFAULT_RULES.find(({ family }) => family === 'temperature');
  if (any === undefined) throw new Error('there is no default rule for temperatures');
  const level = { threshold: 1, recoverAt: null, forSeconds: 0, guard: null, anyOf: [] };
  return DEFAULT_RULES.map((rule): Rule => (rule.id === any.id ? { ...any, useDeviceLimits: false, warning: null, critical: level, cooldownSeconds: 0 } : { ...rule, enabled: false }));
};

test('a renamed sensor has its name in window, notification, tray and REST; an ignored one is nowhere; both last and are undone', async ({ desktop, start, data }) => {
  test.setTimeout(240_000);
  const machine = await startMachine(laptop, data, 0);
  try {
    fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify({ version: 3, lan: { enabled: true, addresses: ['127.0.0.1'], port: PORT } }));
    const options = { env: { TRAYWATCH_ROOT: machine.root } };
    const app = await start(options);
    let page = await app.page();
    const sensors = async () => (await ask(page, 'snapshot', {})).readings.temperature?.devices ?? {};
    await expect.poll(async () => Object.keys(await sensors()).length).toBeGreaterThan(1);
    const [one, another] = Object.entries(await sensors());
    if (one === undefined || another === undefined) throw new Error('the machine has too few sensors');
    const [[first, { label }], [second, other]] = [one, another];
    const { token } = await ask(page, 'lanCreateToken', { label: 'script', scopes: ['read'], days: 1 });
    await expect.poll(() => ask(page, 'lanState', {})).toMatchObject({ state: 'listening' });
    const rest = async () => {
      const { devices } = (await getWithToken(PORT, '/api/devices', token)) as { devices: { family: string; id: string; label: string }[] };
      return Object.fromEntries(devices.filter(({ family }) => family === 'temperature').map((device) => [device.id, device.label]));
    };

    await goTo(page, '/temperature');
    const table = page.getByRole('region', { name: 'Sensors', exact: true });
    await table.getByLabel(`Change ${label}`, { exact: true }).selectOption('rename');
    await table.getByLabel(`Name of ${label}`, { exact: true }).fill('Processor under the desk');
    await page.keyboard.press('Enter');
    await expect(table).toContainText('Processor under the desk');
    await expect.poll(async () => (await sensors())[first]?.label).toBe('Processor under the desk');
    await table.getByLabel(`Change ${other.label}`, { exact: true }).selectOption('ignore');
    await expect(table).toContainText(`Ignored sensors: ${other.label}`);
    await expect.poll(async () => Object.keys(await sensors())).not.toContain(second);
    await table.scrollIntoViewIfNeeded();
    await takePictures(app, page, 'device-names', { wide: 900, phone: 800 });
    await expect.poll(rest).toMatchObject({ [first]: 'Processor under the desk' });
    expect(Object.keys(await rest())).not.toContain(second);

    await ask(page, 'updateSettings', { alerts: { rules: hotRules() } });
    const shown = () => desktop.notifications().map(({ title, body }) => `${title} ${body}`).join('\n');
    await expect.poll(shown).toContain('Processor under the desk');
    const item = await app.item();
    await expect.poll(() => item.tooltip()).toMatch(/Critical: /);
    const incidents = (await ask(page, 'openAlerts', {})).incidents.map(({ device }) => device);
    expect(incidents).toContain(first);
    expect(incidents).not.toContain(second);

    // Both last over a restart.
    expect(await app.quit()).toBe(0);
    const again = await start(options);
    page = await again.page();
    await expect.poll(async () => (await sensors())[first]?.label).toBe('Processor under the desk');
    expect(Object.keys(await sensors())).not.toContain(second);

    await goTo(page, '/settings');
    await page.getByRole('button', { name: 'Reset Processor under the desk' }).scrollIntoViewIfNeeded();
    expect(await seriousFaults(page)).toEqual([]);
    await takePictures(again, page, 'device-settings', { wide: 900, phone: 800 });
    await page.getByRole('button', { name: 'Reset Processor under the desk' }).click();
    await page.getByRole('button', { name: `Reset ${other.label}` }).click();
    await expect(page.getByRole('button', { name: /^Reset / })).toHaveCount(0);
    await expect.poll(async () => (await sensors())[first]?.label).toBe(label);
    await expect.poll(async () => Object.keys(await sensors())).toContain(second);
  } finally {
    machine.stop();
  }
});
