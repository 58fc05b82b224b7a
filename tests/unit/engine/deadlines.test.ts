import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeadlines } from '../../../src/main/engine/deadlines';
import { FakeTime } from '../../support/collectors';

/** Deadlines over fake timers, with how many of those were set. */
function onFakeTime() {
  const time = new FakeTime();
  let set = 0;
  const timers = { after: (ms: number, fn: () => void) => ((set += 1), time.after(ms, fn)) };
  return { time, deadlines: createDeadlines(timers, time), timersSet: () => set };
}

describe('deadlines', () => {
  it('that are called off set one timer together', async () => {
    const { time, deadlines, timersSet } = onFakeTime();
    const reached: number[] = [];
    for (let at = 0; at < 100; at += 1) {
      const cancel = deadlines.after(5000, () => reached.push(at));
      await time.pass(10);
      cancel();
    }
    await time.pass(60_000);
    expect([reached, timersSet()]).toEqual([[], 1]);
  });

  it('are called at their times, in order, whichever of them is called off', async () => {
    const wait = fc.record({ from: fc.integer({ min: 0, max: 50 }), ms: fc.integer({ min: 0, max: 200 }), callOffAfter: fc.option(fc.integer({ min: 0, max: 250 })) });
    await fc.assert(
      fc.asyncProperty(fc.array(wait, { maxLength: 12 }), async (waits) => {
        const { time, deadlines } = onFakeTime();
        const begun = time.mono();
        const called: (readonly [number, number])[] = [];
        waits.forEach(({ from, ms, callOffAfter }, at) => {
          time.after(from, () => {
            const cancel = deadlines.after(ms, () => called.push([at, time.mono() - begun]));
            if (callOffAfter !== null) time.after(callOffAfter, cancel);
          });
        });
        await time.pass(1000);
        const expected = waits.flatMap(({ from, ms, callOffAfter }, at) => (callOffAfter !== null && callOffAfter <= ms ? [] : [[at, from + ms] as const]));
        const strict = called.filter(([at]) => waits[at]?.callOffAfter !== waits[at]?.ms);
        expect(strict.toSorted(([a], [b]) => a - b)).toEqual(expected);
        expect(called.map(([, when]) => when)).toEqual(called.map(([, when]) => when).toSorted((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  it('may call each other off, set others, and fail', async () => {
    const { time, deadlines } = onFakeTime();
    const reached: string[] = [];
    let cancelSecond = (): void => undefined;
    deadlines.after(100, () => {
      cancelSecond();
      deadlines.after(50, () => reached.push('set by the first'));
    });
    cancelSecond = deadlines.after(100, () => reached.push('called off'));
    deadlines.after(500, () => reached.push('last'));
    await time.pass(1000);
    expect(reached).toEqual(['set by the first', 'last']);
  });

  it('wait no longer than those that were set before', async () => {
    const { time, deadlines } = onFakeTime();
    const reached: number[] = [];
    for (const ms of [10_000, 1000, 3000]) deadlines.after(ms, () => reached.push(ms));
    await time.pass(1000);
    expect(reached).toEqual([1000]);
    await time.pass(9000);
    expect(reached).toEqual([1000, 3000, 10_000]);
  });
});
