import { array, assert, double, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../../src/main/desktop/icon/draw';
import { toLevel } from '../../../src/main/desktop/tray-hysteresis';
import { toPixels, toTrayIconStyle } from '../../../src/main/desktop/tray-icon-style';

const STEP = 100 / LEVELS;

describe('toLevel', () => {
  it('does not change while values vary around a boundary between two steps', () => {
    const noise = array(double({ min: -1.9, max: 1.9, noNaN: true }), { minLength: 2, maxLength: 60 });
    assert(
      property(integer({ min: 0, max: LEVELS - 1 }), noise, (step, moves) => {
        const boundary = (step + 0.5) * STEP;
        const first = toLevel(boundary + (moves[0] ?? 0), null);
        let level = first;
        for (const move of moves) {
          level = toLevel(boundary + move, level);
          expect(level).toBe(first);
        }
      }),
    );
  });

  it('is never further than the margin from the value, whatever the previous level', () => {
    assert(
      property(array(double({ min: -20, max: 130, noNaN: true }), { minLength: 1 }), (values) => {
        let level: number | null = null;
        for (const value of values) {
          level = toLevel(value, level);
          expect(Math.abs((level ?? Infinity) * STEP - Math.min(100, Math.max(0, value)))).toBeLessThanOrEqual(0.7 * STEP + 1e-9);
        }
      }),
    );
  });

  it('follows a large change at once and reaches both ends', () => {
    expect([toLevel(0, 5), toLevel(100, 5), toLevel(96, 9), toLevel(98, 9)]).toEqual([0, LEVELS, 9, LEVELS]);
  });

  it('is null for a missing value', () => {
    expect([toLevel(null, 4), toLevel(Number.NaN, 4)]).toEqual([null, null]);
  });
});

describe('toTrayIconStyle', () => {
  it('has even pixels at the scale that reaches the panel', () => {
    expect(toTrayIconStyle('linux', 'KDE', 1)).toEqual({ size: 22, scales: [1], scheme: 'panel' });
    expect(toTrayIconStyle('linux', 'XFCE', 2).size).toBe(44);
    expect(toTrayIconStyle('linux', 'KDE', 1.25).size % 2).toBe(0);
    expect(toTrayIconStyle('linux', 'ubuntu:GNOME', 1).size).toBe(32);
    expect([1, 1.25, 1.5, 2, 3].map((scale) => toPixels(toTrayIconStyle('win32', '', scale), 1))).toEqual([16, 20, 24, 32, 48]);
    expect(toTrayIconStyle('darwin', '', 2)).toEqual({ size: 16, scales: [1, 2], scheme: 'template' });
  });
});
