/** Limits of the history as they are typed. */
import type { Settings } from '../../../shared/settings/settings-schema';

/** Limits that keep the rules. */
export type Limits = Pick<Settings, 'keepDays' | 'maxHistoryMb'>;

/** What typed limits come to: the limits, or what is wrong with each field. */
export interface ParsedLimits {
  readonly limits: Limits | null;
  readonly keepDays: string | null;
  readonly maxHistoryMb: string | null;
}

/** A whole number between two others; null for anything else. */
function wholeNumber(text: string, least: number, most: number): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isInteger(value) && value >= least && value <= most ? value : null;
}

/** Understands two fields; an empty size is no limit. The bounds are those of the settings, which check again. */
export function parseLimits(keepDays: string, maxHistoryMb: string): ParsedLimits {
  const days = wholeNumber(keepDays, 1, 3650);
  const isUnlimited = maxHistoryMb.trim() === '';
  const size = isUnlimited ? null : wholeNumber(maxHistoryMb, 20, 1_000_000);
  const isSizeGood = isUnlimited || size !== null;
  return {
    limits: days !== null && isSizeGood ? { keepDays: days, maxHistoryMb: size } : null,
    keepDays: days === null ? 'Enter a whole number from 1 to 3650.' : null,
    maxHistoryMb: isSizeGood ? null : 'Enter a whole number of MB from 20 to 1000000, or nothing.',
  };
}
