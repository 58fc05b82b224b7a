import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDue, nextCheck, startDelay } from '../../../src/main/updates/update-schedule';
import { isNewer } from '../../../src/main/updates/version';

const HOUR = 3_600_000;

describe('versions', () => {
  it.each([
    ['0.1.1', '0.1.0', true],
    ['0.2.0', '0.1.9', true],
    ['1.0.0', '0.99.99', true],
    ['0.10.0', '0.9.0', true],
    ['0.1.0', '0.1.0', false],
    ['0.1.0', '0.1.1', false],
    ['0.9.9', '1.0.0', false],
    ['1.0.0', '1.0.0-beta.1', true],
    ['1.0.0', '1.0.1-beta.1', false],
    ['1.0', '0.1.0', false],
    ['1.0.0-beta', '0.1.0', false],
    ['01.0.0', '0.1.0', false],
    ['9999999.0.0', '0.1.0', false],
    ['1.0.0', 'unknown', false],
  ])('%s is newer than %s: %s', (release, current, newer) => {
    expect(isNewer(release, current)).toBe(newer);
  });

  it('of two versions at most one is newer, and none is newer than itself', () => {
    const part = fc.nat(20);
    const version = fc.tuple(part, part, part).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(isNewer(a, b) && isNewer(b, a)).toBe(false);
        expect(isNewer(a, b) || isNewer(b, a)).toBe(a !== b);
      }),
    );
  });
});

describe('when it is asked', () => {
  const random = fc.double({ min: 0, max: 1, noNaN: true });

  it('is some minutes after the start, then a day after each answer, give or take four hours', () => {
    fc.assert(
      fc.property(random, fc.nat(), (chance, now) => {
        expect(startDelay(chance)).toBeGreaterThanOrEqual(3 * 60_000);
        expect(startDelay(chance)).toBeLessThanOrEqual(10 * 60_000);
        const wait = nextCheck(now, 0, chance) - now;
        expect(wait).toBeGreaterThanOrEqual(20 * HOUR);
        expect(wait).toBeLessThanOrEqual(28 * HOUR);
      }),
    );
  });

  it('is an hour after a failure, later after more, and never more often', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), random, (failures, chance) => {
        const wait = nextCheck(0, failures, chance);
        expect(wait).toBeGreaterThanOrEqual(HOUR);
        expect(wait).toBeLessThanOrEqual(30 * HOUR);
        expect(nextCheck(0, failures + 1, chance)).toBeGreaterThanOrEqual(wait);
      }),
    );
  });

  it('is planned so that it is never due at once, and always some day, even after a clock that was years ahead', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 41), fc.nat(20), random, (now, failures, chance) => {
        const next = nextCheck(now, failures, chance);
        expect(isDue(now, next)).toBe(false);
        expect(isDue(next, next)).toBe(true);
        expect(isDue(now - 400 * 24 * HOUR, next)).toBe(true);
      }),
    );
    expect(isDue(0, null)).toBe(true);
  });
});
