/** What limits of the history will cost, in the unit in which the limit is typed. Pure. */
import type { CallOutput } from '../../../shared/api/contract';
import { formatCount } from '../../../shared/units';
import type { RetentionLimits } from './retention-form';

/** A megabyte as disks are sold, bytes: the unit of the limit, and therefore of the estimate beside it. */
export const MEGABYTE = 1_000_000;

/** What the app estimates. */
export type HistoryEstimate = NonNullable<CallOutput<'estimateHistory'>>;

/** "4.8 MB", "1 200 MB". */
export function formatMegabytes(bytes: number): string {
  const size = bytes / MEGABYTE;
  return `${size < 9.95 ? size.toFixed(1) : formatCount(size)}\u202fMB`;
}

function formatDays(count: number): string {
  if (count >= 365 && count % 365 === 0) return count === 365 ? '1 year' : `${count / 365} years`;
  return count === 1 ? '1 day' : `${formatCount(count)} days`;
}

/** "About 48 MB after 2 years (61 series)." */
export function estimateText({ bytes, days, series }: HistoryEstimate, { keepDays }: Pick<RetentionLimits, 'keepDays'>): string {
  const by = `(${formatCount(series)} series)`;
  return days < keepDays ? `Size limit reached after about ${formatDays(days)} ${by}.` : `About ${formatMegabytes(bytes)} after ${formatDays(days)} ${by}.`;
}
