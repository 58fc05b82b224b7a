import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, flatten, test, until } from '../support/e2e';
import type { TrayItem } from '../support/e2e';
import { ask, collectBatches } from '../support/e2e/bridge';
import { memoryUsed, meminfo, stressCores, uptimeSeconds } from '../support/e2e/machine';
import { parseShown } from '../support/e2e/shown';

const labels = async (item: TrayItem): Promise<string[]> => flatten(await item.menu()).map((row) => row.label);

/** The row of a family, as soon as it has a value. */
function valueRow(item: TrayItem, family: string): Promise<string> {
  return until(`a value of ${family} in the menu`, async () =>
    (await labels(item)).find((label) => label.startsWith(`${family}  `) && /\d/.test(label))?.slice(family.length + 2),
  );
}

const cpuOf = async (item: TrayItem): Promise<number> => parseShown((await valueRow(item, 'CPU')).replace(/ {2}\(.*/, ''));

test('stands in the tray with its name, and says how the machine is', async ({ desktop, start }) => {
  const app = await start({ hidden: true });
  const item = await app.item();
  expect(await desktop.trayItems()).toHaveLength(1);
  expect(await item.id()).not.toBe('');
  expect(app.renderers()).toBe(0);
  await expect.poll(() => item.tooltip()).toMatch(/^.+ · CPU \d+(\.\d)?\u202f% · Memory \d+(\.\d)?\u202f%/u);
  expect(await item.tooltip()).toContain(os.hostname().slice(0, 20));
  expect(await valueRow(item, 'CPU')).toMatch(/^\d+(\.\d)?\u202f%/u);
  expect(await valueRow(item, 'Disk space')).toMatch(/^\S+ \d+(\.\d)?\u202f%/u);
  await expect.poll(() => valueRow(item, 'Network')).toMatch(/^↓ \d\S*\u202f\S+ {2}↑ \d/u);
});

test('its menu tells the memory in use as /proc/meminfo does', async ({ start }) => {
  const item = await (await start({ hidden: true })).item();
  const shown = async () => {
    const [, share = '', used = '', total = ''] = /^(\S+\s%) · (\S+\s\S+) of (\S+\s\S+?)(?: {2}\(.*)?$/u.exec(await valueRow(item, 'Memory')) ?? [];
    return { share: parseShown(share), used: parseShown(used), total: parseShown(total) };
  };
  expect(Math.abs((await shown()).total / meminfo('MemTotal') - 1)).toBeLessThan(0.005);
  // Memory moves while the menu stands still for some seconds: the two agree again and again, not always.
  await expect.poll(async () => Math.abs((await shown()).used - memoryUsed()) / meminfo('MemTotal')).toBeLessThan(0.01);
  await expect.poll(async () => Math.abs((await shown()).share - (100 * memoryUsed()) / meminfo('MemTotal'))).toBeLessThan(1);
});

test('its icon and its words follow an incident, in and out', async ({ desktop, data, start }, info) => {
  test.setTimeout(240_000);
  // The default rule waits for minutes: a build is no incident.
  const rule = { id: 'cpu-usage', label: 'CPU usage', family: 'cpu', metric: 'usage', critical: { threshold: 98, recoverAt: 97, forSeconds: 3 }, recoverSeconds: 2 };
  fs.mkdirSync(data, { recursive: true });
  fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify({ version: 2, alerts: { rules: [rule] } }));
  const item = await (await start({ hidden: true })).item();
  const picture = async (): Promise<string> => (await item.pixmaps()).map(({ pixels }) => createHash('sha256').update(pixels).digest('hex')).join(' ');
  const expectBusy = async () => {
    await expect.poll(() => cpuOf(item)).toBeGreaterThan(95);
    await expect.poll(() => item.tooltip()).toMatch(/Critical: CPU /);
  };
  const first = stressCores();
  await expectBusy();
  const busy = await picture();
  await desktop.screenshot(info.outputPath('busy.png'));
  await first.stop();
  await expect.poll(() => cpuOf(item), { timeout: 40_000 }).toBeLessThan(90);
  await expect.poll(() => item.tooltip(), { timeout: 60_000 }).not.toMatch(/Critical/);
  await expect.poll(picture).not.toBe(busy);
  const second = stressCores();
  await expectBusy();
  await expect.poll(picture).toBe(busy);
  await second.stop();
});

test('its icon is drawn again when the display gets another scale', async ({ start }) => {
  const app = await start({ hidden: true });
  const item = await app.item();
  const width = async (): Promise<number | undefined> => (await item.pixmaps())[0]?.width;
  await expect.poll(width).toBe(22);
  const setScale = (scale: number) =>
    app.electron.evaluate(({ screen }, scaleFactor) => void screen.emit('display-metrics-changed', {}, { ...screen.getPrimaryDisplay(), scaleFactor }, ['scaleFactor']), scale);
  await setScale(1.5);
  await expect.poll(width).toBe(34);
  await setScale(1);
  await expect.poll(width).toBe(22);
});

test('Open shows the window, and a value row the page of its family', async ({ desktop, start }) => {
  const app = await start({ hidden: true });
  const item = await app.item();
  expect(await desktop.windowTitles()).not.toContainEqual(expect.stringContaining('Traywatch'));
  const page = await app.openFromTray();
  await expect.poll(() => desktop.windowTitles()).toContain('Overview – Traywatch');
  await item.clickMenu(/^Memory {2}/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Memory');
  await expect.poll(() => desktop.windowTitles()).toContain('Memory – Traywatch');
  expect(app.electron.windows()).toHaveLength(1);
});

test('Pause stops the batches and says so, Resume goes on behind a gap', async ({ start }) => {
  const app = await start();
  const item = await app.item();
  const page = await app.page();
  const batches = await collectBatches(page);
  await expect.poll(async () => (await batches()).length).toBeGreaterThan(1);
  await item.clickMenu('Pause monitoring');
  await expect.poll(() => labels(item)).toContain('Resume monitoring');
  expect(await labels(item)).toContainEqual(expect.stringMatching(/^Monitoring is paused since \d{4}-\d\d-\d\d \d\d:\d\d$/));
  await expect.poll(() => item.tooltip()).toMatch(/monitoring is paused since \d{4}-\d\d-\d\d \d\d:\d\d$/);
  await expect(page.locator('[data-connection]')).toHaveText('Paused');
  const before = await ask(page, 'snapshot', {});
  expect(before.paused).toBe(true);
  const pausedAt = uptimeSeconds();
  await expect.poll(() => uptimeSeconds() - pausedAt, { message: 'time in which three batches would come' }).toBeGreaterThan(3);
  expect((await ask(page, 'snapshot', {})).seq).toBe(before.seq);
  await item.clickMenu('Resume monitoring');
  const after = await until('a batch after the pause', async () => (await batches()).find(({ seq }) => seq > before.seq));
  expect(after).toMatchObject({ seq: before.seq + 1, gap: 'pause' });
  expect(after.readings.cpu?.values.usage ?? null).toBeNull();
  await expect.poll(() => labels(item)).toContain('Pause monitoring');
});

test('Quit ends every process, with the window open', async ({ desktop, start }) => {
  const app = await start();
  await app.page();
  const pids = app.processes().map(({ pid }) => pid);
  expect(pids.length).toBeGreaterThan(2);
  expect(await app.quit()).toBe(0);
  await expect.poll(() => app.processes()).toEqual([]);
  await expect.poll(() => desktop.trayItems()).toHaveLength(0);
  expect(app.log().at(-1)?.message).toBe('stopped');
});

test('switches sharing on, shows where to watch, and off again', async ({ data, start }) => {
  fs.mkdirSync(data, { recursive: true });
  fs.writeFileSync(path.join(data, 'settings.json'), JSON.stringify({ version: 2, lan: { addresses: ['127.0.0.1'], port: 18_551 } }));
  const app = await start({ hidden: true });
  const item = await app.item();
  await item.clickMenu('Turn on sharing…');
  const page = await app.page();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sharing');
  await expect.poll(() => ask(page, 'lanState', {})).toMatchObject({ state: 'listening', urls: ['https://127.0.0.1:18551/'] });
  await expect.poll(() => labels(item), { timeout: 20_000 }).toContain('Turn off sharing');
  await item.clickMenu('Turn off sharing');
  await expect.poll(() => ask(page, 'lanState', {})).toEqual({ state: 'off' });
});
