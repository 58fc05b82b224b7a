/** Devices in their tables: what state they are in, and renaming and ignoring them by keyboard. */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { laptop } from '../demo/laptop';
import { ask } from '../support/e2e/bridge';
import { startMachine } from '../support/e2e/demo';
import { expect, test } from '../support/e2e';
import { hiddenStates, resizeWindow } from '../support/e2e/layout';
import { seriousFaults, takePictures } from '../support/e2e/pictures';
import { goTo } from '../support/e2e/shown';
import { appDir } from '../support/e2e/traywatch';

/** Gives the machine a recorded card, whose chip is beside those that it has. */
function addCard(root: string, name: 'amd-suspended' | 'nouveau'): void {
  const machines = JSON.parse(fs.readFileSync(path.join(appDir, 'tests/fixtures/gpu/machines.json'), 'utf8')) as Record<string, Record<string, string | null>>;
  const placed = (text: string): string => text.replaceAll(/\bhwmon\d+/g, 'hwmon80');
  for (const [place, content] of Object.entries(machines[name] ?? {})) {
    const file = path.join(root, placed(place));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (content === null) fs.mkdirSync(file);
    else if (content.startsWith('→')) fs.symlinkSync(placed(content.slice(1)), file);
    else fs.writeFileSync(file, content);
  }
}

const { gpu: _graphics, ...bare } = laptop;
const WITHOUT_GRAPHICS = { ...bare, chips: bare.chips.filter(({ name }) => name !== 'amdgpu') };

/** What is said of it in short and in its row, and how many charts there are: one that sleeps will have a load again. */
const WORDS = { 'amd-suspended': ['Asleep', 'Asleep', 1], nouveau: ['Unavailable', 'Unavailable: the driver nouveau does not tell what the card does', 0] } as const;

for (const name of ['amd-suspended', 'nouveau'] as const) {
  test(`a card that is not read says why, to the end, and has no empty charts: ${name}`, async ({ start, data }) => {
    test.setTimeout(120_000);
    const machine = await startMachine(WITHOUT_GRAPHICS, data, 0);
    addCard(machine.root, name);
    const [short, long, charts] = WORDS[name];
    try {
      const app = await start({ env: { TRAYWATCH_ROOT: machine.root } });
      const page = await app.page();
      await expect(page.locator('.card[data-family="gpu"] .card-label')).toHaveText(short);
      await goTo(page, '/gpu');
      await expect(page.getByRole('region', { name: 'Cards', exact: true }).locator('.device-state')).toHaveText(long);
      await expect(page.locator('.page-head .headline')).toContainText(short);
      await expect(page.locator('.chart')).toHaveCount(charts);
      for (const width of [2560, 1440, 768, 360]) {
        await resizeWindow(app, page, width, 800);
        expect(await hiddenStates(page)).toEqual([]);
      }
      await takePictures(app, page, `gpu-${name}`, { wide: 800, phone: 800 });
      await goTo(page, '/temperature');
      const sensor = page.getByRole('row').filter({ hasText: 'junction' });
      if (name === 'amd-suspended') await expect(sensor).toContainText('Asleep');
      else await expect(sensor).toHaveCount(0);
    } finally {
      machine.stop();
    }
  });
}

/** What has the focus, as a screen reader names it. */
const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName ?? '');

test('a battery is renamed and a fan ignored and brought back by keyboard, and the focus stays there', async ({ start, data }) => {
  test.setTimeout(120_000);
  const machine = await startMachine(laptop, data, 0);
  try {
    const app = await start({ env: { TRAYWATCH_ROOT: machine.root } });
    const page = await app.page();
    const nameOf = async () => (await ask(page, 'appState', {})).settings.devices.map(({ label, name, ignored }) => [label, name, ignored]);
    await goTo(page, '/battery');
    const battery = page.getByRole('combobox', { name: 'Change Demo DEMO-57' });
    await battery.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused(page)).toBe('Name of Demo DEMO-57');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Change Demo DEMO-57');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Main battery');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Change Main battery');
    expect(await nameOf()).toEqual([['Demo DEMO-57', 'Main battery', false]]);
    const fan = page.getByRole('combobox', { name: 'Change System fan' });
    await fan.focus();
    await fan.selectOption('ignore');
    await expect.poll(() => focused(page)).toBe('Show System fan again');
    await expect(fan).toHaveCount(0);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Change System fan');
    expect((await nameOf()).map(([label, , ignored]) => [label, ignored])).toEqual([['Demo DEMO-57', false]]);
    await goTo(page, '/alerts');
    await expect(page.getByText('on battery, or more than 0.5 W discharging').first()).toBeVisible();
    // A rule that is off is quieter, and still to be read.
    await expect(page.locator('.rule[data-off="true"]')).toHaveCount(1);
    for (const theme of ['dark', 'light'] as const) {
      await ask(page, 'updateSettings', { theme });
      expect(await seriousFaults(page)).toEqual([]);
    }
  } finally {
    machine.stop();
  }
});
