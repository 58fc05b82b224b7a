/** Limits of the history as they are typed. */
import type { CallInput } from '../../shared/api/contract';

/** Limits that keep the rules. */
export type Limits = CallInput<'estimateHistory'>;

/** What typed limits come to: the limits, or what is wrong with each field. */
export interface ParsedLimits {
  readonly limits: Limits | null;
  readonly keepDays: string | null;
  readonly maxMegabytes: string | null;
}

/** A whole number between two others; null for anything else. */
function wholeNumber(text: string, least: number, most: number): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isInteger(value) && value >= least && value <= most ? value : null;
}

/** Understands two fields; an empty size is no limit. The bounds are those of the settings, which check again. */
export function parseLimits(keepDays: string, maxMegabytes: string): ParsedLimits {
  const days = wholeNumber(keepDays, 1, 3650);
  const isUnlimited = maxMegabytes.trim() === '';
  const size = isUnlimited ? null : wholeNumber(maxMegabytes, 16, 1_000_000);
  const isSizeGood = isUnlimited || size !== null;
  return {
    limits: days !== null && isSizeGood ? { keepDays: days, maxMegabytes: size } : null,
    keepDays: days === null ? 'Give a whole number from 1 to 3650.' : null,
    maxMegabytes: isSizeGood ? null : 'Give a whole number of megabytes, 16 or more, or nothing.',
  };
}
