/** A copy of the history that is continued row by row: whatever the clock does, whoever is killed. */
import { array, assert, constant, integer, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../../src/main/engine/store/store-types';
import type { StoredRows } from '../../../../src/main/engine/store/query/stored-rows';
import { finish } from '../../../../src/main/engine/time-slicing';
import { batchOf, cpuBatch, createStoreFixture, NOON, runMaintenance } from '../../../support/store';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const read = (store: Store, after: number | null, rows = 1000, first: number | null = null): StoredRows => finish(store.rowsAfter({ after, first, rows, values: 1_000_000 }));

/** Each row as "time:value", in order. */
const told = ({ times, series }: StoredRows): string[] => times.map((time, i) => `${time}:${series['cpu.usage']?.[i] ?? '–'}`);

/** Reads all after a row, in portions. */
function readAll(store: Store, after: number | null, rows: number): string[] {
  const all: string[] = [];
  for (let position = after; ; ) {
    const found = read(store, position, rows);
    all.push(...told(found));
    position = found.times.at(-1) ?? position;
    if (!found.hasMore) return all;
    expect(found.times.length).toBeGreaterThan(0);
  }
}

describe('rows after a row', () => {
  it('are those not committed, committed and sealed, column by column, with their gaps', () => {
    const { open, clock } = createStoreFixture();
    const { store } = open();
    const model: string[] = [];
    for (let i = 0; i < 3600; i += 1) {
      store.append(i % 5 === 0 ? batchOf(i, { cpu: { usage: i % 90 }, memory: { usage: i % 7 } }, i === 0 ? 'start' : undefined) : cpuBatch(i, i % 90, i === 1801 ? 'pause' : undefined));
      model.push(`${NOON + i * 1000}:${i % 90}`);
      clock.mono += 1000;
      clock.wall += 1000;
      if (i === 3500) runMaintenance(store, clock.wall);
    }
    expect(readAll(store, null, 1000)).toEqual(model);
    expect(readAll(store, null, 37)).toEqual(model);
    const tail = read(store, NOON + 3594_000);
    expect(tail).toEqual({ times: [3595, 3596, 3597, 3598, 3599].map((s) => NOON + s * 1000), gaps: {}, series: { 'cpu.usage': [85, 86, 87, 88, 89], 'memory.usage': [3595 % 7, null, null, null, null] }, hasMore: false });
    expect(read(store, null, 5).gaps).toEqual({ 0: 'start' });
    expect(read(store, NOON + 1799_000, 5).gaps).toEqual({ 1: 'pause' });
  });

  it('are no more than may be sent at once, by their values', () => {
    const { store } = createStoreFixture().open();
    for (let i = 0; i < 100; i += 1) store.append(batchOf(i, { cpu: { usage: i }, memory: { usage: i } }));
    store.commit();
    for (let i = 100; i < 200; i += 1) store.append(batchOf(i, { cpu: { usage: i % 90 }, memory: { usage: i % 90 } }));
    const found = finish(store.rowsAfter({ after: null, first: null, rows: 1000, values: 210 }));
    expect(found.hasMore).toBe(true);
    expect(found.times).toHaveLength(105);
  });

  it('go on with a row for each minute where the samples are gone', () => {
    const { open, clock } = createStoreFixture();
    const { store } = open();
    for (let i = 0; i < 60 * 40; i += 1) {
      clock.wall = NOON + i * MINUTE;
      clock.mono += MINUTE;
      for (const s of [0, 20]) store.append({ ...cpuBatch(0, (i % 50) + s), time: clock.wall + s * 1000 });
      if (i % 30 === 0) runMaintenance(store, clock.wall);
    }
    store.commit();
    runMaintenance(store, clock.wall);
    store.append({ ...cpuBatch(0, 1, 'start'), time: clock.wall + MINUTE });
    const found = read(store, NOON + HOUR + 1, 1000);
    expect(told(found).slice(0, 3)).toEqual([1, 2, 3].map((m) => `${NOON + HOUR + m * MINUTE}:${((60 + m) % 50) + 10}`));
    const all = readAll(store, NOON + HOUR + 1, 300);
    const minutes = all.filter((row) => Number(row.split(':')[0]) % MINUTE === 0).length;
    // And the start of another run.
    expect(minutes).toBe(60 * 40 - 61 + 1);
    expect(new Set(all).size).toBe(all.length);
  });

  it('go on with what is sealed for a copy that ends before it, also where a run began just now', () => {
    const { open, clock } = createStoreFixture();
    const { store } = open();
    const live = (from: number, to: number, gap?: 'start'): void => {
      for (let i = from; i < to; i += 1) {
        store.append(cpuBatch(i, i % 90, i === from ? gap : undefined));
        if (i % 1000 === 0) store.commit();
      }
      clock.wall = NOON + to * 1000;
      store.commit();
    };
    live(0, 100, 'start');
    // The copy ends with a row that was lost, 105 s; hours later another run begins.
    live(120, 3 * 3600, 'start');
    runMaintenance(store, clock.wall);
    live(3 * 3600 + 60, 3 * 3600 + 70, 'start');
    const all = readAll(store, NOON + 105_000, 1000);
    expect(all[0]).toBe(`${NOON + 120_000}:${120 % 90}`);
    expect(all).toHaveLength(3 * 3600 - 120 + 10);
  });

  it('of a copy that has rows which were lost here are those of after, also where the clock was set back', () => {
    const { open, clock, path } = createStoreFixture();
    const { store } = open();
    for (let i = 0; i < 20; i += 1) store.append(cpuBatch(i, i));
    store.commit();
    // The copy ends with a row that was lost: 25 s.
    expect(read(store, NOON + 25_000).times).toEqual([]);
    store.append(cpuBatch(40, 40, 'start'));
    expect(told(read(store, NOON + 25_000))).toEqual([`${NOON + 40_000}:40`]);
    clock.wall -= HOUR;
    const other = open({ path: `${path}-other` }).store;
    for (let i = 0; i < 20; i += 1) other.append(cpuBatch(i, i));
    for (let i = -3600; i < -3590; i += 1) other.append(cpuBatch(i, 7, i === -3600 ? 'start' : undefined));
    expect(told(read(other, NOON + 25_000, 1000, NOON - 3_600_000))).toHaveLength(10);
    // Whatever the clock showed then: of this run nothing can be there.
    expect(told(read(other, NOON + 9 * HOUR, 1000, NOON - 3_600_000))).toHaveLength(10);
    expect(told(read(other, NOON - 9 * HOUR, 1000, NOON - 3_600_000))).toHaveLength(10);
    expect(told(read(other, NOON + 9 * HOUR, 1000, null))).toHaveLength(0);
  });
});

/** What happens to the agent, to its clock and to the copy. */
const steps = array(
  oneof(
    { weight: 6, arbitrary: record({ does: constant('live' as const), seconds: integer({ min: 1, max: 400 }) }) },
    { weight: 2, arbitrary: record({ does: constant('set' as const), seconds: integer({ min: -300, max: 4000 }) }) },
    { weight: 1, arbitrary: record({ does: constant('kill' as const), seconds: constant(0) }) },
    { weight: 3, arbitrary: record({ does: constant('copy' as const), seconds: integer({ min: 1, max: 500 }) }) },
    { weight: 1, arbitrary: record({ does: constant('lose' as const), seconds: integer({ min: 1, max: 100 }) }) },
    { weight: 2, arbitrary: record({ does: constant('maintain' as const), seconds: constant(0) }) },
  ),
  { minLength: 5, maxLength: 40 },
);

it('a copy has each row once, and what was lost here is all that it has besides', () => {
  assert(
    property(steps, (history) => {
      const { open, clock } = createStoreFixture();
      let { store } = open();
      let own: string[] = [];
      let committed = 0;
      const copy: { time: number; text: string }[] = [];
      const lost = new Set<string>();
      const used = new Set<number>();
      let first: number | null = null;
      const live = (seconds: number): void => {
        for (let i = 0; i < seconds; i += 1) {
          clock.wall += 1000;
          clock.mono += 1000;
          let time = clock.wall;
          while (used.has(time)) time += 1;
          used.add(time);
          store.append({ ...cpuBatch(0, used.size % 90, first === null ? 'start' : undefined), time });
          first ??= time;
          own.push(`${time}:${used.size % 90}`);
        }
        store.commit();
        committed = own.length;
        // The last ones are only in memory.
        for (let i = 0; i < seconds % 7; i += 1) {
          clock.wall += 1000;
          let time = clock.wall;
          while (used.has(time)) time += 1;
          used.add(time);
          store.append({ ...cpuBatch(0, used.size % 90), time });
          own.push(`${time}:${used.size % 90}`);
        }
      };
      const copyRows = (rows: number): boolean => {
        const found = read(store, copy.at(-1)?.time ?? null, rows, first);
        const texts = told(found);
        copy.push(...found.times.map((time, i) => ({ time, text: texts[i] ?? '' })));
        return found.hasMore;
      };
      const copyAll = (rows: number): void => {
        for (let turns = 0; copyRows(rows); turns += 1) expect(turns).toBeLessThan(20_000);
      };
      for (const { does, seconds } of history) {
        if (does === 'live') live(seconds);
        else if (does === 'set') {
          // A clock is set while the copy is kept up: what is sealed before it is copied is not in the order of the rows.
          copyAll(1000);
          clock.wall += seconds * 1000;
        } else if (does === 'copy') copyRows(seconds);
        else if (does === 'lose') copy.splice(Math.max(0, copy.length - seconds));
        else if (does === 'maintain') {
          copyAll(1000);
          store.commit();
          runMaintenance(store, clock.wall);
          committed = own.length;
        } else {
          // The process is killed: what was not committed is lost here.
          for (const row of own.slice(committed)) lost.add(row);
          own = own.slice(0, committed);
          store = open().store;
          first = null;
        }
      }
      live(3);
      copyAll(200);
      const texts = copy.map(({ text }) => text);
      expect(new Set(texts).size).toBe(texts.length);
      expect(own.filter((row) => !texts.includes(row))).toEqual([]);
      expect(texts.filter((row) => !own.includes(row) && !lost.has(row))).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 120_000);
