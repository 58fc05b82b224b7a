import { describe, expect, it } from 'vitest';
import type { Columns } from '../../../../src/renderer/data/columns';
import { sparkPaths, sparkScale } from '../../../../src/renderer/charts/spark-path';

const BOX = { width: 100, height: 10 };
const SCALE = { min: 0, max: 10, interval: 5 };

function series(values: readonly (number | null)[]): Columns {
  return { time: values.map((_, at) => at * 10), min: values, avg: values, max: values, count: values.map(() => 1) };
}

describe('sparkPaths', () => {
  it('draws from left to right, high values up', () => {
    expect(sparkPaths(series([0, 10]), 0, 100, SCALE, BOX).line).toBe('M0 10L10 0');
  });

  it('breaks at a gap', () => {
    const { line, area } = sparkPaths(series([0, 10, null, 5, 5]), 0, 100, SCALE, BOX);
    expect(line).toBe('M0 10L10 0M30 5L40 5');
    expect(area.match(/Z/g)).toHaveLength(2);
  });

  it('draws a single point as a dash', () => {
    expect(sparkPaths(series([null, 10, null]), 0, 100, SCALE, BOX).line).toBe('M10 0L11 0');
  });

  it('draws nothing without values', () => {
    expect(sparkPaths(series([null]), 0, 100, SCALE, BOX)).toEqual({ line: '', area: '' });
  });
});

describe('sparkScale', () => {
  it('is one for all lines', () => {
    expect(sparkScale([series([1]), series([60])], 'percent').max).toBe(100);
    expect(sparkScale([], 'percent').max).toBeGreaterThan(0);
  });
});
