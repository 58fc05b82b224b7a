/** How fine history is by its age: what the store keeps, and what everything that reckons with it goes by. */

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Up to an age, history has points of one width. */
export interface ResolutionTier {
  /** Milliseconds per point; 0 for the samples themselves. */
  readonly width: number;
  /** Age up to which there are such points, ms; as long as the settings say where it is Infinity. */
  readonly until: number;
}

/** Every sample for a day, minutes for a week, quarters of an hour for a month, then hours. Each width is a whole number of the one before. */
export const RESOLUTION_BY_AGE = [
  { width: 0, until: DAY },
  { width: MINUTE, until: 7 * DAY },
  { width: 15 * MINUTE, until: 30 * DAY },
  { width: 60 * MINUTE, until: Infinity },
] as const satisfies readonly ResolutionTier[];
