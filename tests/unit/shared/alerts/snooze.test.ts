import { describe, expect, it } from 'vitest';
import { covers, isOver, snoozeEnd, snoozeOf, targetKey, tomorrowMorning } from '../../../../src/shared/alerts/snooze';
import type { Snooze, SnoozeTarget } from '../../../../src/shared/alerts/snooze';
import { iso, utc, wallClock, zoneOffset } from '../../../support/time-zones';

const NOW = utc('2026-06-10T12:00');
const disk = { ruleId: 'disk-space', series: 'disk.usage@/home' };
const snooze = (target: SnoozeTarget, until: number | null): Snooze => ({ target, label: 'x', since: NOW, until });

describe('snoozes', () => {
  it('last for the chosen duration', () => {
    const berlin = zoneOffset('Europe/Berlin');
    expect([snoozeEnd('15min', NOW, berlin), snoozeEnd('1h', NOW, berlin), snoozeEnd('recovery', NOW, berlin)]).toEqual([NOW + 900_000, NOW + 3_600_000, null]);
    expect(iso(snoozeEnd('tomorrow', NOW, berlin))).toBe('2026-06-11T06:00');
  });

  it.each([
    ['Europe/Berlin', '2026-03-28T14:00', 'Sun 08:00', 16],
    ['Europe/Berlin', '2026-10-24T14:00', 'Sun 08:00', 17],
    ['America/New_York', '2026-03-07T20:00', 'Sun 08:00', 16],
    ['America/New_York', '2026-10-31T20:00', 'Sun 08:00', 17],
    ['Australia/Lord_Howe', '2026-04-04T01:00', 'Sun 08:00', 20.5],
    ['Australia/Lord_Howe', '2026-10-03T01:00', 'Sun 08:00', 20],
  ])('until tomorrow in %s from %s end at %s local time', (zone, now, clock, hours) => {
    const until = tomorrowMorning(utc(now), zoneOffset(zone));
    expect(wallClock(zone, until)).toBe(clock);
    expect((until - utc(now)) / 3_600_000).toBe(hours);
  });

  it('until tomorrow created after midnight end on the same morning', () => {
    const utcZone = zoneOffset('UTC');
    expect(iso(tomorrowMorning(utc('2026-06-10T00:30'), utcZone))).toBe('2026-06-10T08:00');
    expect(iso(tomorrowMorning(utc('2026-06-10T03:59'), utcZone))).toBe('2026-06-10T08:00');
    expect(iso(tomorrowMorning(utc('2026-06-10T04:00'), utcZone))).toBe('2026-06-11T08:00');
  });

  it('cover everything, a rule with all its series, or one series', () => {
    const other = { ruleId: 'disk-space', series: 'disk.usage@/' };
    expect([covers({ kind: 'all' }, disk), covers({ kind: 'rule', ruleId: 'disk-space' }, other), covers({ kind: 'rule', ruleId: 'cpu' }, disk)]).toEqual([true, true, false]);
    const series: SnoozeTarget = { kind: 'series', ...disk };
    expect([covers(series, disk), covers(series, other)]).toEqual([true, false]);
    expect(new Set([targetKey(series), targetKey({ kind: 'rule', ruleId: 'disk-space' }), targetKey({ kind: 'all' })]).size).toBe(3);
    const narrow = snooze(series, null);
    const wide = snooze({ kind: 'all' }, null);
    expect([snoozeOf([narrow, wide], disk), snoozeOf([narrow], other)]).toEqual([wide, null]);
  });

  it('end at their time, or with the last incident they cover', () => {
    const timed = snooze({ kind: 'all' }, NOW + 900_000);
    expect([isOver(timed, NOW + 899_999, []), isOver(timed, NOW + 900_000, [disk])]).toEqual([false, true]);
    const recovery = snooze({ kind: 'rule', ruleId: 'disk-space' }, null);
    expect([isOver(recovery, NOW, [disk]), isOver(recovery, NOW, [{ ruleId: 'cpu', series: 'cpu.usage' }])]).toEqual([false, true]);
  });

  it('do not outlast a clock that was set back', () => {
    expect(isOver(snooze({ kind: 'all' }, NOW + 3_600_000), NOW - 30 * 86_400_000, [])).toBe(true);
  });
});
