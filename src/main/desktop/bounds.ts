/** Where a window may be put again. Pure. */

/** A rectangle in logical pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** So much of the title bar must be reachable, in logical pixels. */
const REACHABLE = { width: 120, height: 40 } as const;

/**
 * The remembered bounds where enough of the window's top would be on some display; only the size where the
 * display is gone since; nothing when nothing is remembered.
 */
export function fitBounds(saved: Bounds | null, workAreas: readonly Bounds[]): Partial<Bounds> {
  if (saved === null) return {};
  const { x, y, width, height } = saved;
  const isReachable = workAreas.some(
    (area) =>
      Math.min(x + width, area.x + area.width) - Math.max(x, area.x) >= REACHABLE.width &&
      y >= area.y - 1 &&
      y + REACHABLE.height <= area.y + area.height,
  );
  return isReachable ? { x, y, width, height } : { width, height };
}
