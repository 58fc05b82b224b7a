/** When the next report is due, by what became of the last one. Pure. */

/** What became of a report. */
export type Outcome =
  /** `hasMoved`: the hub's copy goes on further than before. `hasMore`: rows are left. `interval`: ms until it wants the next. */
  | { readonly kind: 'stored'; readonly hasMoved: boolean; readonly hasMore: boolean; readonly interval: number }
  /** The hub's copy ends elsewhere. */
  | { readonly kind: 'elsewhere'; readonly interval: number }
  /** It did not arrive, or the hub could not take it now. `retryAfter`: ms it asks for; null for none. */
  | { readonly kind: 'failed'; readonly retryAfter: number | null }
  /** It will not be taken until somebody does something. */
  | { readonly kind: 'refused' };

/** What is remembered between reports. */
export interface Pace {
  /** Failed in a row. */
  readonly failures: number;
  /** Answered in a row that the copy ends elsewhere. */
  readonly elsewhere: number;
}

/** Before the first report. */
export const FIRST_PACE: Pace = { failures: 0, elsewhere: 0 };

/** Between reports of a backlog, ms: the hub has others, and the machine its work. */
const CATCH_UP = 250;
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;
/** Longest wait that a hub may ask for, ms. */
const LONGEST = 15 * 60_000;
/** After a refusal, ms: it may be taken back at the hub. */
const REFUSED = 10 * 60_000;

/** Milliseconds to wait, with what to remember. `random` is from [0, 1): machines that lost their hub at once come back apart. */
export function nextReport({ failures, elsewhere }: Pace, outcome: Outcome, random: number): { readonly pace: Pace; readonly wait: number } {
  if (outcome.kind === 'refused') return { pace: FIRST_PACE, wait: REFUSED };
  // A hub that takes nothing of a backlog would otherwise be sent it again and again.
  if (outcome.kind === 'stored') return { pace: FIRST_PACE, wait: outcome.hasMore && outcome.hasMoved ? CATCH_UP : outcome.interval };
  if (outcome.kind === 'elsewhere') return { pace: { failures: 0, elsewhere: elsewhere + 1 }, wait: elsewhere === 0 ? CATCH_UP : outcome.interval };
  const longest = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(failures, 10));
  const wait = longest / 2 + (longest / 2) * random;
  return { pace: { failures: failures + 1, elsewhere }, wait: Math.max(wait, Math.min(outcome.retryAfter ?? 0, LONGEST)) };
}
