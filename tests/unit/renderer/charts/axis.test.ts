import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleFor } from '../../../../src/renderer/charts/axis';
import { formatAxisValue } from '../../../../src/renderer/lib/value-width';
import type { Unit } from '../../../../src/shared/metrics/define';

const UNITS: readonly Unit[] = ['percent', 'bytes', 'bytesPerSecond', 'perSecond', 'count', 'load', 'celsius', 'hertz', 'watts', 'rpm', 'seconds', 'milliseconds'];
const KIB = 1024;

describe('scaleFor', () => {
  it('contains all values in at most a dozen intervals, for every unit', () => {
    const value = fc.double({ min: 0, max: 1e13, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...UNITS), value, value, (unit, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const scale = scaleFor(unit, low, high);
        const slack = 1e-6 * Math.max(1, high);
        expect(scale.min).toBeLessThanOrEqual(low + slack);
        expect(scale.max).toBeGreaterThanOrEqual(high - slack);
        expect(scale.interval).toBeGreaterThan(0);
        expect((scale.max - scale.min) / scale.interval).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('starts at zero, except for temperatures, clock speeds and uptimes', () => {
    expect(scaleFor('load', 3, 4).min).toBe(0);
    expect(scaleFor('celsius', 41, 58)).toEqual({ min: 40, max: 60, interval: 5 });
    expect(scaleFor('hertz', 1.1e9, 3.9e9)).toEqual({ min: 1e9, max: 4e9, interval: 1e9 });
  });

  it('uses powers of two for sizes', () => {
    expect(scaleFor('bytes', 0, 900 * KIB)).toEqual({ min: 0, max: 1024 * KIB, interval: 256 * KIB });
    expect(scaleFor('bytesPerSecond', 0, 0)).toEqual({ min: 0, max: 256, interval: 256 });
  });

  it('gives percentages a round upper limit', () => {
    expect(scaleFor('percent', 0, 3.2)).toEqual({ min: 0, max: 5, interval: 1 });
    expect(scaleFor('percent', 0, 63)).toEqual({ min: 0, max: 100, interval: 25 });
    expect(scaleFor('percent', 0, 240).max).toBeGreaterThanOrEqual(240);
  });

  it('uses whole numbers for counts', () => {
    expect(scaleFor('count', 0, 2).interval).toBe(1);
  });

  it('has a scale without values and for a line at zero', () => {
    expect(scaleFor('load', null, null).max).toBeGreaterThan(0);
    expect(formatAxisValue(scaleFor('perSecond', 0, 0).max, 'perSecond')).not.toBe(formatAxisValue(0, 'perSecond'));
  });
});

describe('formatAxisValue', () => {
  it('drops trailing zeros', () => {
    expect(formatAxisValue(50, 'percent')).toBe('50\u202f%');
    expect(formatAxisValue(2.5, 'percent')).toBe('2.5\u202f%');
    expect(formatAxisValue(1.5 * KIB, 'bytes')).toBe('1.5\u202fKiB');
    expect(formatAxisValue(100 * KIB, 'bytes')).toBe('100\u202fKiB');
    expect(formatAxisValue(0.25, 'load')).toBe('0.25');
    expect(formatAxisValue(10, 'load')).toBe('10');
  });
});
