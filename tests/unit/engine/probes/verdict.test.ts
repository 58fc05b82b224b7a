/** Up and down: decided by results in a row, on any sequence of them. */
import { array, assert, boolean, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterProbe, delayAfter, fallen, interrupted, isFalling, SOONER, UNDECIDED } from '../../../../src/main/engine/probes/verdict';
import type { Verdict } from '../../../../src/main/engine/probes/verdict';

const DAY = 86_400_000;

/** Counts a result, where nothing speaks against its falling. */
const step = (verdict: Verdict, ok: boolean): Verdict => {
  const next = afterProbe(verdict, ok);
  return isFalling(next) ? fallen(next) : next;
};
const after = (results: readonly boolean[], from: Verdict = UNDECIDED): Verdict => results.reduce(step, from);

describe('the verdict', () => {
  it('of a new service is up with the first success, and down with the third failure', () => {
    expect(after([true]).isUp).toBe(true);
    expect(after([false, false]).isUp).toBeNull();
    expect(after([false, false, true]).isUp).toBe(true);
    expect(after([false, false, false]).isUp).toBe(false);
  });

  it('falls after three failures in a row, and rises after two successes in a row', () => {
    expect(after([true, false, false, true, false, false]).isUp).toBe(true);
    expect(after([true, false, false, false, true]).isUp).toBe(false);
    expect(after([true, false, false, false, true, false, true]).isUp).toBe(false);
    expect(after([true, false, false, false, true, true]).isUp).toBe(true);
  });

  it('counts nothing in a row over a time that was not measured', () => {
    expect(after([false], interrupted(after([true, false, false]))).isUp).toBe(true);
    expect(after([true], interrupted(after([true, false, false, false, true]))).isUp).toBe(false);
  });

  it('is always what the last results say', () => {
    assert(
      property(array(boolean(), { maxLength: 60 }), (results) => {
        let verdict = UNDECIDED;
        let isUp: boolean | null = null;
        for (const [at, ok] of results.entries()) {
          verdict = step(verdict, ok);
          const last = (count: number): readonly boolean[] => results.slice(Math.max(0, at + 1 - count), at + 1);
          // Written anew, by looking back.
          if (last(3).length === 3 && last(3).every((one) => !one)) isUp = false;
          else if (isUp === null && ok) isUp = true;
          else if (isUp === false && at > 0 && last(2).every(Boolean)) isUp = true;
          expect(verdict.isUp).toBe(isUp);
        }
      }),
    );
  });
});

describe('the next probe', () => {
  it('comes sooner while something changes, so that a day between two is no three days until it is known', () => {
    expect(delayAfter(after([true]), DAY)).toBe(DAY);
    expect(delayAfter(after([true, false]), DAY)).toBe(SOONER);
    expect(delayAfter(after([true, false, false]), DAY)).toBe(SOONER);
    expect(delayAfter(after([true, false, false, false]), DAY)).toBe(DAY);
    expect(delayAfter(after([true, false, false, false, true]), DAY)).toBe(SOONER);
    expect(delayAfter(after([true, false, false, false, true, true]), DAY)).toBe(DAY);
  });

  it('never comes later than its interval', () => {
    expect(delayAfter(after([false]), 10_000)).toBe(10_000);
  });
});
