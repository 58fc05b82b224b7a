import { describe, expect, it } from 'vitest';
import { createFillForecasts } from '../../../src/main/alerts/fill-forecasts';
import type { Store } from '../../../src/main/engine/store/store-types';
import { createCallbackLog } from '../../support/log';
import { createStoreFixture, NOON } from '../../support/store';

const HOUR = 3_600_000;
const SERIES = 'disk.usage@/data';

/** Ten days of a disk that grows by 2 % a day up to 70 %, one sample an hour, and what is asked of the store. */
function history(days = 10) {
  const fixture = createStoreFixture();
  const { store } = fixture.open();
  const append = (time: number): void => {
    const usage = 70 + (2 * (time - NOON)) / (24 * HOUR);
    store.append({ seq: 1, time, readings: { disk: { values: {}, devices: { '/data': { label: '/data', values: { usage } } } } }, faults: {} });
  };
  for (let hour = -days * 24; hour < 0; hour += 1) append(NOON + hour * HOUR);
  let queries = 0;
  let now = NOON;
  const warnings: string[] = [];
  const counted: Pick<Store, 'queryWork'> = { queryWork: (query) => ((queries += 1), store.queryWork(query)) };
  const open = (from: Pick<Store, 'queryWork'> = counted) =>
    createFillForecasts({ clock: { now: () => now, mono: () => 0 }, store: from, log: createCallbackLog(({ message }) => warnings.push(message)) });
  return { open, append, warnings, queries: () => queries, pass: (ms: number) => (now += ms) };
}

describe('forecasts from the history', () => {
  it('answer from memory, and read the history once an hour while they are asked', async () => {
    const { open, queries, pass } = history();
    const forecasts = open();
    expect(queries()).toBe(0);
    expect(forecasts.timeToFull(SERIES, 70)).toBeNull();
    for (let i = 0; i < 100; i += 1) forecasts.timeToFull(SERIES, 70);
    await forecasts.settled();
    expect(queries()).toBe(1);
    expect(forecasts.timeToFull(SERIES, 70)).toBeCloseTo(15 * 24, -1);
    expect(forecasts.timeToFull(SERIES, 90)).toBeCloseTo(5 * 24, -1);
    pass(HOUR);
    // What was known is used until the new trend is read.
    expect(forecasts.timeToFull(SERIES, 70)).toBeCloseTo(15 * 24, -1);
    await forecasts.settled();
    forecasts.timeToFull(SERIES, 70);
    expect(queries()).toBe(2);
  });

  it('do not know a series with little or no history', async () => {
    const { open } = history(3);
    const forecasts = open();
    forecasts.timeToFull(SERIES, 70);
    forecasts.timeToFull('disk.usage@/new', 70);
    await forecasts.settled();
    expect([forecasts.timeToFull(SERIES, 70), forecasts.timeToFull('disk.usage@/new', 70)]).toEqual([null, null]);
  });

  it('are not known while the history cannot be read, say so in the log, and try again an hour later', async () => {
    const { open, pass, warnings } = history();
    let fails = true;
    const failing = open({
      queryWork: (query) => {
        if (fails) throw new Error(`disk I/O error in ${query.series.join()}`);
        return (function* none(): Generator<void, { step: number; begins: null; series: [] }> {
          yield;
          return { step: HOUR, begins: null, series: [] };
        })();
      },
    });
    failing.timeToFull(SERIES, 70);
    await failing.settled();
    expect(failing.timeToFull(SERIES, 70)).toBeNull();
    expect(warnings).toEqual(['the growth of a disk could not be read from the history']);
    fails = false;
    pass(HOUR);
    failing.timeToFull(SERIES, 70);
    await failing.settled();
    expect(warnings).toHaveLength(1);
  });

  it('forget series that are not asked for any more, and read nothing once closed', async () => {
    const { open, queries } = history();
    const forecasts = open();
    for (let i = 0; i < 300; i += 1) forecasts.timeToFull(`disk.usage@/run/${i}`, 70);
    await forecasts.settled();
    expect(queries()).toBe(128);
    forecasts.timeToFull(SERIES, 70);
    forecasts.close();
    await forecasts.settled();
    expect(queries()).toBe(128);
  });
});
