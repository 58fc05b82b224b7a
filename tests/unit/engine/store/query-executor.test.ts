import { describe, expect, it } from 'vitest';
import { finish, runInSlices, OutdatedError } from '../../../../src/main/engine/time-slicing';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { batchOf, bench, NOON } from '../../../support/store';
import type { Bench } from '../../../support/store';

const KEYS = ['cpu.usage', 'cpu.user', 'memory.usage', 'cpu.load1'];
const HOUR = 3_600_000;

function fill({ clock }: Bench, store: Store, from: number, to: number): void {
  for (let n = from; n < to; n += 1) {
    clock.wall = NOON + n * 5000;
    clock.mono += 5000;
    store.append({ ...batchOf(0, { cpu: { usage: n % 100, user: (n * 7) % 100, load1: (n * 31) % 89 }, memory: { usage: n % 50 } }), time: clock.wall });
  }
  store.commit();
}

function maintenance(store: Store, now: number): number {
  let slices = 1;
  while (store.maintain(now)) if ((slices += 1) > 20_000) throw new Error('upkeep does not end');
  return slices;
}

const ALL = { series: KEYS, from: NOON, to: NOON + 40 * HOUR };

describe('an answer given in pieces', () => {
  it('is the answer given at once', { timeout: 60_000 }, async () => {
    const place = bench();
    const { store } = place.open();
    fill(place, store, 0, 8000);
    maintenance(store, place.clock.wall);
    let at = 0;
    // Each look at the clock is a ms: a piece is a few steps long.
    const mono = (): number => (at += 1);
    expect(await runInSlices(() => store.statsWork(ALL), mono)).toEqual(store.stats(ALL));
    for (const points of [100, 9000]) {
      const query = { ...ALL, points };
      expect(await runInSlices(() => store.queryWork(query), mono)).toEqual(store.query(query));
    }
  });

  it('is of the moment it was begun, whatever comes and is committed meanwhile', () => {
    const place = bench();
    const { store } = place.open();
    fill(place, store, 0, 7000);
    maintenance(store, place.clock.wall);
    fill(place, store, 7000, 7100);
    const expected = store.stats(ALL).map(({ count, max }) => ({ count, max }));
    const begun = place.clock.mono;
    const work = store.statsWork(ALL);
    let n = 7100;
    let step = work.next();
    for (; step.done !== true; step = work.next()) {
      fill(place, store, n, (n += 3));
      // Upkeep does not wait for ever, but here no time passes.
      place.clock.mono = begun;
      expect(store.maintain(place.clock.wall)).toBe(true);
    }
    expect(step.value.map(({ count, max }) => ({ count, max }))).toEqual(expected);
    expect(n).toBeGreaterThan(7110);
  });

  it('begins again where upkeep waited long enough, or the database was opened anew', () => {
    const place = bench();
    const { store } = place.open();
    fill(place, store, 0, 7000);
    const work = store.statsWork(ALL);
    work.next();
    expect(store.maintain(place.clock.wall)).toBe(true);
    place.clock.mono += 1001;
    store.maintain(place.clock.wall);
    expect(() => finish(work)).toThrow(OutdatedError);
    // Nothing waits for work that was given up.
    expect(maintenance(store, place.clock.wall)).toBeGreaterThan(3);
    const other = store.queryWork({ ...ALL, points: 100 });
    other.next();
    store.close();
    expect(() => finish(other)).toThrow(OutdatedError);
  });

  it('that is left half way holds nothing up', () => {
    const place = bench();
    const { store } = place.open();
    fill(place, store, 0, 7000);
    const work = store.statsWork(ALL);
    work.next();
    work.return([]);
    expect(maintenance(store, place.clock.wall)).toBeGreaterThan(3);
    expect(store.stats(ALL)[0]?.count).toBe(7000);
  });
});
