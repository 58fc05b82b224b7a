/** Width of the page in steps, for what style sheets cannot do: leave out columns. */
import { useSyncExternalStore } from 'react';

/** Minimum widths of the steps, px; the first is the breakpoint of the narrow layout. */
const STEPS = [720, 900, 1040] as const;

/** Number of steps that the page is wide enough for: 0 on a phone, 3 on wide pages. */
export type WidthStep = 0 | 1 | 2 | 3;

const queryOf = (px: number): string => `(min-width: ${px}px)`;

function subscribe(onChange: () => void): () => void {
  const queries = STEPS.map((px) => matchMedia(queryOf(px)));
  queries.forEach((query) => query.addEventListener('change', onChange));
  return () => queries.forEach((query) => query.removeEventListener('change', onChange));
}

function current(): WidthStep {
  return STEPS.filter((px) => matchMedia(queryOf(px)).matches).length as WidthStep;
}

/** The current step; renders again only when it changes. */
export function useWidthStep(): WidthStep {
  return useSyncExternalStore(subscribe, current);
}
