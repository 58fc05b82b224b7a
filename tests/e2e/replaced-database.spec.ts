/** A database replaced while running: the history goes on with everything, and says what happened. */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, until } from '../support/e2e';
import { ask } from '../support/e2e/bridge';

const banner = (page: Page) => page.locator('.banner', { hasText: 'while in use' });

/** Waits until this run has sent `count` batches; resolves to the time of the last one, epoch ms. */
async function untilBatches(page: Page, count: number): Promise<number> {
  const snapshot = await until(`${count} batches`, async () => {
    const now = await ask(page, 'snapshot', {});
    return now.seq >= count ? now : undefined;
  });
  return snapshot.time;
}

/** Seconds of [from, to) without a sample. */
async function missing(page: Page, from: number, to: number): Promise<number[]> {
  const { series } = await ask(page, 'series', { series: ['memory.usage'], from, to, points: 10_000 });
  return series[0]?.time.filter((_, at) => series[0]?.count[at] === 0) ?? [from];
}

const deeds: readonly (readonly [string, string, (file: string) => void])[] = [
  [
    'replaced by a copy',
    'The history file was replaced while in use',
    (file) => {
      fs.copyFileSync(file, `${file}.x`);
      fs.renameSync(`${file}.x`, file);
    },
  ],
  [
    'replaced by a folder',
    'The history file was replaced while in use',
    (file) => {
      fs.rmSync(file);
      fs.mkdirSync(file);
    },
  ],
  ['removed with its log', 'The history file was removed while in use', (file) => ['', '-wal', '-shm'].forEach((suffix) => fs.rmSync(file + suffix))],
];

for (const [name, title, deed] of deeds) {
  test(`a database ${name} while running loses nothing, and the app says so once`, async ({ data, start }) => {
    const file = path.join(data, 'history.sqlite');
    const app = await start();
    const page = await app.page();
    // The first commit comes after ten seconds.
    await untilBatches(page, 13);
    const began = (await ask(page, 'host', {})).startTime;
    deed(file);
    await expect(banner(page)).toContainText(title, { timeout: 30_000 });
    await expect(page.locator('.banner')).toHaveCount(1);
    const last = await untilBatches(page, (await ask(page, 'snapshot', {})).seq + 12);
    await expect(page.locator('.banner')).toHaveCount(1);
    const { events } = await ask(page, 'events', { types: ['history_replaced'], limit: 10 });
    expect(events.map(({ message }) => message)).toEqual([expect.stringContaining(title)]);
    expect(app.log().filter(({ message }) => message.includes('while in use'))).toHaveLength(1);
    expect(await app.quit()).toBe(0);

    const again = await (await start()).page();
    await expect(again.locator('.banner')).toHaveCount(0);
    expect(await missing(again, began + 3000, last)).toEqual([]);
    const aside = fs.readdirSync(data).filter((entry) => entry.startsWith('history.replaced-'));
    expect(aside).toHaveLength(name.startsWith('replaced') ? 1 : 0);
    expect(fs.readdirSync(data).filter((entry) => entry.includes('.saved'))).toEqual([]);
  });
}
