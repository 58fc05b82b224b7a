/** How a page lies in the window, and what the keyboard reaches. */
import type { Page } from '@playwright/test';
import { FAMILY_IDS } from '../../../src/shared/metrics/index';
import type { Traywatch } from './traywatch';

/** The address of every page of the window. */
export const ADDRESSES: readonly string[] = ['/', ...FAMILY_IDS.map((id) => `/${id}`), '/service?edit=%2B', '/machines', '/machines?edit=%2B', '/processes', '/alerts', '/alerts?rule=cpu-usage', '/timeline', '/stats', '/host', '/settings', '/sharing'];

/** Gives the window's content a size, px, as dragging its corner does. */
export async function resizeWindow({ electron }: Traywatch, page: Page, width: number, height: number): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height), { width, height });
  await page.waitForFunction((wanted) => innerWidth === wanted, width);
}

/** Elements that stand out of the page to the right, and by how many px the page scrolls sideways. */
export function sidewaysScroll(page: Page): Promise<{ by: number; widest: string }> {
  return page.evaluate(() => {
    const boxes = [document.documentElement, document.body, ...document.querySelectorAll('main')];
    const by = Math.max(...boxes.map((box) => box.scrollWidth - box.clientWidth));
    const widest = [...document.querySelectorAll('main *')].toSorted((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0];
    return { by, widest: by > 0 ? (widest?.outerHTML.slice(0, 120) ?? '') : '' };
  });
}

/** Families whose card hides a part of its content, or whose head has texts over each other. */
export function cutCards(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isCut = (card: HTMLElement): boolean => {
      const { right } = card.getBoundingClientRect();
      const texts = [...card.querySelectorAll('header > *')].map((one) => one.getBoundingClientRect());
      const overlap = texts.some((one, at) => at > 0 && one.left < (texts[at - 1]?.right ?? 0));
      return overlap || [...card.querySelectorAll('*')].some((one) => one.getBoundingClientRect().right > right);
    };
    return [...document.querySelectorAll<HTMLElement>('.card')].filter(isCut).map((card) => card.dataset['family'] ?? '');
  });
}

/** States of devices that are not shown to their end, or run into the column beside them. */
export function hiddenStates(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isHidden = (state: HTMLElement): boolean => {
      const { right } = state.getBoundingClientRect();
      const column = state.closest('th')?.getBoundingClientRect().right ?? right;
      return state.scrollWidth > state.clientWidth + 1 || state.scrollHeight > state.clientHeight + 1 || right > column + 1;
    };
    return [...document.querySelectorAll<HTMLElement>('.device-state')].filter(isHidden).map((state) => state.textContent ?? '');
  });
}

/** What can be worked with on the page now, one short description each. */
export function operable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [tabindex="0"]');
    // What is hidden from assistive technology is there for the pointer alone, and has its counterpart elsewhere.
    const offered = [...all].filter((one) => one.closest('[aria-hidden="true"]') === null);
    // Of radio buttons that belong together Tab reaches the one that is chosen, and arrows the others.
    const isUnchosen = (one: HTMLElement): boolean => one instanceof HTMLInputElement && one.type === 'radio' && !one.checked;
    const usable = offered.filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches(':disabled') && !isUnchosen(one));
    return usable.map((one, index) => {
      one.dataset['tabStop'] = String(index);
      return `${index} ${one.tagName} ${one.textContent?.trim().slice(0, 30) ?? ''}`;
    });
  });
}

/** Presses Tab until the focus is back where it began. Returns the numbers `operable` gave, and those whose focus cannot be seen. */
export async function tabThrough(page: Page, limit: number): Promise<{ reached: Set<number>; unseen: string[] }> {
  const reached = new Set<number>();
  const unseen: string[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let press = 0; press < limit; press += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const focused = document.activeElement as HTMLElement | null;
      const stop = focused?.dataset['tabStop'];
      if (!focused || stop === undefined) return null;
      // The ring may be drawn around what the element stands for, a card say.
      const around = [getComputedStyle(focused, '::after')];
      for (let box: HTMLElement | null = focused; box; box = box.parentElement) around.push(getComputedStyle(box));
      const seen = around.some((style) => style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0);
      return { stop: Number(stop), seen, what: focused.outerHTML.slice(0, 100) };
    });
    if (at === null) continue;
    if (reached.has(at.stop)) break;
    reached.add(at.stop);
    if (!at.seen) unseen.push(at.what);
  }
  return { reached, unseen };
}
