/** Reads what stands in the window as numbers, the way a person would. */
import type { Locator, Page } from '@playwright/test';

const factors: Readonly<Record<string, number>> = { '': 1, '%': 1, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, k: 1e3, M: 1e6, G: 1e9 };

/** A size or share as shown ("41.5 %", "3.20 GiB") in its base unit. Throws on anything else, a dash included. */
export function parseShown(text: string): number {
  const [, digits, unit = ''] = /^(-?\d+(?:\.\d+)?)\s*(\S*)$/u.exec(text.trim().replaceAll(/(?<=\d)\u202f(?=\d)/g, '')) ?? [];
  const factor = factors[unit];
  if (digits === undefined || factor === undefined) throw new Error(`not a number with a unit: "${text}"`);
  return Number(digits) * factor;
}

/** A duration as shown ("3 d 04 h", "12 min 05 s") in seconds, and the smallest step it can tell. */
export function parseDuration(text: string): { seconds: number; step: number } {
  const steps: Readonly<Record<string, number>> = { d: 86_400, h: 3600, min: 60, s: 1 };
  const parts = [...text.matchAll(/(\d+)\s(d|h|min|s)\b/g)].map(([, count, unit = '']) => ({ count: Number(count), step: steps[unit] ?? Number.NaN }));
  if (parts.length === 0) throw new Error(`not a duration: "${text}"`);
  return { seconds: parts.reduce((sum, { count, step }) => sum + count * step, 0), step: Math.min(...parts.map(({ step }) => step)) };
}

/** Number and unit of one shown value, joined by a space. */
export async function valueText(value: Locator): Promise<string> {
  const parts = await value.locator('.value-number, .value-unit').allTextContents();
  return parts.join(' ').trim();
}

/** A family's card on the Overview. */
export function cardOf(page: Page, family: string): Locator {
  return page.locator(`.card[data-family="${family}"]`);
}

/** A named line of small print on a card. */
export function factOf(page: Page, family: string, label: string): Locator {
  return cardOf(page, family).locator('.fact', { has: page.getByText(label, { exact: true }) });
}

/** Goes to a page of the window by its address, such as `/cpu`, and waits until its title stands. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, address);
  await page.locator('main h1').waitFor();
}
