/** Hysteresis for the level of the tray icon: small changes of a value around a boundary do not change the icon. Incidents have their own. Pure. */
import { LEVELS } from './icon/draw';

/** How far beyond the midpoint of two steps a value must be before the step changes, in steps. */
const MARGIN = 0.2;

/**
 * The step 0–LEVELS for a share of 0–100 %. The previous step is kept until the value is clearly nearer to another one.
 * Null when the share is missing.
 */
export function toLevel(percent: number | null, previous: number | null): number | null {
  if (percent === null || !Number.isFinite(percent)) return null;
  const exact = (Math.min(100, Math.max(0, percent)) / 100) * LEVELS;
  if (previous !== null && Math.abs(exact - previous) < 0.5 + MARGIN) return previous;
  return Math.round(exact);
}
