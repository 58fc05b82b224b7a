/** Clocks that are right, wrong, never set or late: histories of a machine's clock as a property test makes them up. */
import { array, boolean, constant, integer, oneof, record } from 'fast-check';
import type { Arbitrary } from 'fast-check';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What the clock shows while the machine runs, beside the true time. */
export type ClockShows =
  | { readonly kind: 'right' }
  /** Counts from 1970, as on a board whose clock has no battery. */
  | { readonly kind: 'unset' }
  /** Off by this much, ms, forward or back. */
  | { readonly kind: 'off'; readonly by: number };

/** A stretch of one clock. */
export interface ClockStretch {
  /** The machine is off, or (without a restart) asleep, for this long before, ms. */
  readonly away: number;
  readonly isRestart: boolean;
  /** How long it runs, ms. */
  readonly runs: number;
  readonly shows: ClockShows;
}

/** How long a clock that is ahead by this much may run before it is believed, ms: docs/decisions/0012-clocks.md. */
function believedAfter(by: number): number {
  return Math.min(Math.max(HOUR, by / 24), 14 * DAY);
}

const minutes = (from: number, to: number): Arbitrary<number> => integer({ min: from, max: to }).map((n) => n * MINUTE);

const away = oneof({ weight: 3, arbitrary: constant(0) }, { weight: 3, arbitrary: minutes(1, 20 * 60) }, { weight: 1, arbitrary: minutes(1, 60 * 24 * 60) });

const shows: Arbitrary<ClockShows> = oneof(
  { weight: 4, arbitrary: constant({ kind: 'right' } as const) },
  { weight: 2, arbitrary: constant({ kind: 'unset' } as const) },
  { weight: 2, arbitrary: minutes(60, 400 * 24 * 60).map((by) => ({ kind: 'off', by: -by }) as const) },
  { weight: 2, arbitrary: oneof(minutes(60, 3 * 24 * 60), minutes(60, 20 * 365 * 24 * 60)).map((by) => ({ kind: 'off', by }) as const) },
);

/** Histories of at most `most` stretches of at most `hours` hours each. */
export function clockHistories(most: number, hours: number): Arbitrary<readonly ClockStretch[]> {
  return array(record({ away, isRestart: boolean(), runs: minutes(5, hours * 60), shows }), { minLength: 1, maxLength: most }).map(shortAhead);
}

/**
 * Clocks that are ahead run too short to be believed: all together until one is right again, and less than a day before one
 * has been right for a day.
 */
function shortAhead(stretches: readonly ClockStretch[]): readonly ClockStretch[] {
  let [left, first, right] = [Infinity, DAY - HOUR, 0];
  return stretches.map((stretch) => {
    const { shows: clock, runs } = stretch;
    if (clock.kind === 'right' && runs >= 20 * MINUTE) left = Infinity;
    right = clock.kind === 'right' ? right + runs : clock.kind === 'off' && right < DAY ? 0 : right;
    if (clock.kind !== 'off' || clock.by < 0) return stretch;
    left = Math.min(left, believedAfter(clock.by) - 25 * MINUTE);
    const allowed = Math.max(0, Math.min(runs, left, right >= DAY ? Infinity : first));
    left -= allowed;
    if (right < DAY) first -= allowed;
    return { ...stretch, runs: allowed };
  });
}

/** What the clock shows at the true time `time`, `up` ms after the machine started; epoch ms. */
export function shown(clock: ClockShows, time: number, up: number): number {
  if (clock.kind === 'unset') return up;
  return clock.kind === 'off' ? time + clock.by : time;
}
