/** The benchmark's own arithmetic: a wrong figure would look like any other. */
import { describe, expect, it } from 'vitest';
import type { Row } from '../../bench/bench';
import { median, over, quantile, rangeOf, spreadOf } from '../../bench/numbers';
import { isDesktopPart, parseOptions } from '../../bench/options';
import { parseBusyTicks, parseField, parseStat } from '../../bench/proc';
import { comparedOf, isReached, toTable, toTables } from '../../bench/table';
import { parseOnCore } from '../../bench/thread-time';

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

  it('reads the first number of schedstat, whatever an earlier look left behind it', () => {
    const bytes = new TextEncoder().encode('1234567890123 42 7\n99 leftover');
    expect(parseOnCore(bytes, 18)).toBe(1_234_567_890_123);
    expect(parseOnCore(new Uint8Array(0), 0)).toBe(0);
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

  it('takes quantiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([0, 0.5, 0.95, 1].map((share) => quantile(hundred, share))).toEqual([1, 50, 95, 100]);
    expect(spreadOf(hundred)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, longest: 100 });
    expect(quantile([], 0.5)).toBeNull();
    expect(spreadOf([])).toBeNull();
  });
});

describe('options', () => {
  it('runs all but the optional parts, each pair three times', () => {
    const parts = ['closed', 'open', 'start', 'window', 'headless', 'tick', 'processes', 'alerts', 'store-size', 'store-write', 'store-query', 'store-age', 'store-export'];
    expect(parseOptions([])).toMatchObject({ parts, pairs: 3, seconds: 60, quick: false });
  });

  it('keeps the order of the parts and takes optional ones on request', () => {
    expect(parseOptions(['--only=tick,closed', '--leak', '--quick'])).toMatchObject({ parts: ['closed', 'tick', 'leak'], pairs: 1, seconds: 20 });
  });

  it('takes all parts of the store by one word, and knows that they need no desktop', () => {
    const options = parseOptions(['--only=store,tick']);
    if (options === 'help') throw new Error('options');
    expect(options.parts).toEqual(['tick', 'store-size', 'store-write', 'store-query', 'store-age', 'store-export']);
    expect(options.parts.some(isDesktopPart)).toBe(false);
    expect(parseOptions(['--only=store-age'])).toMatchObject({ parts: ['store-age'] });
    expect(['closed', 'leak'].every((part) => isDesktopPart(part as 'closed' | 'leak'))).toBe(true);
  });

  it('lets containers come and go only on request', () => {
    expect(parseOptions(['--only=workloads'])).toMatchObject({ parts: ['workloads'], churnMinutes: null });
    expect(parseOptions(['--only=workloads', '--churn=30'])).toMatchObject({ churnMinutes: 30 });
    expect(() => parseOptions(['--churn=never'])).toThrow('not a count: never');
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

  it('gives the store a table of its own, and leaves out an empty one', () => {
    const ofStore: Row = { ...row, part: 'store-size', what: 'a sample', compare: 'over' };
    const both = toTables([row, ofStore]);
    expect(both.filter((line) => line.includes('Traywatch')).map((line) => /bare|beside/.exec(line)?.[0])).toEqual(['bare', 'beside']);
    expect(toTables([ofStore]).join('\n')).not.toContain('bare');
    expect(toTables([])).toEqual([]);
  });

  it('shows a missing figure as missing', () => {
    const [, , line = ''] = toTable([{ ...row, app: null }]);
    expect(line).toMatch(/tray only\s+0\.02\s+–\s+s\s+≤ \+0\.10/);
  });
});
