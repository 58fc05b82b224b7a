/** How often batches are expected, and after which silence the connection counts as interrupted. Pure. */
import type { AppState } from '../../shared/api/contract';
import { LAN_INTERVAL } from '../../shared/sharing/auth-policy';

/** The sampler's tick, ms: the interval of Traywatch's own window. */
const TICK = 1000;
/** Lower limit of the silence, ms: five ticks. */
export const MIN_SILENCE = 5000;
/** Allowance for delays of the network, ms. */
const NETWORK_MARGIN = 2000;

/** Expected time between two batches, ms; `state` is null before the app's own state is known. */
export type UpdateIntervalOf = (state: AppState | null) => number;

/** Traywatch's own window receives every tick. */
export const desktopUpdateInterval: UpdateIntervalOf = () => TICK;

/** Browsers on the LAN receive batches at the interval in the settings; until that is known, the longest possible is assumed. */
export const remoteUpdateInterval: UpdateIntervalOf = (state) => (state?.settings.lan.intervalSeconds ?? LAN_INTERVAL.max) * 1000;

/** Time between reports of another machine before it knows that it is looked at, ms. */
const REPORT_INTERVAL = 10_000;

/** Batches of another machine come with its reports. */
export function machineUpdateInterval(intervalOf: UpdateIntervalOf): UpdateIntervalOf {
  return (state) => Math.max(REPORT_INTERVAL, intervalOf(state));
}

/**
 * Silence after which the feed reports it and requests a snapshot, ms. One batch may be missing without a report: a phone's
 * radio may sleep, and on battery the sampler ticks every other second. Heartbeats of the stream do not count: browsers do
 * not pass them to scripts.
 */
export function silenceLimit(interval: number): number {
  return Math.max(MIN_SILENCE, 2 * interval + NETWORK_MARGIN);
}

/**
 * Age of a stream's last event from which a page that wakes up opens a new stream, ms. Shorter than `silenceLimit`: the user
 * looks at the page now, and another stream is cheap.
 */
export function staleAfter(interval: number): number {
  return Math.max(MIN_SILENCE, interval + NETWORK_MARGIN);
}
