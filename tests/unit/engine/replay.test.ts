import { describe, expect, it } from 'vitest';
import { createReplay } from '../../../src/main/engine/replay';
import type { Replay } from '../../../src/main/engine/replay';
import type { Store } from '../../../src/main/engine/store/store-types';
import type { GapReason } from '../../../src/shared/metrics/reading';
import { batchOf, bench, NOON } from '../../support/store';
import type { Bench } from '../../support/store';

const RUN = NOON - 5000;

/** Samples seconds [from, to), a batch each, numbered from `seq` on. */
function live({ clock }: Bench, store: Store, replay: Replay, from: number, to: number, seq = from + 1, gap?: GapReason): void {
  for (let s = from; s < to; s += 1) {
    clock.wall = NOON + s * 1000;
    clock.mono += 1000;
    const batch = { ...batchOf(s, { cpu: { usage: s % 100 } }), seq: seq + s - from, ...(gap !== undefined && s === from ? { gap } : {}) };
    replay.onBatch(batch);
    store.append(batch);
  }
}

function workshop(): { place: Bench; store: Store; replay: Replay } {
  const place = bench();
  const { store } = place.open();
  return { place, store, replay: createReplay(RUN, store) };
}

describe('what a viewer missed', () => {
  it('is every batch after the one it saw last, once, whether committed or not', () => {
    const { place, store, replay } = workshop();
    live(place, store, replay, 0, 95);
    for (const seen of [1, 40, 89, 94]) {
      const { batches, complete, seq } = replay.batchesSince(RUN, seen);
      expect(complete).toBe(true);
      expect(seq).toBe(95);
      expect(batches.map((one) => one.seq)).toEqual(Array.from({ length: 95 - seen }, (_, n) => seen + 1 + n));
      expect(batches.map((one) => one.values['cpu.usage'])).toEqual(batches.map((one) => (one.seq - 1) % 100));
    }
    expect(replay.batchesSince(RUN, 95)).toEqual({ batches: [], seq: 95, complete: true });
  });

  it('is still there right after sealing', () => {
    const { place, store, replay } = workshop();
    live(place, store, replay, 0, 930);
    for (let slices = 0; store.maintain(place.clock.wall); slices += 1) if (slices > 10_000) throw new Error('upkeep does not end');
    const { batches, complete } = replay.batchesSince(RUN, 700);
    expect(complete).toBe(true);
    expect(batches).toHaveLength(230);
  });

  it('tells where there was a pause, and leaves out batches of which nothing is stored', () => {
    const { place, store, replay } = workshop();
    live(place, store, replay, 0, 10);
    live(place, store, replay, 60, 65, 11, 'sleep');
    replay.onBatch({ seq: 16, time: NOON + 65_000 });
    live(place, store, replay, 66, 68, 17);
    const { batches, complete, seq } = replay.batchesSince(RUN, 8);
    expect(complete).toBe(true);
    expect(seq).toBe(18);
    expect(batches.map((one) => one.seq)).toEqual([9, 10, 11, 12, 13, 14, 15, 17, 18]);
    expect(batches.map((one) => one.gap)).toEqual([undefined, undefined, 'sleep', undefined, undefined, undefined, undefined, undefined, undefined]);
  });

  it.each([
    ['of another run', RUN + 1, 90],
    ['not given yet', RUN, 96],
    ['before the first', RUN, 0],
    ['no number', RUN, Number.NaN],
  ])('is unknown for a number %s', (_, run, seen) => {
    const { place, store, replay } = workshop();
    live(place, store, replay, 0, 95);
    expect(replay.batchesSince(run, seen)).toEqual({ batches: [], seq: 95, complete: false });
  });

  it('is unknown before anything was read', () => {
    expect(workshop().replay.batchesSince(RUN, 0)).toEqual({ batches: [], seq: 0, complete: false });
  });

  it('is unknown where a clock was set back in between', () => {
    const { place, store, replay } = workshop();
    live(place, store, replay, 0, 20);
    live(place, store, replay, -3000, -2980, 21, 'clock');
    expect(replay.batchesSince(RUN, 15).complete).toBe(false);
    expect(replay.batchesSince(RUN, 40)).toEqual({ batches: [], seq: 40, complete: true });
  });

  it('is unknown where it is too much, or was lost', () => {
    const { place, store, replay } = workshop();
    live(place, store, replay, 0, 1500);
    expect(replay.batchesSince(RUN, 100)).toEqual({ batches: [], seq: 1500, complete: false });
    const { batches, complete } = replay.batchesSince(RUN, 1100);
    expect(complete).toBe(false);
    expect(batches).toHaveLength(300);
    expect(batches[0]?.seq).toBe(1101);
    const forgetful = createReplay(RUN, { since: () => ({ rows: [], complete: false }) });
    forgetful.onBatch({ seq: 1, time: 1 });
    forgetful.onBatch({ seq: 2, time: 2 });
    expect(forgetful.batchesSince(RUN, 1).complete).toBe(false);
  });
});
