/**
 * Position of the plot inside its element. The margins are fixed, so that a time has the same position in every chart of
 * a page, and the crosshair does not depend on the chart library.
 */
import type { TimeWindow } from '../lib/range';

/** Margins of the plot in its element, px. */
export const PLOT_MARGIN = { left: 62, right: 28, top: 8, bottom: 22 } as const;

/** Drags shorter than this count as clicks, px. */
export const MIN_DRAG = 6;

/** The time at `x` px from the left of an element `width` px wide, clamped to the window. */
export function timeAtX(x: number, width: number, window: TimeWindow): number {
  const share = (x - PLOT_MARGIN.left) / Math.max(1, width - PLOT_MARGIN.left - PLOT_MARGIN.right);
  return window.from + Math.min(1, Math.max(0, share)) * (window.to - window.from);
}

/** Position of a time as a share of the plot's width, clamped to 0–1. */
export function shareOf(time: number, window: TimeWindow): number {
  return Math.min(1, Math.max(0, (time - window.from) / Math.max(1, window.to - window.from)));
}

/** CSS `left` of a position in the plot, from the left edge of the element. */
export function leftAt(share: number): string {
  return `calc(${PLOT_MARGIN.left}px + (100% - ${PLOT_MARGIN.left + PLOT_MARGIN.right}px) * ${share.toFixed(5)})`;
}

/** CSS width of a share of the plot's width. */
export function widthOf(share: number): string {
  return `calc((100% - ${PLOT_MARGIN.left + PLOT_MARGIN.right}px) * ${share.toFixed(5)})`;
}
