import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { SampleBatch } from '../../src/shared/metrics/reading';
import { formatValue } from '../../src/shared/units';
import { expect, test, until } from '../support/e2e';
import type { PageWorld } from '../support/e2e/bridge';
import { askDf, coreCount, cpuShare, cpuTicks, loadAverages, meminfo, memoryUsed, stress, stressCores, uptimeSeconds } from '../support/e2e/machine';
import type { CpuTicks } from '../support/e2e/machine';
import { appDir } from '../support/e2e/traywatch';
import { cardOf, factOf, goTo, parseDuration, parseShown, valueText } from '../support/e2e/shown';

/** One second as the window showed it. */
interface ShownSecond {
  time: number;
  text: string;
}

/** From now on notes, for each batch with processor time, what its card shows once it is painted. */
async function noteCpuTexts(page: Page): Promise<() => Promise<ShownSecond[]>> {
  await page.evaluate(() => {
    const world = globalThis as unknown as PageWorld & { seconds: ShownSecond[]; leave?: () => void };
    world.leave?.();
    world.seconds = [];
    world.leave = world.traywatch.subscribe((name, payload) => {
      const { time, readings } = payload as SampleBatch;
      if (name !== 'batch' || readings.cpu === undefined) return;
      const note = () => world.seconds.push({ time, text: document.querySelector('.card[data-family="cpu"] .value')?.textContent ?? '' });
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(note)));
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { seconds: ShownSecond[] }).seconds);
}

/** Ticks at a time, between the two readings nearest to it. */
function ticksAt(readings: readonly { at: number; ticks: CpuTicks }[], time: number): CpuTicks {
  const after = readings.findIndex(({ at }) => at >= time);
  const [left, right] = [readings[after - 1], readings[after]];
  if (left === undefined || right === undefined) throw new Error('no reading of /proc/stat around this time');
  const share = (time - left.at) / (right.at - left.at);
  const between = (a: number, b: number) => a + (b - a) * share;
  return { busy: between(left.ticks.busy, right.ticks.busy), total: between(left.ticks.total, right.ticks.total) };
}

