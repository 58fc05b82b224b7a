/** Hysteresis for the tray icon: small changes of a value around a boundary do not change the icon. Pure. */
import { worse } from '../../shared/metrics/severity';
import type { Severity } from '../../shared/metrics/severity';
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

/** The severity that is shown, and since when a lower one has been reported, epoch ms. */
export interface HeldSeverity {
  readonly shown: Severity;
  readonly betterSince: number | null;
}

/** How long a lower severity must last before the icon shows it, ms. */
export const HOLD = 5000;

/** Shows a higher severity at once and a lower one after HOLD. */
export function debounceSeverity(held: HeldSeverity | null, reported: Severity, now: number): HeldSeverity {
  const isWorse = held !== null && worse(held.shown, reported) !== held.shown;
  if (held === null || isWorse) return { shown: reported, betterSince: null };
  if (reported === held.shown) return { shown: reported, betterSince: null };
  const since = held.betterSince === null || held.betterSince > now ? now : held.betterSince;
  return now - since >= HOLD ? { shown: reported, betterSince: null } : { shown: held.shown, betterSince: since };
}
