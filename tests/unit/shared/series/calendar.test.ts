import { describe, expect, it } from 'vitest';
import { shiftTimes, sameTime, sameWindow } from '../../../../src/shared/series/calendar';
import type { OffsetAt } from '../../../../src/shared/series/calendar';

const HOUR = 3_600_000;
const utc = (text: string): number => Date.parse(`${text}Z`);
const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString().slice(0, 16));

/** Central Europe in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC. */
const berlin: OffsetAt = (time) => (time >= utc('2026-03-29T01:00') && time < utc('2026-10-25T01:00') ? 2 * HOUR : HOUR);

describe('the same time on another day', () => {
  it('is 24 hours away on most days', () => {
    expect(iso(sameTime(utc('2026-06-10T08:30'), -1, berlin))).toBe('2026-06-09T08:30');
    expect(iso(sameTime(utc('2026-06-10T08:30'), -7, berlin))).toBe('2026-06-03T08:30');
  });

  it('is 23 hours away over the night the clocks go forward, 25 over the night they go back', () => {
    // 12:00 local: 10:00 UTC in summer, 11:00 UTC in winter.
    expect(iso(sameTime(utc('2026-03-29T10:00'), -1, berlin))).toBe('2026-03-28T11:00');
    expect(iso(sameTime(utc('2026-10-25T11:00'), -1, berlin))).toBe('2026-10-24T10:00');
    expect(iso(sameTime(utc('2026-10-28T11:00'), -7, berlin))).toBe('2026-10-21T10:00');
  });

  it('is null if the clocks skip it, and the first if it occurs twice', () => {
    // 02:30 local on 29 March does not exist; on 25 October it is 00:30 and 01:30 UTC.
    expect(sameTime(utc('2026-03-28T01:30'), 1, berlin)).toBeNull();
    expect(iso(sameTime(utc('2026-10-24T00:30'), 1, berlin))).toBe('2026-10-25T00:30');
  });

  it('shifts a window by its edges, so that its length may change', () => {
    const day = { from: utc('2026-03-28T23:00'), to: utc('2026-03-29T22:00') };
    const before = sameWindow(day, -1, berlin);
    expect([iso(before.from), iso(before.to)]).toEqual(['2026-03-27T23:00', '2026-03-28T23:00']);
    const edge = sameWindow({ from: utc('2026-03-30T00:30'), to: utc('2026-03-30T10:00') }, -1, berlin);
    expect(iso(edge.from)).toBe('2026-03-29T01:30');
  });
});

describe('shiftTimes', () => {
  const hours = (from: string, count: number): number[] => Array.from({ length: count }, (_, at) => utc(from) + at * HOUR);
  const shifted = (times: readonly number[], days: number): readonly (string | null)[] => shiftTimes(times, days, berlin).map(({ index, time }) => `${index ?? 'gap'} ${iso(time)?.slice(11)}`);

  it('leaves out the hour that the target day skips', () => {
    // 01:00, 02:00, 03:00 local on 28 March; 02:00 is missing on 29 March.
    expect(shifted(hours('2026-03-28T00:00', 3), 1)).toEqual(['0 00:00', '2 01:00']);
  });

  it('makes a gap of the hour that only the target day has', () => {
    // 01:00 to 04:00 local on 24 October; on the 25th 02:00 occurs a second time, an hour later.
    expect(shifted([...hours('2026-10-23T23:00', 4)], 1)).toEqual(['0 23:00', '1 00:00', 'gap 01:00', '2 02:00', '3 03:00']);
  });

  it('uses the first of two hours that the other day had twice, and a gap where it had none', () => {
    // 25 October 01:00, 02:00, 02:00 again, 03:00 local, shown on the 26th.
    expect(shifted(hours('2026-10-24T23:00', 4), 1)).toEqual(['0 00:00', '1 01:00', '3 02:00']);
    // 29 March 00:00, 01:00, 03:00 local, shown on the 30th, which has a 02:00.
    expect(shifted(hours('2026-03-28T23:00', 3), 1)).toEqual(['0 22:00', '1 23:00', 'gap 00:00', '2 01:00']);
  });
});
