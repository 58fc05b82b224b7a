/**
 * Whether a card may be read now, so that one that sleeps stays asleep and one that is idle can fall asleep: what reads a card
 * keeps it awake. Pure; times are monotonic ms.
 *
 * A card that can sleep is read until it was idle in several samples, and is then let go for longer than drivers wait before
 * they put it to sleep: amdgpu 5 s, i915 10 s, NVIDIA about 21 s. If something else keeps it awake, such as a display, it is
 * read once each time, so that it can still fall asleep in between.
 */
import type { Value } from '../../../../shared/metrics/reading';

/** reading: its files and tools may be used; released: let go, to see whether it falls asleep; asleep: only its power state is read. */
export interface SleepState {
  readonly mode: 'reading' | 'released' | 'asleep';
  /** Since when it is in this mode. */
  readonly since: number;
  /** Samples in a row without load. */
  readonly idle: number;
  /** One sample without load is enough: it was let go before, or woken by something else, and has done nothing since. */
  readonly isProbe: boolean;
}

/** So many samples in a row without load, and the card is let go. */
export const IDLE_SAMPLES = 5;

/** How long it is then left alone, ms. */
export const RELEASE_MS = 30_000;

/** True for a `power/runtime_status` of a card that is powered up, and neither falls asleep nor wakes; null where there is no such file. */
export const isPoweredUp = (status: string | null): boolean => status === null || status === 'active' || status === 'unsupported';

/** A card that nothing is known of yet. */
export const NEW_CARD: SleepState = { mode: 'reading', since: Number.NEGATIVE_INFINITY, idle: 0, isProbe: false };

/** What the power state of a card says, which can be read without waking it. */
export interface PowerLook {
  readonly now: number;
  /** True if it is powered up, and neither falls asleep nor wakes at this moment. */
  readonly isActive: boolean;
  /** False for a card that its driver never puts to sleep. */
  readonly canSleep: boolean;
}

/** The state after a look at the power state. */
export function afterLook(state: SleepState, { now, isActive, canSleep }: PowerLook): SleepState {
  if (!isActive) return state.mode === 'asleep' ? state : { mode: 'asleep', since: now, idle: 0, isProbe: false };
  if (state.mode === 'reading') return state;
  if (!canSleep) return { ...NEW_CARD, since: now };
  if (state.mode === 'released' && now - state.since < RELEASE_MS) return state;
  return { mode: 'reading', since: now, idle: 0, isProbe: true };
}

/** The state after a sample; a load that is not known counts as none, as such a card must be able to sleep, too. */
export function afterSample(state: SleepState, load: Value, { now, canSleep }: Pick<PowerLook, 'now' | 'canSleep'>): SleepState {
  if (state.mode !== 'reading') return state;
  if (load !== null && load > 0) return { ...state, idle: 0, isProbe: false };
  const idle = state.idle + 1;
  if (!canSleep || idle < (state.isProbe ? 1 : IDLE_SAMPLES)) return { ...state, idle };
  return { mode: 'released', since: now, idle: 0, isProbe: true };
}
