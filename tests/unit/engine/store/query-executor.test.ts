import { describe, expect, it } from 'vitest';
import { finish, runInSlices, OutdatedError } from '../../../../src/main/engine/time-slicing';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { batchOf, createStoreFixture, NOON, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const KEYS = ['cpu.usage', 'cpu.user', 'memory.usage', 'cpu.load1'];
const HOUR = 3_600_000;

function fill({ clock }: StoreFixture, store: Store, from: number, to: number): void {
  for (let n = from; n < to; n += 1) {
    clock.wall = NOON + n * 5000;
    clock.mono += 5000;
    store.append({ ...batchOf(0, { cpu: { usage: n % 100, user: (n * 7) % 100, load1: (n * 31) % 89 }, memory: { usage: n % 50 } }), time: clock.wall });
  }
  store.commit();
}

const ALL = { series: KEYS, from: NOON, to: NOON + 40 * HOUR };

describe('a query that runs in steps', () => {
  it('has the result of one that runs at once', { timeout: 60_000 }, async () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    fill(fixture, store, 0, 8000);
    runMaintenance(store, fixture.clock.wall);
    let at = 0;
    // The clock advances by a ms with each read: a slice is a few steps long.
    const mono = (): number => (at += 1);
    expect(await runInSlices(() => store.statsWork(ALL), mono)).toEqual(store.stats(ALL));
    for (const points of [100, 9000]) {
      const query = { ...ALL, points };
      expect(await runInSlices(() => store.queryWork(query), mono)).toEqual(store.query(query));
    }
  });

  it('has the result of the time it began, whatever is appended and committed meanwhile', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    fill(fixture, store, 0, 7000);
    runMaintenance(store, fixture.clock.wall);
    fill(fixture, store, 7000, 7100);
    const expected = store.stats(ALL).map(({ count, max }) => ({ count, max }));
    const begun = fixture.clock.mono;
    const work = store.statsWork(ALL);
    let n = 7100;
    let step = work.next();
    for (; step.done !== true; step = work.next()) {
      fill(fixture, store, n, (n += 3));
      // Maintenance does not wait forever, but here no time passes.
      fixture.clock.mono = begun;
      expect(store.maintain(fixture.clock.wall)).toBe(true);
    }
    expect(step.value.map(({ count, max }) => ({ count, max }))).toEqual(expected);
    expect(n).toBeGreaterThan(7110);
  });

  it('is outdated once maintenance has waited long enough, or the database was closed', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    fill(fixture, store, 0, 7000);
    const work = store.statsWork(ALL);
    work.next();
    expect(store.maintain(fixture.clock.wall)).toBe(true);
    fixture.clock.mono += 1001;
    store.maintain(fixture.clock.wall);
    expect(() => finish(work)).toThrow(OutdatedError);
    // Nothing waits for a query that ended with an error.
    expect(runMaintenance(store, fixture.clock.wall)).toBeGreaterThan(3);
    const other = store.queryWork({ ...ALL, points: 100 });
    other.next();
    store.close();
    expect(() => finish(other)).toThrow(OutdatedError);
  });

  it('blocks nothing if it is abandoned half way', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    fill(fixture, store, 0, 7000);
    const work = store.statsWork(ALL);
    work.next();
    work.return([]);
    expect(runMaintenance(store, fixture.clock.wall)).toBeGreaterThan(3);
    expect(store.stats(ALL)[0]?.count).toBe(7000);
  });
});
