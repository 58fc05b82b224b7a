/** What a page looks like, for a person to judge, and what axe finds wrong with it. */
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from '../desktop';
import { ask } from './bridge';
import { resizeWindow, sidewaysScroll } from './layout';
import { appDir } from './traywatch';
import type { Traywatch } from './traywatch';

/** Where pictures go. */
export const pictures = path.join(appDir, 'test-results', 'pictures');

/** Takes pictures of the page in both themes, wide, as a phone has it, and at further widths, px; nothing may stand out to the side. */
export async function takePictures(app: Traywatch, page: Page, name: string, heights: { wide: number; phone: number }, more: readonly number[] = []): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await ask(page, 'updateSettings', { theme });
    const sizes = [['wide', 1120, heights.wide], ['phone', 360, heights.phone], ...more.map((width) => [String(width), width, heights.wide] as const)] as const;
    for (const [size, width, height] of sizes) {
      await resizeWindow(app, page, width, height);
      expect(await sidewaysScroll(page)).toEqual({ by: 0, widest: '' });
      await page.screenshot({ path: path.join(pictures, `${theme}-${size}-${name}.png`) });
    }
  }
  await resizeWindow(app, page, 1120, 760);
}

/** Serious and critical faults, each with the first element that has it. */
export async function seriousFaults(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, nodes[0]?.html]);
}
