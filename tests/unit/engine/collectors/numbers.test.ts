import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../../src/main/engine/collectors/byte-cursor';
import { growth, maxOf, percent, rate, roundTo, sumOf, totalOf } from '../../../../src/main/engine/collectors/numbers';

const number = fc.double({ noNaN: false });
const value = fc.option(number);

describe('roundTo', () => {
  it('gives clean multiples and no negative zero', () => {
    expect(roundTo(0.30000000000000004, 0.1)).toBe(0.3);
    expect(roundTo(1234.5678, 0.01)).toBe(1234.57);
    expect(roundTo(6000, 4096)).toBe(4096);
    expect(Object.is(roundTo(-0.001, 0.1), 0)).toBe(true);
    expect(roundTo(Number.NaN, 1)).toBeNull();
    expect(roundTo(Number.POSITIVE_INFINITY, 0.1)).toBeNull();
    expect(roundTo(null, 1)).toBeNull();
  });
});

describe('rates and shares', () => {
  it('are never negative or NaN for any counters', () => {
    fc.assert(
      fc.property(value, value, number, (now, before, seconds) => {
        const results = [rate(now, before, seconds), growth(now, before), percent(now, before)].map((one) => roundTo(one, 0.1) ?? 0);
        expect(results.every((one) => Number.isFinite(one) && one >= 0)).toBe(true);
        expect(results[2]).toBeLessThanOrEqual(100);
      }),
    );
    expect(percent(-5, 10)).toBe(0);
  });

  it('are null for missing values', () => {
    expect(rate(5, undefined, 1)).toBeNull();
    expect(rate(5, 7, 1)).toBeNull();
    expect(rate(7, 5, 0)).toBeNull();
    expect(rate(7, 5, 4)).toBe(0.5);
    expect(percent(1, 0)).toBeNull();
    expect(sumOf([null, null])).toBeNull();
    expect(sumOf([null, 2, 3])).toBe(5);
    expect([totalOf([null, 2, 3]), totalOf([2, 3]), totalOf([0, 0]), totalOf([])]).toEqual([null, 5, 0, null]);
    expect(maxOf([null, -3, -2])).toBe(-2);
  });
});

describe('Cursor', () => {
  it('reads any numbers, and stops at the end of the line', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(), { minLength: 1 }), { minLength: 1 }), (rows) => {
        const cursor = new Cursor(Buffer.from(rows.map((row) => ` ${row.join('  ')}\n`).join('')));
        for (const row of rows) {
          expect(row.map(() => cursor.number())).toEqual(row);
          expect(cursor.number()).toBe(-1);
          expect(cursor.word()).toBe('');
          cursor.nextLine();
        }
        expect(cursor.atEnd).toBe(true);
      }),
    );
  });
});
