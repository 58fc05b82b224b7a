/** Theme of the page, and its colors for drawing on a canvas. */
import { useSyncExternalStore } from 'react';

/** A theme as in the settings. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** Number of colors for lines of charts. */
const CHART_COLORS = 12;

/** Colors and font of a chart as resolved CSS values. */
export interface ChartStyle {
  readonly font: string;
  readonly lines: readonly string[];
  readonly text: string;
  readonly muted: string;
  readonly rule: string;
  readonly ground: string;
  readonly warning: string;
  readonly critical: string;
}

/** Sets the theme of the page; `system` follows the operating system. */
export function setTheme(root: HTMLElement, choice: ThemeChoice): void {
  if (choice === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = choice;
}

/** Reads the active tokens. A probe element resolves them, since the value of a custom property is its unresolved text. */
export function readChartStyle(root: HTMLElement): ChartStyle {
  const probe = root.ownerDocument.createElement('span');
  root.append(probe);
  const read = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const lines = Array.from({ length: CHART_COLORS }, (_, at) => read(`chart-${at + 1}`));
  const style = {
    font: getComputedStyle(root.ownerDocument.body).fontFamily,
    lines,
    text: read('text'),
    muted: read('muted'),
    rule: read('rule'),
    ground: read('panel'),
    warning: read('warning'),
    critical: read('critical'),
  };
  probe.remove();
  return style;
}

function subscribeTheme(onChange: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  query.addEventListener('change', onChange);
  return () => {
    observer.disconnect();
    query.removeEventListener('change', onChange);
  };
}

function effectiveTheme(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** The active theme; renders again when it changes. */
export function useTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribeTheme, effectiveTheme);
}
