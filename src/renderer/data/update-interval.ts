/** How often news comes, and how long none may come before that is a trouble. Pure. */
import type { AppState } from '../../shared/api/contract';
import { LAN_INTERVAL } from '../../shared/sharing/auth-policy';

/** The sampler's tick, ms: what the desktop's own window gets. */
const TICK = 1000;
/** At least this long, ms: five ticks of the one-second loop. */
export const SILENCE = 5000;
/** The network's part, ms. */
const MARGIN = 2000;

/** Time between two batches, ms; `state` is null before the app's own state is known. */
export type UpdateIntervalOf = (state: AppState | null) => number;

/** At the desktop each tick is told. */
export const desktopUpdateInterval: UpdateIntervalOf = () => TICK;

/** Viewers on the LAN get a batch each so many seconds, as the desktop has set; until that is known, the longest it can be. */
export const remoteUpdateInterval: UpdateIntervalOf = (state) => (state?.settings.lan.intervalSeconds ?? LAN_INTERVAL.max) * 1000;

/**
 * Silence after which the feed says so and asks again, ms. One batch may be missing: a phone's radio that slept, or a
 * machine that ticks every other second on battery, is no trouble. Heartbeats do not count, browsers keep them to themselves.
 */
export function silenceLimit(pace: number): number {
  return Math.max(SILENCE, 2 * pace + MARGIN);
}

/**
 * Age of a stream's last event from which a page that wakes up does not believe in the stream any more, ms. Less patient
 * than `silenceLimit`: somebody looks at the page now, and another stream is cheap.
 */
export function staleAfter(pace: number): number {
  return Math.max(SILENCE, pace + MARGIN);
}
