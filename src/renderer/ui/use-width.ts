/** Width of the page in steps, for what style sheets cannot do: leave out columns. */
import { useCallback, useSyncExternalStore } from 'react';

const queryOf = (px: number): string => `(min-width: ${px}px)`;

/** How many of the steps (minimum widths, px, the same array each time) the page is wide enough for; renders again only when that changes. */
export function useWidthStep(steps: readonly number[]): number {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const queries = steps.map((px) => matchMedia(queryOf(px)));
      queries.forEach((query) => query.addEventListener('change', onChange));
      return () => queries.forEach((query) => query.removeEventListener('change', onChange));
    },
    [steps],
  );
  // Without a window, as in tests, everything has room.
  return useSyncExternalStore(subscribe, () => steps.filter((px) => matchMedia(queryOf(px)).matches).length, () => steps.length);
}
