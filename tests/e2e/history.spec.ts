import type { Page } from '@playwright/test';
import { expect, test, until } from '../support/e2e';
import type { Traywatch } from '../support/e2e';
import { ask } from '../support/e2e/bridge';
import { columnsDrawn } from '../support/e2e/chart';
import { goTo } from '../support/e2e/shown';

/** Points of one series from `from` to `to` (epoch ms); `count` is 0 in a gap. */
async function samples(page: Page, series: string, from: number, to: number): Promise<{ time: number; avg: number | null; count: number }[]> {
  const response = await ask(page, 'series', { series: [series], from, to, points: 10_000 });
  const points = response.series[0];
  if (points === undefined) throw new Error(`no points of ${series}`);
  return points.time.map((time, index) => ({ time, avg: points.avg[index] ?? null, count: points.count[index] ?? 0 }));
}

const real = (points: Awaited<ReturnType<typeof samples>>) => points.filter(({ count }) => count > 0);

/** Waits until this run has sent `count` batches; resolves with the time of the last one, epoch ms. */
async function untilBatches(page: Page, count: number): Promise<number> {
  const snapshot = await until(`${count} batches`, async () => {
    const now = await ask(page, 'snapshot', {});
    return now.seq >= count ? now : undefined;
  });
  return snapshot.time;
}

/** Opens a chart of a range so short that a second is many pixels wide, and expects lines at `old` and `fresh`, and none in `gap`. */
async function expectDrawnWithGap(page: Page, window: { from: number; to: number }, old: number, gap: { from: number; to: number }, fresh: number): Promise<void> {
  await goTo(page, `/memory?range=5m&from=${window.from}&to=${window.to}`);
  await expect.poll(() => columnsDrawn(page, window, old)).toBe(true);
  await expect.poll(() => columnsDrawn(page, window, fresh)).toBe(true);
  expect(await columnsDrawn(page, window, (gap.from + gap.to) / 2)).toBe(false);
}

async function startAgain(start: () => Promise<Traywatch>): Promise<{ page: Page; startTime: number; fresh: number }> {
  const page = await (await start()).page();
  const fresh = await untilBatches(page, 4);
  return { page, startTime: (await ask(page, 'host', {})).startTime, fresh };
}

test('Quit loses no samples, and the chart of the next start shows them with a gap', async ({ start }, info) => {
  const began = Date.now();
  const first = await start();
  const page = await first.page();
  const lastSeen = await untilBatches(page, 6);
  const before = await samples(page, 'memory.usage', began, lastSeen + 1);
  expect(real(before).length).toBeGreaterThanOrEqual(6);
  expect(await first.quit()).toBe(0);
  const ended = Date.now();

  const { page: again, startTime, fresh } = await startAgain(start);
  expect(await samples(again, 'memory.usage', began, lastSeen + 1)).toEqual(before);
  const after = await samples(again, 'memory.usage', began, fresh + 1);
  const old = real(after).filter(({ time }) => time < startTime);
  // The last batches before the end are stored, too: one per second, up to one second before it.
  expect(ended - (old.at(-1)?.time ?? 0)).toBeLessThan(2500);
  const gap = after.find(({ time, count }) => count === 0 && time > (old.at(-1)?.time ?? 0));
  expect(gap).toMatchObject({ avg: null, count: 0 });
  const firstNew = real(after).find(({ time }) => time >= startTime)?.time ?? 0;
  expect(gap?.time).toBeLessThan(firstNew);
  const window = { from: Math.min(began - 1000, fresh - 30_000), to: fresh };
  await expectDrawnWithGap(again, window, real(before)[2]?.time ?? 0, { from: old.at(-1)?.time ?? 0, to: firstNew }, (firstNew + fresh) / 2);
  await again.screenshot({ path: info.outputPath('history.png') });
});

test('kill -9 of all processes loses at most ten seconds', async ({ start }) => {
  const began = Date.now();
  const first = await start();
  const page = await first.page();
  await untilBatches(page, 14);
  const before = await samples(page, 'memory.usage', began, Date.now());
  const killed = Date.now();
  await first.killAll();

  const { page: again, startTime } = await startAgain(start);
  const old = real(await samples(again, 'memory.usage', began, startTime));
  const last = old.at(-1)?.time ?? 0;
  expect(old).toEqual(real(before).slice(0, old.length));
  expect(old.length).toBeGreaterThan(0);
  // Ten seconds between two commits, and one until the next tick.
  expect(killed - last).toBeLessThan(11_500);
  await expect(again.locator('.banner')).toHaveCount(0);
  expect((await samples(again, 'memory.usage', began, Date.now())).some(({ time, count }) => count === 0 && time > last)).toBe(true);
});
