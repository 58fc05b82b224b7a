/** Whether stored window bounds can be used with the present displays. Pure. */

/** A rectangle in logical pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the title bar that must be on a display, logical pixels. */
const REACHABLE = { width: 120, height: 40 } as const;

/**
 * The stored bounds where enough of the window's title bar is on a display, otherwise only their size; nothing when no
 * bounds are stored.
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
