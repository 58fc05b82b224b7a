/**
 * Where a chart's plot lies in its box. The margins are fixed, so that a time has the same place in every
 * chart of a page, and the crosshair needs nothing from the chart library.
 */
import type { TimeWindow } from '../lib/range';

/** Margins of the plot in its box, px. */
export const MARGIN = { left: 62, right: 28, top: 8, bottom: 22 } as const;

/** Shorter drags than this are clicks, px. */
export const MIN_DRAG = 6;

/** The time at `x` px from the left of a box `width` px wide, held inside the window. */
export function timeAtX(x: number, width: number, window: TimeWindow): number {
  const share = (x - MARGIN.left) / Math.max(1, width - MARGIN.left - MARGIN.right);
  return window.from + Math.min(1, Math.max(0, share)) * (window.to - window.from);
}

/** Share of the plot's width a time stands at, held within 0–1. */
export function shareOf(time: number, window: TimeWindow): number {
  return Math.min(1, Math.max(0, (time - window.from) / Math.max(1, window.to - window.from)));
}

/** A CSS length for a share of the plot's width, from the left of the box. */
export function leftAt(share: number): string {
  return `calc(${MARGIN.left}px + (100% - ${MARGIN.left + MARGIN.right}px) * ${share.toFixed(5)})`;
}

/** A CSS length for a share of the plot's width. */
export function widthOf(share: number): string {
  return `calc((100% - ${MARGIN.left + MARGIN.right}px) * ${share.toFixed(5)})`;
}
