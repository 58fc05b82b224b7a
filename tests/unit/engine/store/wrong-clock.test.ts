/** A clock that was wrong once, for a while or at each start: what it deletes, and what it hides. */
import Database from 'better-sqlite3';
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { clockHistories, shown } from '../../../support/clock-histories';
import { cpuBatch, createStoreFixture, NOON, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lives `ms` with a sample each `every` ms; wall and monotonic clock move together, maintenance runs every ten minutes. */
function live({ clock }: StoreFixture, store: Store, ms: number, every = MINUTE): { from: number; to: number; samples: number } {
  const from = clock.wall;
  for (let at = 0; at < ms; at += every) {
    store.append({ ...cpuBatch(0, (at / every) % 97), time: clock.wall });
    clock.wall += every;
    clock.mono += every;
    if (at % (10 * MINUTE) === 0) {
      store.commit();
      runMaintenance(store, clock.wall);
    }
  }
  store.commit();
  runMaintenance(store, clock.wall);
  return { from, to: clock.wall, samples: Math.ceil(ms / every) };
}

/** Samples found in a range of time, and the width of the points a chart of it is made of, ms. */
function found(store: Store, { from, to }: { from: number; to: number }): { count: number; step: number } {
  const { step, series } = store.query({ series: ['cpu.usage'], from, to, points: 10_000 });
  return { count: series[0]?.count.reduce((sum, n) => sum + n, 0) ?? 0, step };
}

function stateOf({ path }: StoreFixture): Record<string, number> {
  const db = new Database(path, { readonly: true });
  const rows = db.prepare<[], { name: string; value: number }>('SELECT name, value FROM state').all();
  db.close();
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

describe('whatever the clock shows', () => {
  it('every sample that is dated right is found while it is younger than it is kept', { timeout: 120_000 }, () => {
    assert(
      property(clockHistories(6, 5), (stretches) => {
        const fixture = createStoreFixture();
        let { store } = fixture.open({ keepDays: 40 });
        let [time, up] = [NOON, 0];
        const right: { from: number; to: number; samples: number }[] = [];
        for (const { away, isRestart, runs, shows } of [...stretches, { away: 0, isRestart: true, runs: HOUR, shows: { kind: 'right' } as const }]) {
          time += away;
          if (isRestart) {
            store.close();
            [fixture.clock.mono, up] = [0, 0];
            ({ store } = fixture.open({ keepDays: 40 }));
          }
          fixture.clock.wall = shown(shows, time, up);
          const lived = live(fixture, store, runs);
          [time, up] = [time + runs, up + runs];
          if (shows.kind === 'right') right.push(lived);
          // A clock that is wrong dates its samples into these ranges as well.
          const young = right.filter(({ from }) => from > time - 38 * DAY);
          expect(young.map(({ samples, ...range }) => found(store, range).count >= samples)).toEqual(young.map(() => true));
        }
        store.close();
      }),
      { numRuns: 15 },
    );
  });
});

describe('a clock in the future', () => {
  it('at the very first start hides nothing of what comes once it is right', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    fixture.clock.wall = Date.UTC(2036, 0, 1);
    live(fixture, store, 20 * MINUTE, 1000);
    fixture.clock.wall = Date.UTC(2026, 9, 20, 12);
    const lived = live(fixture, store, 2 * HOUR, 1000);
    expect(found(store, lived)).toEqual({ count: 7200, step: 1000 });
    const horizons = Object.entries(stateOf(fixture)).filter(([name]) => name.startsWith('horizon.'));
    for (const [, horizon] of horizons) expect(horizon).toBeLessThanOrEqual(lived.to);
  });

  it('by ten years for 72 seconds, put right, leaves charts as fine as ever, also after a restart', () => {
    const fixture = createStoreFixture();
    const first = fixture.open().store;
    fixture.clock.wall = NOON + 3650 * DAY;
    live(fixture, first, 72_000, 1000);
    fixture.clock.wall = NOON;
    const lived = live(fixture, first, 140_000, 1000);
    first.close();
    const again = fixture.open().store;
    const more = live(fixture, again, 30 * MINUTE, 1000);
    expect(found(again, lived)).toEqual({ count: 140, step: 1000 });
    expect(found(again, more)).toEqual({ count: 1800, step: 1000 });
  });

  it('by 30 days for 31 hours leaves minutes as minutes afterwards', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    live(fixture, store, 2 * DAY);
    fixture.clock.wall += 30 * DAY;
    live(fixture, store, 31 * HOUR);
    fixture.clock.wall -= 30 * DAY;
    live(fixture, store, 3 * DAY);
    expect(found(store, { from: fixture.clock.wall - 2 * DAY, to: fixture.clock.wall - 36 * HOUR })).toEqual({ count: 720, step: MINUTE });
  });

  it('by 60 days for 62 hours, beyond what is kept, deletes nothing of what is new afterwards', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open({ keepDays: 30 });
    live(fixture, store, 2 * DAY);
    fixture.clock.wall += 60 * DAY;
    live(fixture, store, 62 * HOUR);
    fixture.clock.wall -= 60 * DAY;
    const lived = live(fixture, store, 2 * DAY);
    expect(found(store, lived).count).toBe(2880);
  });
});
