import { assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQuiet, quietRangeSchema, quietUntil } from '../../../../src/shared/alerts/quiet-hours';
import { WEEKDAYS } from '../../../../src/shared/alerts/weekdays';
import type { QuietRange } from '../../../../src/shared/alerts/quiet-hours';
import { iso, utc, wallClock, zoneOffset } from '../../../support/time-zones';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const every = (from: string, to: string): QuietRange => ({ days: [...WEEKDAYS], from, to });
const NIGHT = [every('22:00', '07:00')];

/** The nights of 2026 in which clocks change, and by how many minutes each is longer or shorter. */
const ZONES = [
  ['Europe/Berlin', '2026-03-28T23:30', -60],
  ['Europe/Berlin', '2026-10-24T23:30', 60],
  ['America/New_York', '2026-03-08T05:00', -60],
  ['America/New_York', '2026-11-01T04:30', 60],
  ['Australia/Lord_Howe', '2026-04-04T14:00', 30],
  ['Australia/Lord_Howe', '2026-10-03T14:00', -30],
] as const;

describe('quiet hours', () => {
  it.each(ZONES)('%s, night of %s: one interval from 22:00 to 07:00 local time', (zone, inTheNight, longer) => {
    const offsetAt = zoneOffset(zone);
    const time = utc(inTheNight);
    const end = quietUntil(NIGHT, time, offsetAt) ?? 0;
    expect(wallClock(zone, end)).toMatch(/07:00$/);
    const begin = end - 9 * HOUR - longer * MINUTE;
    expect(wallClock(zone, begin)).toMatch(/22:00$/);
    for (let at = begin; at < end; at += 5 * MINUTE) {
      expect(isQuiet(NIGHT, at, offsetAt)).toBe(true);
      expect(quietUntil(NIGHT, at, offsetAt)).toBe(end);
    }
    expect(isQuiet(NIGHT, begin - 1, offsetAt)).toBe(false);
    expect(isQuiet(NIGHT, end, offsetAt)).toBe(false);
    expect(quietUntil(NIGHT, end, offsetAt)).toBeNull();
  });

  it('begin at the clock change if it skips their edge', () => {
    const berlin = zoneOffset('Europe/Berlin');
    // 02:30 does not exist on 29 March: at 01:00 UTC the clocks go from 02:00 to 03:00.
    const late = [every('02:30', '05:00')];
    expect([isQuiet(late, utc('2026-03-29T00:59'), berlin), isQuiet(late, utc('2026-03-29T01:00'), berlin)]).toEqual([false, true]);
    const early = [every('00:00', '02:30')];
    expect(iso(quietUntil(early, utc('2026-03-29T00:30'), berlin))).toBe('2026-03-29T01:00');
    const howe = zoneOffset('Australia/Lord_Howe');
    // Half an hour is skipped at 02:00 on 4 October, 15:30 UTC the day before.
    expect(iso(quietUntil([every('01:00', '02:15')], utc('2026-10-03T15:00'), howe))).toBe('2026-10-03T15:30');
  });

  it('do not end and begin again within an hour that occurs twice', () => {
    const berlin = zoneOffset('Europe/Berlin');
    const range = [every('01:00', '02:30')];
    // 02:30 is 00:30 and 01:30 UTC.
    expect(iso(quietUntil(range, utc('2026-10-24T23:30'), berlin))).toBe('2026-10-25T01:30');
    expect(isQuiet(range, utc('2026-10-25T00:45'), berlin)).toBe(true);
    expect(isQuiet(range, utc('2026-10-25T01:30'), berlin)).toBe(false);
    // From the first 02:15 to the second 02:45.
    const within = [every('02:15', '02:45')];
    expect([isQuiet(within, utc('2026-10-25T00:15'), berlin), iso(quietUntil(within, utc('2026-10-25T00:15'), berlin))]).toEqual([true, '2026-10-25T01:45']);
  });

  it('count for the day they begin on', () => {
    const offsetAt = zoneOffset('Europe/Berlin');
    const friday: QuietRange[] = [{ days: ['fri'], from: '23:00', to: '06:00' }];
    // 12 June 2026 is a Friday.
    expect(isQuiet(friday, utc('2026-06-12T21:30'), offsetAt)).toBe(true);
    expect(iso(quietUntil(friday, utc('2026-06-13T01:00'), offsetAt))).toBe('2026-06-13T04:00');
    expect(isQuiet(friday, utc('2026-06-11T22:00'), offsetAt)).toBe(false);
    expect(isQuiet(friday, utc('2026-06-13T22:00'), offsetAt)).toBe(false);
  });

  it('are joined if adjacent, and mean a whole day if both times are the same', () => {
    const offsetAt = zoneOffset('America/New_York');
    const weekend: QuietRange[] = [{ days: ['fri'], from: '18:00', to: '00:00' }, { days: ['sat', 'sun'], from: '00:00', to: '00:00' }, { days: ['mon'], from: '00:00', to: '08:00' }];
    expect(wallClock('America/New_York', quietUntil(weekend, utc('2026-06-13T03:00'), offsetAt) ?? 0)).toBe('Mon 08:00');
    expect(isQuiet(weekend, utc('2026-06-11T16:00'), offsetAt)).toBe(false);
  });

  it('that never end have an end within nine days', () => {
    const always = [every('00:00', '00:00')];
    const end = quietUntil(always, utc('2026-06-13T03:00'), zoneOffset('Europe/Berlin')) ?? 0;
    expect(end - utc('2026-06-13T03:00')).toBeGreaterThan(7 * 24 * HOUR);
    expect(quietUntil([], 0)).toBeNull();
  });

  it('match local time at any time of the year, except for the hour that occurs twice', () => {
    const year = integer({ min: utc('2026-01-01T00:00') / MINUTE, max: utc('2026-12-31T00:00') / MINUTE });
    assert(
      property(constantFrom(...new Set(ZONES.map(([zone]) => zone))), year, (zone, minute) => {
        const offsetAt = zoneOffset(zone);
        const time = minute * MINUTE;
        const clock = wallClock(zone, time).slice(4);
        expect(isQuiet(NIGHT, time, offsetAt)).toBe(clock >= '22:00' || clock < '07:00');
        const until = quietUntil(NIGHT, time, offsetAt);
        expect(until === null).toBe(!isQuiet(NIGHT, time, offsetAt));
        if (until !== null) expect(isQuiet(NIGHT, until, offsetAt)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it.each([{ days: [], from: '22:00', to: '07:00' }, { days: ['mon'], from: '24:00', to: '07:00' }, { days: ['mon'], from: '22:60', to: '07:00' }, { days: ['noday'], from: '22:00', to: '07:00' }, { days: ['mon'], from: '7:00', to: '08:00' }])('reject %j', (range) => {
    expect(quietRangeSchema.safeParse(range).success).toBe(false);
  });
});
