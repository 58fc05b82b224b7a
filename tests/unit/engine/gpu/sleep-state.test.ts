/** When a card may be read: never while it sleeps, not for long while it is idle and could sleep. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterLook, afterSample, IDLE_SAMPLES, NEW_CARD, RELEASE_MS } from '../../../../src/main/engine/collectors/gpu/sleep-state';
import type { SleepState } from '../../../../src/main/engine/collectors/gpu/sleep-state';

/** One tick: the time since the one before, what the power state says, and what a read would say. */
const tick = fc.record({
  ms: fc.integer({ min: 500, max: 12_000 }),
  isActive: fc.boolean(),
  canSleep: fc.boolean(),
  load: fc.option(fc.constantFrom<number[]>(0, 0, 1, 60), { nil: null }),
  isNew: fc.boolean(),
});
type Tick = typeof tick extends fc.Arbitrary<infer T> ? T : never;

interface Seen extends Tick {
  readonly at: number;
  /** True if the card was read in this tick. */
  readonly isRead: boolean;
  readonly state: SleepState;
}

/** Plays ticks as the reader does: a look at each, and a sample where the card may be read. */
function play(ticks: readonly Tick[], from = NEW_CARD): Seen[] {
  let [state, at] = [from, 1000];
  return ticks.map((one) => {
    at += one.ms;
    state = afterLook(state, { now: at, ...one });
    const isRead = state.mode === 'reading';
    if (isRead && one.isNew) state = afterSample(state, one.load, { now: at, canSleep: one.canSleep });
    return { ...one, at, isRead, state };
  });
}

const steady = (count: number, own: Partial<Tick> = {}): Tick[] => Array.from({ length: count }, () => ({ ms: 5000, isActive: true, canSleep: true, load: 0, isNew: true, ...own }));

describe('a card', () => {
  it('is never read while it is not active', () => {
    fc.assert(fc.property(fc.array(tick, { maxLength: 60 }), (ticks) => {
      for (const { isActive, isRead } of play(ticks)) expect(isRead && !isActive).toBe(false);
    }));
  });

  it('that was let go is left alone for as long as drivers need, unless it slept meanwhile or cannot sleep any more', () => {
    fc.assert(fc.property(fc.array(tick, { maxLength: 80 }), (ticks) => {
      let released: number | null = null;
      const pauses: number[] = [];
      for (const { at, isActive, canSleep, isRead, state } of play(ticks)) {
        if (!isActive || !canSleep) released = null;
        if (isRead && released !== null) pauses.push(at - released);
        if (state.mode === 'released') released ??= at;
        else if (isRead) released = null;
      }
      expect(pauses.filter((pause) => pause < RELEASE_MS)).toEqual([]);
    }));
  });

  it('that can sleep and is idle is let go after some samples, whatever came before', () => {
    fc.assert(fc.property(fc.array(tick, { maxLength: 40 }), (ticks) => {
      const before = play(ticks).at(-1)?.state ?? NEW_CARD;
      const seen = play(steady(IDLE_SAMPLES + 1), before);
      expect(seen.some(({ state }) => state.mode === 'released')).toBe(true);
    }));
  });

  it('that cannot sleep, or works, is read at each tick', () => {
    fc.assert(fc.property(fc.array(tick, { minLength: 1, maxLength: 60 }), (ticks) => {
      expect(play(ticks.map((one) => ({ ...one, isActive: true, canSleep: false }))).every(({ isRead }) => isRead)).toBe(true);
      expect(play(ticks.map((one) => ({ ...one, isActive: true, load: 40, isNew: true }))).every(({ isRead }) => isRead)).toBe(true);
    }));
  });

  it('that is idle but kept awake by something else is read once in each wait', () => {
    const seen = play(steady(60));
    const reads = seen.filter(({ isRead }) => isRead).map(({ at }) => at);
    const later = reads.slice(IDLE_SAMPLES);
    expect(later.length).toBeGreaterThan(5);
    for (const [at, time] of later.entries()) if (at > 0) expect(time - (later[at - 1] ?? 0)).toBe(RELEASE_MS);
  });

  it('that works again is read at each tick again', () => {
    const idle = play(steady(20)).at(-1)?.state ?? NEW_CARD;
    const seen = play(steady(30, { load: 50 }), { ...idle, since: -RELEASE_MS });
    expect(seen.filter(({ isRead }) => !isRead)).toEqual([]);
  });

  it('that was woken by something else and does nothing is let go after one sample', () => {
    const asleep = play(steady(3, { isActive: false })).at(-1)?.state ?? NEW_CARD;
    expect(play(steady(2), asleep).map(({ isRead }) => isRead)).toEqual([true, false]);
  });
});
