import { describe, expect, it } from 'vitest';
import { createUptimeReader } from '../../../src/main/core/service-uptime';
import type { Store } from '../../../src/main/engine/store/store-types';
import type { GapReason } from '../../../src/shared/metrics/reading';
import { createCallbackLog } from '../../support/log';
import { random } from '../../support/noise';
import { createStoreFixture, NOON } from '../../support/store';
import { createManualTimers, settle } from '../../support/timers';

const STEP = 10_000;
const HOUR = 3_600_000;

/** Samples of `up`, each STEP after the one before; null while a service is not measured. */
type Ups = readonly (number | null)[];

/** A store with a service for each of `services`, whose last samples were just taken, and what reads their uptime. */
function open(services: Readonly<Record<string, Ups>>, gapAt?: { readonly index: number; readonly length: number; readonly reason: GapReason }) {
  const fixture = createStoreFixture();
  const { store } = fixture.open();
  const { clock } = fixture;
  const length = Math.max(...Object.values(services).map((ups) => ups.length));
  const begin = NOON - length * STEP - (gapAt?.length ?? 0);
  for (let at = 0; at < length; at += 1) {
    const isPast = gapAt !== undefined && at >= gapAt.index;
    const time = begin + (at + 1) * STEP + (isPast ? gapAt.length : 0);
    clock.wall = time;
    clock.mono = time - begin;
    const devices = Object.fromEntries(Object.entries(services).map(([id, ups]) => [id, { label: id, values: { up: ups[at] ?? null } }]));
    store.append({ seq: at + 1, time, readings: { service: { values: { up: null, down: null }, devices } }, faults: {}, ...(at === gapAt?.index ? { gap: gapAt.reason } : {}) });
  }
  return { store, clock, ...reader(store, clock) };
}

function reader(store: Pick<Store, 'statsWork'>, clock: { wall: number; mono: number }) {
  const timers = createManualTimers();
  const lines: string[] = [];
  let asked = 0;
  const counted: Pick<Store, 'statsWork'> = {
    statsWork: (query) => {
      asked += 1;
      return store.statsWork(query);
    },
  };
  const log = createCallbackLog(({ level, message }) => lines.push(`${level} ${message}`));
  const read = createUptimeReader({ store: counted, clock: { now: () => clock.wall, mono: () => clock.mono, boot: () => clock.mono }, timers, log });
  return { read, timers, lines, asked: () => asked };
}

/** Up for a part, down for a part. */
const ups = (up: number, down: number): Ups => [...Array.from({ length: up }, () => 1), ...Array.from({ length: down }, () => 0)];

describe('the uptime of services', () => {
  it('is the share of the measured time; a time that was not measured is neither up nor down', async () => {
    const { read } = open({ good: ups(360, 0), half: ups(180, 180), rare: [...ups(90, 0), ...Array.from({ length: 180 }, () => null), ...ups(0, 90)], never: Array.from({ length: 360 }, () => null) });
    const found = await read(['good', 'half', 'rare', 'never', 'unheard-of']);
    const day = (id: string) => found.get(id)?.last_24_hours;
    expect(['good', 'half', 'rare', 'never', 'unheard-of'].map((id) => day(id)?.percentage)).toEqual([100, 50, 50, null, null]);
    // An hour of 24, and of 720.
    expect(day('good')?.measured_percentage).toBeCloseTo(100 / 24, 1);
    expect(day('rare')?.measured_percentage).toBeCloseTo(50 / 24, 1);
    expect(found.get('good')?.last_30_days.measured_percentage).toBeCloseTo(100 / 720, 2);
    expect(day('never')?.measured_percentage).toBe(0);
  });

  it('is what the samples say, whatever they are', async () => {
    const next = random(17);
    for (let turn = 0; turn < 8; turn += 1) {
      const share = next();
      const samples: Ups = Array.from({ length: 50 + Math.floor(next() * 700) }, () => (next() < 0.2 ? null : next() < share ? 1 : 0));
      const known = samples.filter((up) => up !== null);
      const found = (await open({ it: samples }).read(['it'])).get('it')?.last_24_hours;
      expect(found?.percentage).toBeCloseTo((known.filter((up) => up === 1).length / known.length) * 100, 6);
      expect(found?.percentage === 100).toBe(known.every((up) => up === 1));
    }
  });

  it('is not raised by sleep: a gap is no measured time', async () => {
    const { read } = open({ it: ups(180, 180) }, { index: 180, length: 6 * HOUR, reason: 'sleep' });
    const found = (await read(['it'])).get('it')?.last_24_hours;
    expect(found?.percentage).toBe(50);
    expect(found?.measured_percentage).toBeCloseTo(100 / 24, 1);
  });

  it('reaches back a day and a month, and no further', async () => {
    // Down until a day ago, up since.
    const day = ups(8640, 0);
    const { read, clock } = open({ it: [...ups(0, 4320), ...day] });
    const found = (await read(['it'])).get('it');
    expect(clock.wall).toBe(NOON);
    expect(found?.last_24_hours.percentage).toBe(100);
    expect(found?.last_30_days.percentage).toBeCloseTo((8640 / (8640 + 4320)) * 100, 6);
  });
});

