/** Theme of the page: who sets it, and its colours for what is drawn on a canvas. */
import { useSyncExternalStore } from 'react';

/** A theme as the settings name it. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** Number of colours charts take their lines from. */
const CHART_COLORS = 12;

/** Colours and font of a chart, as a canvas understands them. */
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

/** Sets the theme on the page; `system` leaves it to the desktop. */
export function setTheme(root: HTMLElement, choice: ThemeChoice): void {
  if (choice === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = choice;
}

/** Reads the tokens in force. A probe resolves them, since a custom property keeps its text. */
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
  const set = document.documentElement.dataset['theme'];
  if (set === 'light' || set === 'dark') return set;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** The theme now in force; renders again when it changes. */
export function useTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribeTheme, effectiveTheme);
}
