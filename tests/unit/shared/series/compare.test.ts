import { describe, expect, it } from 'vitest';
import { shiftDays, shiftRange } from '../../../../src/shared/series/compare';

const at = (text: string): number => Date.parse(text);

describe('the same hours on another day', () => {
  it('are the same by the clock on the wall where clocks change', () => {
    // Berlin: summer time begins on 29 March 2026 at 02:00, and ends on 25 October at 03:00.
    expect(shiftDays(at('2026-03-30T08:00+02:00'), -7, 'Europe/Berlin')).toBe(at('2026-03-23T08:00+01:00'));
    expect(shiftRange({ from: at('2026-10-25T00:00+02:00'), to: at('2026-10-26T00:00+01:00') }, -1, 'Europe/Berlin')).toEqual({
      from: at('2026-10-24T00:00+02:00'),
      to: at('2026-10-25T00:00+02:00'),
    });
    expect(shiftDays(at('2026-03-30T12:00+02:00'), -1, 'Europe/Berlin')).toBe(at('2026-03-29T12:00+02:00'));
  });

  it('have an answer for the hour that is left out, and take the first of one that comes twice', () => {
    expect(shiftDays(at('2026-03-30T02:30+02:00'), -1, 'Europe/Berlin')).toBe(at('2026-03-29T03:30+02:00'));
    expect(shiftDays(at('2026-10-26T02:30+01:00'), -1, 'Europe/Berlin')).toBe(at('2026-10-25T02:30+02:00'));
  });

  it('are a multiple of 24 hours away where clocks do not change', () => {
    expect(shiftDays(at('2026-01-01T00:00:00.123Z'), -7, 'UTC')).toBe(at('2025-12-25T00:00:00.123Z'));
    expect(shiftDays(at('2026-02-28T12:00+05:45'), 1, 'Asia/Kathmandu')).toBe(at('2026-03-01T12:00+05:45'));
  });
});
