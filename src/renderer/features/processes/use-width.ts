import { useSyncExternalStore } from 'react';

/** Widths of the page, px, at which something changes; the narrowest is that of the bar at the bottom. */
const STEPS = [720, 900, 1040] as const;

/** How many of the steps the page is wide enough for: 0 on a phone, 3 where there is room for everything. */
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

/** The present step; renders again only when it changes. For what a style sheet cannot do: leave columns out. */
export function useWidthStep(): WidthStep {
  return useSyncExternalStore(subscribe, current);
}
