/** Parses the form fields for the limits of the history. Pure. */
import type { Settings } from '../../../shared/settings/settings-schema';

/** Valid limits: age in days, size in units of 10^6 bytes (null for no limit). */
export type RetentionLimits = Pick<Settings, 'keepDays' | 'maxHistoryMb'>;

/** The limits, null where a field has an error, and the error of each field. */
export interface ParsedLimits {
  readonly limits: RetentionLimits | null;
  readonly keepDays: string | null;
  readonly maxHistoryMb: string | null;
}

/** Parses a whole number from `least` to `most`; null for anything else. */
function wholeNumber(text: string, least: number, most: number): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isInteger(value) && value >= least && value <= most ? value : null;
}

/** Parses both fields; an empty size is no limit. The bounds are those of the settings schema, which checks again. */
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
