import { describe, expect, it } from 'vitest';
import { beginText, beginWithin, coverageText, describeShown, isBeyond, isPartial, shortDuration } from '../../../../src/renderer/lib/coverage';
import { countedSinceText } from '../../../../src/renderer/lib/counted-since';
import { describePointTime } from '../../../../src/renderer/lib/point-time';

const at = (hour: number, minute: number, second = 0, day = 30): number => new Date(2026, 10, day, hour, minute, second).getTime();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('coverage', () => {
  it('is named where less than the range was sampled, not for single late samples', () => {
    expect(isPartial(20, 7 * 86_400)).toBe(true);
    expect(isPartial(298.5, 300)).toBe(false);
    expect(isPartial(240, 300, 30)).toBe(false);
    expect(isPartial(220, 300, 30)).toBe(true);
    expect(isPartial(6.5 * 86_400, 7 * 86_400, 30)).toBe(true);
  });

  it('has durations without parts that are zero', () => {
    expect([20, 3600, 7 * 86_400, 6 * 86_400 + 4 * 3600, 12 * 3600, 365 * 86_400].map(shortDuration)).toEqual(['20 s', '1 h', '7 d', '6 d 04 h', '12 h', '365 d']);
    expect(coverageText(20, 7 * 86_400)).toBe('20 s of 7 d');
    expect([coverageText(20, 86_400), coverageText(20, 365 * 86_400), coverageText(20, 90 * 60)]).toEqual(['20 s of 24 h', '20 s of 1 y', '20 s of 1 h 30 min']);
  });

  it('the begin of the history is shown where it is within the window', () => {
    const begins = at(7, 37);
    expect(beginText(begins)).toBe('History begins 2026-11-30 07:37');
    expect(beginWithin(begins, { from: at(0, 0), to: at(8, 0) })).toBe(begins);
    expect(beginWithin(begins, { from: begins, to: at(8, 0) })).toBeNull();
    expect(beginWithin(null, { from: 0, to: 1 })).toBeNull();
    expect([isBeyond('5m', begins, at(8, 0)), isBeyond('1h', begins, at(8, 0)), isBeyond('1h', null, at(8, 0))]).toEqual([false, true, false]);
    expect(describeShown({ kind: 'live', span: '7d' }, { from: at(8, 0) - 7 * DAY, to: at(8, 0) }, begins)).toBe('last 7 days · History begins 2026-11-30 07:37');
    expect(describeShown({ kind: 'live', span: '5m' }, { from: at(7, 55), to: at(8, 0) }, begins)).toBe('last 5 minutes');
  });
});

describe('the time of a value', () => {
  const window = (length: number) => ({ from: at(8, 0) - length, to: at(8, 0) });

  it('is a moment for samples, and the length of the point with the word average for longer ones', () => {
    expect(describePointTime(at(7, 36, 5), 1000, window(5 * 60_000))).toBe('07:36:05');
    expect(describePointTime(at(7, 36, 4), 10_000, window(HOUR))).toBe('07:36:00–07:36:10, average');
    expect(describePointTime(at(7, 36, 5), 15 * 60_000, window(DAY))).toBe('07:30–07:45, average');
    expect(describePointTime(at(7, 36, 5), 15 * 60_000, window(7 * DAY))).toBe('2026-11-30 07:30–07:45, average');
  });
});

describe('since when a sum counts', () => {
  const now = at(10, 4);

  it('is the start of the machine, with what happened to a part of it since', () => {
    expect(countedSinceText({ boot: now - 3 * DAY - 1000, change: null }, now)).toBe('since boot, 3 d ago');
    expect(countedSinceText({ boot: now - 3 * DAY, change: { time: at(9, 12), reason: 'reset', device: 'eth0' } }, now)).toBe('since boot, 3 d ago · eth0 reset 09:12');
    expect(countedSinceText({ boot: null, change: { time: at(9, 12), reason: 'disconnected', device: 'eth1' } }, now)).toBe('eth1 disconnected 09:12');
    expect(countedSinceText({ boot: null, change: null }, now)).toBeNull();
  });

  it('of a device is its own beginning', () => {
    expect(countedSinceText({ boot: now - DAY, change: { time: at(9, 12), reason: 'connected' } }, now)).toBe('since 09:12 (connected)');
    expect(countedSinceText({ boot: now - DAY, change: { time: at(9, 12, 0, 28), reason: 'reset' } }, now)).toBe('since 2026-11-28 09:12 (reset)');
  });
});
