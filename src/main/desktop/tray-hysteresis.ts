/** Keeps the tray icon calm: small moves of a value around a boundary do not change what is drawn. */
import { worse } from '../../shared/metrics/severity';
import type { Severity } from '../../shared/metrics/severity';
import { LEVELS } from './icon/draw';

/** How far past the middle between two steps a value must go before the step changes, in steps. */
const MARGIN = 0.2;

/**
 * Step 0–LEVELS of a share, 0–100. The previous step stays until the value is clearly nearer to another one.
 * Null when the share is missing.
 */
export function toLevel(percent: number | null, previous: number | null): number | null {
  if (percent === null || !Number.isFinite(percent)) return null;
  const exact = (Math.min(100, Math.max(0, percent)) / 100) * LEVELS;
  if (previous !== null && Math.abs(exact - previous) < 0.5 + MARGIN) return previous;
  return Math.round(exact);
}

/** A severity as shown, and since when something better has been reported; times are epoch milliseconds. */
export interface HeldSeverity {
  readonly shown: Severity;
  readonly betterSince: number | null;
}

/** Milliseconds a better severity must last before the icon shows it. */
export const HOLD = 5000;

/** Shows a worse severity at once and a better one after it has lasted. */
export function debounceSeverity(held: HeldSeverity | null, reported: Severity, now: number): HeldSeverity {
  const isWorse = held !== null && worse(held.shown, reported) !== held.shown;
  if (held === null || isWorse) return { shown: reported, betterSince: null };
  if (reported === held.shown) return { shown: reported, betterSince: null };
  const since = held.betterSince === null || held.betterSince > now ? now : held.betterSince;
  return now - since >= HOLD ? { shown: reported, betterSince: null } : { shown: held.shown, betterSince: since };
}