describe('whoever polls the uptime', () => {
  it('asks the store once for many answers, and is answered from what is kept while it is found anew', async () => {
    const { read, clock, store, asked } = open({ it: ups(4, 0) });
    for (let poll = 0; poll < 100; poll += 1) {
      clock.mono += 500;
      await read(['it']);
    }
    expect(asked()).toBe(2);
    store.append({ seq: 9, time: clock.wall + STEP, readings: { service: { values: {}, devices: { it: { label: 'it', values: { up: 0 } } } } }, faults: {} });
    clock.wall += STEP;
    clock.mono += 60_000;
    expect((await read(['it'])).get('it')?.last_24_hours.percentage).toBe(100);
    await new Promise(setImmediate);
    expect((await read(['it'])).get('it')?.last_24_hours.percentage).toBe(80);
    // The month is not a quarter of an hour old.
    expect(asked()).toBe(3);
  });

  it('waits half a second at most for a store that is busy, and has the uptime in the next answer', async () => {
    const { store, clock } = open({ it: ups(3, 1) });
    const state = { isBusy: true };
    const busy: Pick<Store, 'statsWork'> = {
      *statsWork(query) {
        // Each time its slice is over.
        while (state.isBusy) {
          clock.mono += 10;
          yield;
        }
        return yield* store.statsWork(query);
      },
    };
    const { read, timers } = reader(busy, clock);
    let isAnswered = false;
    const answer = read(['it']).finally(() => {
      isAnswered = true;
    });
    await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    timers.advance(500);
    expect((await answer).get('it')).toEqual({ last_24_hours: { percentage: null, measured_percentage: null }, last_30_days: { percentage: null, measured_percentage: null } });
    state.isBusy = false;
    expect((await read(['it'])).get('it')?.last_24_hours.percentage).toBe(75);
  });

  it('is not told what was true long ago, and asks again for a service that is new', async () => {
    const { read, clock, asked } = open({ it: ups(4, 0), other: ups(0, 4) });
    await read(['it']);
    expect((await read(['it', 'other'])).get('other')?.last_24_hours.percentage).toBe(0);
    expect(asked()).toBe(4);
    // A day later nothing of it is left in the last day.
    clock.mono += 25 * HOUR;
    clock.wall += 25 * HOUR;
    const found = await read(['it', 'other']);
    expect(found.get('it')).toMatchObject({ last_24_hours: { percentage: null, measured_percentage: 0 }, last_30_days: { percentage: 100 } });
  });

  it('goes without where the store fails, says so in the log, and has it again afterwards', async () => {
    const { store, clock } = open({ it: ups(1, 1) });
    let fails = true;
    const { read, lines } = reader({ statsWork: (query) => { if (fails) throw new Error('disk I/O error'); return store.statsWork(query); } }, clock);
    expect((await read(['it'])).get('it')?.last_24_hours).toEqual({ percentage: null, measured_percentage: null });
    await read(['it']);
    // Once, not at each poll.
    expect(lines.toSorted()).toEqual(['warn uptime of services (last_24_hours) is failing: disk I/O error', 'warn uptime of services (last_30_days) is failing: disk I/O error']);
    fails = false;
    expect((await read(['it'])).get('it')?.last_24_hours.percentage).toBe(50);
    expect(lines.at(-1)).toMatch(/^info uptime of services \(last_\w+\) works again$/);
  });

  it('asks nothing where no service is set up', async () => {
    const { read, asked } = open({ it: ups(1, 0) });
    expect((await read([])).size).toBe(0);
    await settle();
    expect(asked()).toBe(0);
  });
});
