/** When services are probed: spread out, few at once, one timer, nothing made up for. */
import { assert, double, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSchedule, nextDue, phaseOf } from '../../../../src/main/engine/probes/schedule';
import type { ScheduleParts } from '../../../../src/main/engine/probes/schedule';
import { createSimulatedTime, settle } from '../../../support/timers';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Services that answer after a time of their own; what was begun when. */
function simulated(answer: (id: string) => number = () => 10, delay: (id: string) => number | null = () => null) {
  const time = createSimulatedTime();
  const begun: { readonly id: string; readonly at: number }[] = [];
  const running = new Set<string>();
  let most = 0;
  const run: ScheduleParts['run'] = (id) =>
    new Promise((resolve) => {
      if (running.has(id)) throw new Error(`${id} runs twice`);
      running.add(id);
      most = Math.max(most, running.size);
      begun.push({ id, at: time.clock.mono() });
      time.timers.after(answer(id), () => {
        running.delete(id);
        resolve(delay(id));
      });
    });
  return { ...time, begun, most: () => most, schedule: createSchedule({ ...time, run }), times: (id: string) => begun.filter((one) => one.id === id).map(({ at }) => at) };
}

const many = (count: number, interval: number): Map<string, number> => new Map(Array.from({ length: count }, (_, at) => [`service-${at}`, interval]));

describe('the schedule', () => {
  it('costs one timer while nothing is due, and none without services', async () => {
    const { schedule, waiting, advance } = simulated();
    expect(waiting()).toBe(0);
    schedule.set(many(100, DAY));
    await advance(2 * MINUTE);
    expect(waiting()).toBe(1);
    schedule.set(new Map());
    await advance(0);
    expect(waiting()).toBe(0);
  });

  it('begins with a service as soon as it is added, and with many within ten seconds', async () => {
    const one = simulated();
    one.schedule.set(new Map([['a', DAY]]));
    await one.advance(100);
    expect(one.times('a')).toHaveLength(1);
    const all = simulated(() => 1);
    all.schedule.set(many(100, MINUTE));
    await all.advance(10_000);
    expect(new Set(all.begun.map(({ id }) => id)).size).toBe(100);
  });

  it('keeps to intervals on the long run, and spreads services over them', async () => {
    const { schedule, advance, begun, times } = simulated();
    schedule.set(many(60, MINUTE));
    await advance(61 * MINUTE);
    for (const id of ['service-0', 'service-59']) expect(times(id).length).toBeGreaterThanOrEqual(60);
    const gaps = times('service-7').slice(2).map((at, index) => at - (times('service-7')[index + 1] ?? 0));
    for (const gap of gaps) expect(gap).toBeCloseTo(MINUTE, -2);
    // In the last minute: never more than a few in the same second.
    const seconds = new Map<number, number>();
    for (const { at } of begun) if (at >= 60 * MINUTE) seconds.set(Math.floor(at / 1000), (seconds.get(Math.floor(at / 1000)) ?? 0) + 1);
    expect(Math.max(...seconds.values())).toBeLessThanOrEqual(6);
  });

  it('probes three at once, each service once, however slow they are', async () => {
    const { schedule, advance, most, times } = simulated(() => 30_000);
    schedule.set(many(20, 10_000));
    await advance(10 * MINUTE);
    expect(most()).toBe(3);
    // Twenty that take thirty seconds each, three at once: all have their turn.
    for (const id of many(20, 0).keys()) expect(times(id).length).toBeGreaterThanOrEqual(2);
  });

  it('comes back sooner where a result asks for that', async () => {
    const { schedule, advance, times } = simulated(() => 0, () => 20_000);
    schedule.set(new Map([['a', DAY]]));
    await advance(MINUTE);
    expect(times('a')).toHaveLength(3);
  });

  it('makes up for nothing after a pause: all come once, spread out', async () => {
    const { schedule, advance, begun } = simulated();
    schedule.set(many(50, 10_000));
    await advance(MINUTE);
    schedule.hold();
    await advance(0);
    const before = begun.length;
    await advance(60 * MINUTE);
    expect(begun.length).toBeLessThanOrEqual(before);
    schedule.release();
    await advance(5000);
    expect(begun.length - before).toBe(50);
  });

  it('comes at once where it is asked, also for one that runs, without running twice', async () => {
    const { schedule, advance, times } = simulated(() => 100);
    schedule.set(new Map([['a', DAY], ['b', DAY]]));
    await advance(1000);
    schedule.ask(['a', 'unknown']);
    await advance(50);
    expect(times('a')).toHaveLength(2);
    schedule.ask(['a']);
    await advance(60);
    expect(times('a')).toHaveLength(3);
    expect(times('b')).toHaveLength(1);
  });

  it('takes another interval at once, and keeps what did not change', async () => {
    const { schedule, advance, times } = simulated();
    schedule.set(new Map([['a', DAY], ['b', DAY]]));
    await advance(1000);
    schedule.set(new Map([['a', MINUTE], ['b', DAY]]));
    await advance(1000);
    expect([times('a').length, times('b').length]).toEqual([2, 1]);
    await advance(3 * MINUTE);
    expect(times('a').length).toBeGreaterThanOrEqual(4);
    expect(times('b')).toHaveLength(1);
  });

  it('ends', async () => {
    const { schedule, advance, begun, waiting } = simulated();
    schedule.set(many(5, 10_000));
    schedule.close();
    await advance(MINUTE);
    await settle();
    expect([begun.length, waiting()]).toEqual([0, 0]);
  });
});

describe('a time of its own', () => {
  it('is the same for an id, and spread over the interval', () => {
    const phases = Array.from({ length: 1000 }, (_, at) => phaseOf(`service-${at}`));
    expect(phases).toEqual(Array.from({ length: 1000 }, (_, at) => phaseOf(`service-${at}`)));
    const tenths = Array.from({ length: 10 }, (_, at) => phases.filter((phase) => Math.floor(phase * 10) === at).length);
    expect(Math.min(...tenths)).toBeGreaterThan(60);
  });

  it('is never sooner than half an interval, nor later than one and a half', () => {
    assert(
      property(double({ min: 0, max: 1e9, noNaN: true }), integer({ min: 10_000, max: DAY }), double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (begun, interval, phase) => {
        const wait = nextDue(begun, interval, phase) - begun;
        expect(wait).toBeGreaterThanOrEqual(interval / 2 - 1);
        expect(wait).toBeLessThanOrEqual(interval * 1.5 + 1);
      }),
    );
  });
});
