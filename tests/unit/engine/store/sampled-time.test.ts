import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GapReason, SampleBatch } from '../../../../src/shared/metrics/reading';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { batchOf, createStoreFixture, NOON, runMaintenance } from '../../../support/store';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Time monitoring ran, seconds after noon, and the interval of its samples. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly every: number;
  readonly reason: GapReason;
}

/** Feeds one-second (or slower) batches of these runs, with maintenance every quarter of an hour, as in the app. */
function feed(store: Store, clock: { wall: number; mono: number }, runs: readonly Run[], values: (second: number) => Parameters<typeof batchOf>[1] = () => ({ cpu: { usage: 5 } })): void {
  for (const { from, to, every, reason } of runs) {
    for (let second = from; second < to; second += every) {
      clock.mono = second * 1000;
      clock.wall = NOON + second * 1000;
      const batch: SampleBatch = batchOf(second, values(second), second === from ? reason : undefined);
      store.append(batch);
      if (second % (15 * MINUTE) < every) runMaintenance(store, clock.wall);
    }
  }
}

function sampled(store: Store, from: number, to: number, series = 'cpu.usage'): number {
  return store.stats({ series: [series], from: NOON + from * 1000, to: NOON + to * 1000 })[0]?.sampledSeconds ?? Number.NaN;
}

/** Seconds of [from, to) in the runs. */
const truth = (runs: readonly Run[], from: number, to: number): number => runs.reduce((sum, run) => sum + Math.max(0, Math.min(run.to, to) - Math.max(run.from, from)), 0);

/** Leaves the gaps as an earlier version stored them. */
function forgetBeginnings(path: string): void {
  const db = new Database(path);
  db.exec('UPDATE gaps SET since = NULL');
  db.close();
}

describe('sampledSeconds', () => {
  it('of a history of 20 s is 20 s in every range, and the history says where it begins', () => {
    const { store } = createStoreFixture().open();
    const fixture = { wall: NOON, mono: 0 };
    feed(store, fixture, [{ from: 0, to: 20, every: 1, reason: 'start' }]);
    for (const range of [5 * MINUTE, HOUR, 12 * HOUR, 7 * DAY, 730 * DAY]) expect(sampled(store, 20 - range, 20)).toBe(20);
    expect(store.query({ series: ['cpu.usage'], from: NOON - 730 * DAY * 1000, to: NOON + 20_000, points: 730 }).begins).toBe(NOON);
  });

  it('is without the time asleep, and the same under power saving, whatever tier it is read from', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    const runs: Run[] = Array.from({ length: 12 }, (_, day): Run[] => [
      { from: day * DAY + 17 * MINUTE, to: day * DAY + 5 * HOUR + 11 * MINUTE, every: 10, reason: day === 0 ? 'start' : 'sleep' },
      { from: day * DAY + 6 * HOUR + 3 * MINUTE, to: day * DAY + 11 * HOUR + 29 * MINUTE, every: 20, reason: 'pause' },
    ]).flat();
    // A family of ten seconds, which are twenty on battery.
    feed(store, fixture.clock, runs, () => ({ uptime: { tasks: 3 } }));
    const end = runs.at(-1)?.to ?? 0;
    for (const range of [HOUR, 10 * HOUR, 3 * DAY, 9 * DAY, 12 * DAY, 40 * DAY]) {
      const expected = truth(runs, end - range, end);
      // Of each end of the range at most one bucket is uncertain.
      expect(Math.abs(sampled(store, end - range, end, 'uptime.tasks') - expected)).toBeLessThan(expected * 0.002 + 61);
    }
  }, 60_000);

  it('of a device that came later is its own time, to the length of a stored point', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    feed(store, fixture.clock, [{ from: 0, to: 2 * DAY, every: 10, reason: 'start' }], (second) => ({ uptime: { tasks: 5, ...(second > 30 * HOUR + 1200 ? { app: 1 } : {}) } }));
    expect(Math.abs(sampled(store, 0, 2 * DAY, 'uptime.tasks') - 2 * DAY)).toBeLessThan(30);
    expect(Math.abs(sampled(store, 0, 2 * DAY, 'uptime.app') - (18 * HOUR - 1200))).toBeLessThan(HOUR);
  }, 60_000);

  it('is the truth for any runs and any range', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pause: fc.integer({ min: 30, max: 9 * HOUR }), length: fc.integer({ min: 20, max: 2 * HOUR }), every: fc.constantFrom(1, 2) }), { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0, 2 * DAY, 9 * DAY),
        (parts, a, b, age) => {
          const fixture = createStoreFixture();
          const { store } = fixture.open();
          const runs: Run[] = [];
          for (const { pause, length, every } of parts) {
            const from = (runs.at(-1)?.to ?? 0) + pause;
            runs.push({ from, to: from + length, every, reason: runs.length === 0 ? 'start' : 'sleep' });
          }
          const end = runs.at(-1)?.to ?? 0;
          // Much later, when samples and minutes are gone.
          if (age > 0) runs.push({ from: end + age, to: end + age + HOUR, every: 2, reason: 'start' });
          feed(store, fixture.clock, runs);
          runMaintenance(store, fixture.clock.wall);
          const [from, to] = [Math.floor(Math.min(a, b) * end), Math.floor(Math.max(a, b) * end) + 1] as const;
          // At the ends of a range in the past the store reads whole points.
          const reach = age === 0 ? 5 : age === 2 * DAY ? MINUTE : 15 * MINUTE;
          const shown = sampled(store, from, to);
          expect(shown).toBeLessThanOrEqual(truth(runs, from, to) + 5);
          expect(shown).toBeGreaterThanOrEqual(truth(runs, from, to) - reach - 5);
          expect(shown).toBeLessThanOrEqual(to - from);
          const begins = store.query({ series: ['cpu.usage'], from: NOON, to: fixture.clock.wall, points: 10 }).begins ?? 0;
          expect(begins).toBe(NOON + (runs[0]?.from ?? 0) * 1000);
          store.close();
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);

  it('of a history whose earlier version did not store where gaps begin is known to the length of a stored point', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    const runs: Run[] = Array.from({ length: 4 }, (_, day): Run => ({ from: day * DAY + 20 * MINUTE, to: day * DAY + 16 * HOUR + 40 * MINUTE, every: 10, reason: 'sleep' }));
    feed(store, fixture.clock, runs, () => ({ uptime: { tasks: 3 } }));
    store.close();
    forgetBeginnings(fixture.path);
    const { store: again } = fixture.open();
    const end = runs.at(-1)?.to ?? 0;
    const error = sampled(again, 0, end, 'uptime.tasks') - truth(runs, 0, end);
    expect(error).toBeGreaterThanOrEqual(-30);
    expect(error).toBeLessThan(4 * HOUR);
  }, 60_000);
});
