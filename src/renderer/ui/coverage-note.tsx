/** How much of a range was measured, where that is less than the range. */
import { coverageText, isPartial, shortDuration } from '../lib/coverage';
import type { StatsEntry } from '../data/history-queries';
import './coverage.css';

/** The longest time a series of these was sampled, seconds; null without any entry. */
export function mostSampled(stats: readonly (StatsEntry | undefined)[]): number | null {
  const known = stats.flatMap((entry) => entry?.sampledSeconds ?? []);
  return known.length === 0 ? null : Math.max(...known);
}

/** "20 s of 7 d"; null where all of the range was sampled, or nothing is known. */
export function partialText(sampled: number | null, range: number, interval = 0): string | null {
  return sampled !== null && isPartial(sampled, range, interval) ? coverageText(sampled, range) : null;
}

/** "20 s of 7 d sampled", beside a heading. */
export function CoverageNote({ sampled, range, interval }: { readonly sampled: number | null; readonly range: number; readonly interval: number }) {
  const text = partialText(sampled, range, interval);
  return text === null ? null : <span className="coverage">{text} sampled</span>;
}

interface RowCoverageProps {
  readonly stats: StatsEntry | undefined;
  /** What the other rows of the table have, seconds. */
  readonly others: number | null;
  readonly interval: number;
}

/** "3 h sampled", of a series that was sampled for less time than others of the table: a device that came later. */
export function RowCoverage({ stats, others, interval }: RowCoverageProps) {
  if (stats === undefined || others === null || stats.count === 0 || !isPartial(stats.sampledSeconds, others, interval)) return null;
  return <span className="coverage">{shortDuration(stats.sampledSeconds)} sampled</span>;
}
