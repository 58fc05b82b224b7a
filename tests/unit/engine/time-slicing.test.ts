import { describe, expect, it } from 'vitest';
import { finish, forEachInSlices, OutdatedError, runInSlices } from '../../../src/main/engine/time-slicing';

/** Work of `count` steps, each 1 ms long on the given clock. */
function* steps(count: number, clock: { at: number }): Generator<void, number> {
  for (let i = 0; i < count; i += 1) {
    clock.at += 1;
    yield;
  }
  return count;
}

describe('a generator in slices', () => {
  it('gives the same result in one piece and in slices, and lets the event loop run between slices', async () => {
    const clock = { at: 0 };
    expect(finish(steps(25, clock))).toBe(25);
    const turns: number[] = [];
    const watch = (): void => {
      turns.push(clock.at);
      if (clock.at < 50) setImmediate(watch);
    };
    setImmediate(watch);
    expect(await runInSlices(() => steps(25, clock), () => clock.at)).toBe(25);
    expect(turns.length).toBeGreaterThan(4);
    expect(Math.max(...turns.map((at, i) => at - (turns[i - 1] ?? 25)))).toBeLessThan(10);
  });

  it('starts again when its input has changed, and is finally run in one piece', async () => {
    let begun = 0;
    const clock = { at: 0 };
    const work = function* (): Generator<void, string> {
      begun += 1;
      const turnedBefore = turned;
      for (let i = 0; i < 10; i += 1) {
        clock.at += 1;
        yield;
        if (turned !== turnedBefore) throw new OutdatedError();
      }
      return 'done';
    };
    let turned = 0;
    let isOver = false;
    const change = (): void => {
      turned += 1;
      if (!isOver) setImmediate(change);
    };
    setImmediate(change);
    expect(await runInSlices(work, () => clock.at)).toBe('done');
    isOver = true;
    expect(begun).toBe(4);
  });

  it('rejects with the error of the work', async () => {
    const broken = function* (): Generator<void, never> {
      yield;
      throw new Error('no good');
    };
    await expect(runInSlices(broken, () => 0)).rejects.toThrow('no good');
  });
});

describe('a list in slices', () => {
  it('lets the event loop run between two slices', async () => {
    const items = Array.from({ length: 20 }, (_, at) => at);
    let clock = 0;
    const turns: number[] = [];
    const done: number[] = [];
    const step = (item: number): void => {
      clock += 1;
      done.push(item);
    };
    const yieldToEventLoop = (): Promise<void> => {
      turns.push(done.length);
      return Promise.resolve();
    };
    await forEachInSlices(items, step, { mono: () => clock, yieldToEventLoop });
    expect(done).toEqual(items);
    // The clock is read at every eighth step.
    expect(turns).toEqual([8, 16]);
  });
});
