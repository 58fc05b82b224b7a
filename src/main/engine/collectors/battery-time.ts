/** How long batteries last: their energy by a mean of the power, since the power of a moment says little. Pure. */
import type { Value } from '../../../shared/metrics/reading';
import type { BatteryRaw } from './battery';
import { totalOf } from './numbers';

/** Power that flows into the batteries, as a mean; negative while they discharge. */
export interface MeanFlow {
  readonly watts: number;
  /** When it was last measured, and when power began to flow this way, ms of a monotonic clock. */
  readonly at: number;
  readonly since: number;
}

/** Time in which a change of the power is taken up to 63 %, ms. */
const TIME_CONSTANT = 120_000;
/** The mean counts once power has flowed one way for so long, ms: after a plug is pulled, gauges take their time. */
const SETTLING = 45_000;
/** After a longer pause the mean begins anew, ms. */
const LONGEST_PAUSE = 300_000;
/** Longer than this no battery lasts, s: what flows then is too little to tell. */
const LONGEST_TIME = 7 * 86_400;

/**
 * The mean after one more measurement: m + (1 − e^(−Δt/τ)) · (watts − m) with τ = 2 min. It begins anew where power flows the
 * other way and after a pause; null while no power flows, or an unknown one.
 */
export function meanFlow(before: MeanFlow | null, watts: Value, at: number): MeanFlow | null {
  if (watts === null || watts === 0) return null;
  if (before === null || before.watts > 0 !== watts > 0 || !(at >= before.at) || at - before.at > LONGEST_PAUSE) return { watts, at, since: at };
  const share = 1 - Math.exp(-(at - before.at) / TIME_CONSTANT);
  return { watts: before.watts + share * (watts - before.watts), at, since: before.since };
}

const HOUR = 3600;

function secondsFor(energy: Value, watts: number): Value {
  if (energy === null) return null;
  const seconds = (Math.max(0, energy) / watts) * HOUR;
  return seconds <= LONGEST_TIME ? seconds : null;
}

/** Watt-hours until a battery is full, or has reached its limit. */
const missingOf = ({ energy, full, limit }: BatteryRaw): Value => (energy === null || full === null ? null : Math.max(0, (full * (limit ?? 100)) / 100 - energy));

/** Seconds until the batteries are empty, or full; null for the other direction, and while the mean has not settled. */
export function timesOf(flow: MeanFlow | null, own: readonly BatteryRaw[]): { readonly timeLeft: Value; readonly timeToFull: Value } {
  if (flow === null || flow.at - flow.since < SETTLING) return { timeLeft: null, timeToFull: null };
  return flow.watts < 0
    ? { timeLeft: secondsFor(totalOf(own.map(({ energy }) => energy)), -flow.watts), timeToFull: null }
    : { timeLeft: null, timeToFull: secondsFor(totalOf(own.map(missingOf)), flow.watts) };
}
