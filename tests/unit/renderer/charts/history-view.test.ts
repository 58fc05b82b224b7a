import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import { isCompared, scaleOf, toOption } from '../../../../src/renderer/charts/option';
import { shiftColumns } from '../../../../src/renderer/data/history-queries';
import { planCharts } from '../../../../src/renderer/charts/chart-plan';
import type { ChartPlan } from '../../../../src/renderer/charts/chart-plan';
import type { Columns } from '../../../../src/renderer/data/columns';
import { parseLimits } from '../../../../src/renderer/features/settings/retention-form';
import { formatAxisTime, SPANS } from '../../../../src/renderer/lib/range';
import { describeGap, GAP_REASON_LABELS, gapAt } from '../../../../src/renderer/lib/gap-text';
import { formatShare } from '../../../../src/renderer/ui/stat-cells';

const HOUR = 3_600_000;
const STYLE = { font: 'x', lines: ['red', 'blue'], text: 'a', muted: 'b', rule: 'c', ground: 'd', warning: 'e', critical: 'f' };

function flat(times: readonly number[], value: number): Columns {
  const all = times.map(() => value);
  return { time: times, min: all, avg: all, max: all, count: times.map(() => 1) };
}

function planNamed(title: string): ChartPlan {
  const plan = planCharts('cpu', [{ id: 'cpu0', label: 'Core 0' }], { usage: ['cpu0'] }, DEFAULT_RULES).find((one) => one.title === title);
  if (plan === undefined) throw new Error('no such chart');
  return plan;
}

describe('an earlier day in a chart', () => {
  it('is shifted by whole days, with a gap for an hour that the earlier day does not have', () => {
    expect(shiftColumns(flat([0, HOUR], 7), 1, () => 0)).toMatchObject({ time: [24 * HOUR, 25 * HOUR], avg: [7, 7] });
    const backAt = 24 * HOUR + HOUR / 2;
    const moved = shiftColumns(flat([0, HOUR, 2 * HOUR], 7), 1, (time) => (time < backAt ? HOUR : 0));
    expect(moved.avg.filter((value) => value === null)).toHaveLength(1);
    expect(moved.time).toEqual([...moved.time].sort((a, b) => a - b));
  });

  it('is a dashed line of the same color, on a scale that contains both', () => {
    const plan = planNamed('Usage');
    const chart = { plan, window: { from: 0, to: 60_000 }, step: 1000, style: STYLE, columnsOf: () => flat([0, 1000], 3), beforeOf: () => flat([0, 1000], 60) };
    expect(scaleOf(plan, chart.columnsOf, chart.beforeOf).max).toBe(100);
    const { series } = toOption(chart);
    expect(Array.isArray(series) ? series.slice(0, 2) : []).toMatchObject([{ id: 'before cpu.usage', color: 'red', lineStyle: { type: [5, 3] } }, { id: 'cpu.usage', color: 'red' }]);
  });

  it('is not drawn in stacked and device charts', () => {
    expect(['Usage', 'CPU time by type', 'Load average', 'Cores'].map((title) => isCompared(planNamed(title)))).toEqual([true, false, true, false]);
  });
});

describe('known gaps', () => {
  const gaps = [{ from: 10_000, to: 3_730_000, reason: 'sleep' as const }];

  it('are areas behind everything, cut to the window', () => {
    const { series } = toOption({ plan: planNamed('Usage'), window: { from: 0, to: 60_000 }, step: 1000, style: STYLE, columnsOf: () => undefined, gaps });
    expect(Array.isArray(series) ? series[0] : null).toMatchObject({ id: 'gaps', z: 0, data: [[10_000, 1], [60_000, 1], [60_000, null]] });
  });

  it('have a text at the cursor', () => {
    expect(gapAt(gaps, 9999)).toBeNull();
    expect(gapAt(gaps, 3_730_000)).toBeNull();
    const found = gapAt(gaps, 10_000);
    expect(found === null ? '' : describeGap(found)).toBe('Asleep for 1 h 02 min');
    expect(new Set(Object.values(GAP_REASON_LABELS)).size).toBe(5);
  });
});

describe('long ranges', () => {
  it('are labelled by days, then by months', () => {
    const midMonth = new Date(2026, 4, 14, 6).getTime();
    expect(formatAxisTime(midMonth, SPANS['7d'].ms)).toBe('06:00');
    expect(formatAxisTime(midMonth, SPANS['30d'].ms)).toBe('05-14');
    expect(formatAxisTime(new Date(2026, 4, 1).getTime(), SPANS['1y'].ms)).toBe('2026-05');
    expect(formatAxisTime(midMonth, SPANS['2y'].ms)).toBe('05-14');
  });
});

describe('limits of the history form', () => {
  it('are parsed, or each invalid field has an error', () => {
    expect(parseLimits('30', '')).toEqual({ limits: { keepDays: 30, maxHistoryMb: null }, keepDays: null, maxHistoryMb: null });
    expect(parseLimits(' 730 ', '64').limits).toEqual({ keepDays: 730, maxHistoryMb: 64 });
    for (const days of ['', '0', '1.5', '3651', 'many']) expect(parseLimits(days, '').keepDays).toContain('1 to 3650');
    for (const size of ['19', '20.5', '-1', '1e9']) expect(parseLimits('1', size)).toMatchObject({ limits: null, keepDays: null, maxHistoryMb: expect.stringContaining('of MB from 20') as string });
  });
});

describe('shares of time', () => {
  it('never read as zero if above zero', () => {
    expect(formatShare(0.0001)).toBe('< 0.1 %');
    expect(formatShare(0.25)).toContain('25.0');
  });
});
