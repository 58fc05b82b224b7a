/** The benchmark's own arithmetic: a wrong figure would look like any other. */
import { describe, expect, it } from 'vitest';
import type { Row } from '../../bench/bench';
import { median, over, rangeOf } from '../../bench/numbers';
import { parseOptions } from '../../bench/options';
import { parseBusyTicks, parseField, parseStat } from '../../bench/proc';
import { comparedOf, isReached, toTable } from '../../bench/table';

describe('reading /proc', () => {
  const toStat = (state: string): string => `4242 (odd) name (x)) ${state} 17 4242 4100 0 -1 4194560 900 80 0 0 120 30 7 5 20 0 9 0 812345 1000 200\n`;

  it('finds the fields behind a name with parentheses and spaces', () => {
    expect(parseStat(toStat('S'))).toEqual({ pid: 4242, parent: 17, session: 4100, ownTicks: 150, childTicks: 12 });
  });

  it('counts no process that has ended', () => {
    expect(parseStat(toStat('Z'))).toBeNull();
    expect(parseStat('')).toBeNull();
  });

  it('sums busy time without idle, iowait and the guests that user time holds already', () => {
    expect(parseBusyTicks('cpu  100 20 30 9000 400 5 6 7 50 3\ncpu0 1 1 1 1\n')).toBe(168);
  });

  it('reads a named field, and tells a missing one from zero', () => {
    expect(parseField('Rss:  9 kB\nPss:      1234 kB\nPss_Dirty: 5 kB\n', 'Pss')).toBe(1234);
    expect(parseField('write_bytes: 0\n', 'write_bytes')).toBe(0);
    expect(parseField('', 'Pss')).toBeNull();
  });
});

describe('numbers', () => {
  it('takes the middle and leaves out what is missing', () => {
    expect(median([3, null, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([null])).toBeNull();
    expect(rangeOf([2, null, 1])).toEqual({ min: 1, max: 2 });
    expect(over(1, 0)).toBeNull();
  });
});

describe('options', () => {
  it('runs all but the optional parts, each pair three times', () => {
    expect(parseOptions([])).toMatchObject({ parts: ['closed', 'open', 'start', 'window', 'tick', 'alerts'], pairs: 3, seconds: 60 });
  });

  it('keeps the order of the parts and takes optional ones on request', () => {
    expect(parseOptions(['--only=tick,closed', '--leak', '--quick'])).toMatchObject({ parts: ['closed', 'tick', 'leak'], pairs: 1, seconds: 20 });
  });

  it('refuses what it does not know', () => {
    expect(() => parseOptions(['--only=clsed'])).toThrow('no such part: clsed');
    expect(() => parseOptions(['--pairs=0'])).toThrow('not a count: 0');
    expect(() => parseOptions(['--oops'])).toThrow('--oops');
  });
});

describe('the table', () => {
  const row: Row = { part: 'closed', what: 'tray only', bare: 0.02, app: 0.1, compare: 'minus', aim: { of: 'compared', atMost: 0.1 }, unit: 's', digits: 2 };

  it('compares by difference or ratio, and only what both have', () => {
    expect(comparedOf(row)).toBeCloseTo(0.08);
    expect(comparedOf({ ...row, compare: 'over' })).toBeCloseTo(5);
    expect(comparedOf({ ...row, bare: null })).toBeNull();
  });

  it('judges the difference or the own value, and nothing without a figure', () => {
    expect(isReached(row)).toBe(true);
    expect(isReached({ ...row, app: 0.3 })).toBe(false);
    expect(isReached({ ...row, aim: { of: 'app', atMost: 0.05 } })).toBe(false);
    expect(isReached({ ...row, app: null })).toBeNull();
  });

  it('shows a missing figure as missing', () => {
    const [, , line = ''] = toTable([{ ...row, app: null }]);
    expect(line).toMatch(/tray only\s+0\.02\s+–\s+s\s+≤ \+0\.10/);
  });
});
