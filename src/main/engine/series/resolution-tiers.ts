/** Resolution of history by age: how the store keeps it, and what queries, exports and estimates assume. */

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Resolution up to an age. */
export interface ResolutionTier {
  /** Milliseconds per point; 0 for the samples themselves. */
  readonly width: number;
  /** Age up to which points have this width, ms; Infinity: as long as the settings keep history. */
  readonly until: number;
}

/** Raw samples for a day, 1-minute points for a week, 15-minute points for a month, then hours. Each width divides the next. */
export const RESOLUTION_BY_AGE = [
  { width: 0, until: DAY },
  { width: MINUTE, until: 7 * DAY },
  { width: 15 * MINUTE, until: 30 * DAY },
  { width: 60 * MINUTE, until: Infinity },
] as const satisfies readonly ResolutionTier[];