/** Reads /proc/stat for some seconds and compares each second with what the window showed for it, in points. */
async function cpuDifferences(page: Page, count: number): Promise<{ shown: number; real: number }[]> {
  const seconds = await noteCpuTexts(page);
  const readings: { at: number; ticks: CpuTicks }[] = [];
  const shown = await until(`${count} seconds shown`, async () => {
    readings.push({ at: Date.now(), ticks: cpuTicks() });
    const noted = await seconds();
    const last = noted.at(-1)?.time ?? Infinity;
    return noted.length >= count && (readings.at(-1)?.at ?? 0) > last ? noted : undefined;
  });
  const known = shown.filter(({ time }) => time > (readings[0]?.at ?? 0));
  return known.slice(1).map(({ time, text }, index) => {
    const from = ticksAt(readings, known[index]?.time ?? 0);
    return { shown: parseShown(text.replace('%', ' %')), real: cpuShare(from, ticksAt(readings, time)) };
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function expectTrueCpu(page: Page): Promise<number> {
  const pairs = await cpuDifferences(page, 7);
  expect(pairs.length).toBeGreaterThanOrEqual(5);
  const [shown, real] = [mean(pairs.map((pair) => pair.shown)), mean(pairs.map((pair) => pair.real))];
  expect(Math.abs(shown - real), JSON.stringify(pairs)).toBeLessThan(2);
  // A tick of the kernel is 10 ms, and neither side reads at the exact moment.
  expect(Math.max(...pairs.map((pair) => Math.abs(pair.shown - pair.real))), JSON.stringify(pairs)).toBeLessThan(8);
  return shown;
}

const valueOf = async (page: Page, family: string): Promise<number> => parseShown(await valueText(cardOf(page, family).locator('.value').first()));
const factValue = async (page: Page, family: string, label: string): Promise<number> => parseShown(await valueText(factOf(page, family, label)));

test('the window tells the processor time of the same seconds as /proc/stat, idle and under load', async ({ start }) => {
  const page = await (await start()).page();
  await expect(cardOf(page, 'cpu').locator('.value').first()).toHaveText(/\d/);
  await expectTrueCpu(page);
  const load = stressCores();
  await expect.poll(() => valueOf(page, 'cpu')).toBeGreaterThan(95);
  expect(await expectTrueCpu(page)).toBeGreaterThan(95);
  // A moment of load is no alert yet: the rule wants it to last.
  await expect(cardOf(page, 'cpu').locator('.badge')).toHaveText('Healthy');
  await load.stop();
});

test('the window tells the memory in use as /proc/meminfo does, before and after some is taken', async ({ start }) => {
  const page = await (await start()).page();
  const total = meminfo('MemTotal');
  const agrees = async () => {
    await expect.poll(async () => Math.abs((await factValue(page, 'memory', 'Used')) - memoryUsed()) / total).toBeLessThan(0.005);
    await expect.poll(async () => Math.abs((await factValue(page, 'memory', 'Available')) - meminfo('MemAvailable')) / total).toBeLessThan(0.005);
    await expect.poll(async () => Math.abs((await valueOf(page, 'memory')) - (100 * memoryUsed()) / total)).toBeLessThan(0.5);
  };
  await agrees();
  const taken = 512 * 2 ** 20;
  const before = await factValue(page, 'memory', 'Used');
  const load = stress('--vm', '1', '--vm-bytes', String(taken), '--vm-keep', '--vm-method', 'zero-one');
  await expect.poll(async () => (await factValue(page, 'memory', 'Used')) - before).toBeGreaterThan(taken * 0.6);
  await agrees();
  await load.stop();
});

test('the disk page tells each mount as df does', async ({ start }) => {
  const page = await (await start()).page();
  await goTo(page, '/disk');
  const table = page.getByRole('region', { name: 'Mounts' });
  const rows = table.locator('tbody tr');
  await expect(rows.first()).toBeVisible();
  const columns = await table.locator('thead th').allTextContents();
  const column = (name: string) => columns.findIndex((text) => text.replace(/[▾▴]/g, '') === name) - 1;
  for (const row of await rows.all()) {
    const mount = await row.locator('.device-label').innerText();
    const cell = async (name: string) => parseShown(await valueText(row.locator('td').nth(column(name))));
    const df = await askDf(mount);
    // Space is read every 30 s; meanwhile others write, and three digits are shown.
    expect(Math.abs((await cell('Total')) / df.size - 1), mount).toBeLessThan(0.006);
    expect(Math.abs((await cell('Used')) - df.used) / df.size, mount).toBeLessThan(0.01);
    expect(Math.abs((await cell('Available')) - df.available) / df.size, mount).toBeLessThan(0.01);
    expect(Math.abs((await cell('Usage')) - (100 * df.used) / (df.used + df.available)), mount).toBeLessThan(1);
  }
  expect(await rows.locator('.device-label').allTextContents()).toContain('/');
});

test('load, cores and uptime are those of /proc', async ({ start }) => {
  const page = await (await start()).page();
  await goTo(page, '/cpu');
  const panel = page.locator('.table-panel', { has: page.getByRole('button', { name: 'Core', exact: true }) });
  await expect(panel.locator('tbody tr')).toHaveCount(coreCount());
  const load = (name: string) => page.locator('tr', { has: page.getByText(name, { exact: true }) }).locator('.value').first();
  for (const [index, name] of ['Load 1 min', 'Load 5 min', 'Load 15 min'].entries()) {
    await expect.poll(async () => Math.abs(Number(await valueText(load(name))) - Number(loadAverages()[index]))).toBeLessThan(0.011);
  }
  await goTo(page, '/uptime');
  const headline = page.locator('.detail-head .value').first();
  await expect
    .poll(async () => {
      const { seconds, step } = parseDuration(await valueText(headline));
      const behind = uptimeSeconds() - seconds;
      return behind > -1 && behind < step + 1.5;
    })
    .toBe(true);
});

test('the System page shows the facts of this machine', async ({ desktop, start, data }) => {
  const app = await start();
  const page = await app.page();
  await goTo(page, '/host');
  const fact = (group: string, name: string) =>
    page.locator('.section', { has: page.getByRole('heading', { name: group, exact: true }) }).locator('dl > div', { has: page.getByText(name, { exact: true }) }).locator('dd');
  await expect(fact('Machine', 'Hostname')).toHaveText(os.hostname());
  await expect(fact('Machine', 'Kernel')).toContainText(os.release());
  await expect(fact('Machine', 'Cores')).toHaveText(String(coreCount()));
  await expect(fact('Machine', 'Memory')).toHaveText(formatValue(meminfo('MemTotal'), 'bytes'));
  const osName = /^PRETTY_NAME="?([^"\n]+)/m.exec(fs.readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  await expect(fact('Machine', 'Operating system')).toContainText(osName);
  const cpuModel = /^model name\s*: (.+)$/m.exec(fs.readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
  if (cpuModel !== undefined) await expect(fact('Machine', 'Processor')).toContainText(cpuModel.trim());
  const { seconds, step } = parseDuration(await fact('Machine', 'Uptime').innerText());
  expect(uptimeSeconds() - seconds).toBeGreaterThan(-2);
  expect(uptimeSeconds() - seconds).toBeLessThan(step + 5);
  const version = (JSON.parse(fs.readFileSync(path.join(appDir, 'package.json'), 'utf8')) as { version: string }).version;
  await expect(fact('Traywatch', 'Version')).toHaveText(version);
  await expect(fact('Traywatch', 'Database')).toHaveText(`${data}/history.sqlite`);
  await expect(fact('Traywatch', 'Runtime')).toContainText(await app.electron.evaluate(() => process.versions.electron ?? '?'));
  // The button works: what it copied is what the page says.
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
  expect(await app.electron.evaluate(({ clipboard }) => clipboard.readText())).toContain(`Hostname: ${os.hostname()}`);
  expect(desktop.notifications()).toEqual([]);
});
