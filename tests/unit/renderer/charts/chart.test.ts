import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import { bandHeights, scaleOf, stackedTop, toOption, toPoints } from '../../../../src/renderer/charts/option';
import { chartMetrics, planCharts, withoutSilent } from '../../../../src/renderer/charts/chart-plan';
import type { ChartPlan } from '../../../../src/renderer/charts/chart-plan';
import type { Columns } from '../../../../src/renderer/data/columns';
import { PLOT_MARGIN, shareOf, timeAtX } from '../../../../src/renderer/charts/plot-geometry';
import { historyBegin } from '../../../../src/renderer/charts/before-history';
import { describeChart } from '../../../../src/renderer/charts/chart-description';
import type { Rule } from '../../../../src/shared/alerts/rule';
import { ruleOf } from '../../../support/alert-samples';
import { FAMILY_IDS } from '../../../../src/shared/metrics/index';
import type { FamilyId } from '../../../../src/shared/metrics/index';

function columns(values: readonly (number | null)[], spread = 0): Columns {
  return {
    time: values.map((_, at) => at * 1000),
    min: values.map((value) => (value === null ? null : value - spread)),
    avg: values,
    max: values.map((value) => (value === null ? null : value + spread)),
    count: values.map((value) => (value === null ? 0 : 1)),
  };
}

const STYLE = { font: 'x', lines: ['red', 'blue'], text: 'a', muted: 'b', rule: 'c', ground: 'd', warning: 'e', critical: 'f' };

function firstPlan(family: 'cpu' | 'memory', at: number): ChartPlan {
  const plan = planCharts(family, [{ id: 'cpu0', label: 'Core 0' }], { usage: ['cpu0'] }, DEFAULT_RULES)[at];
  if (plan === undefined) throw new Error('no such chart');
  return plan;
}

describe('toPoints', () => {
  it('keeps gaps', () => {
    const series = columns([1, 2, null, 4, 5]);
    expect(toPoints(series, series.avg, 1000)).toEqual([[0, 1], [1000, 2], [2000, null], [3000, 4], [4000, 5]]);
  });

  it('draws a single point between gaps as a dash as long as its time, connected to nothing', () => {
    const series = columns([null, 7, null]);
    expect(toPoints(series, series.avg, 1000)).toEqual([[0, null], [1000, 7], [2000, 7], [2000, null], [2000, null]]);
  });
});

describe('bands and stacks', () => {
  it('the height of a band is measured from its lower edge', () => {
    expect(bandHeights(columns([5, null], 2))).toEqual([4, null]);
  });

  it('finds the highest sum, without missing values', () => {
    expect(stackedTop([columns([1, 2, null]), columns([1, null, 9])])).toBe(9);
    expect(stackedTop([columns([null])])).toBeNull();
  });

  it('scales a stack by its sum', () => {
    const plan = firstPlan('cpu', 1);
    expect(plan.stacked).toBe(true);
    expect(scaleOf(plan, () => columns([20, 20])).max).toBe(100);
  });
});

describe('planCharts', () => {
  it('has each chart of the descriptor, except those without devices', () => {
    const titles = (shown: Record<string, readonly string[]>): readonly string[] => planCharts('cpu', [], shown, DEFAULT_RULES).map(({ title }) => title);
    expect(titles({ usage: ['cpu0'] })).toEqual(['Usage', 'CPU time by type', 'Load average', 'Pressure', 'Cores']);
    expect(titles({})).toEqual(['Usage', 'CPU time by type', 'Load average', 'Pressure']);
  });

  it('has no chart of what the system tells nobody, and no line of it beside others', () => {
    const linesOf = (family: FamilyId, untold: readonly string[]): string[] => planCharts(family, [], { busy: ['disk0'], write: ['disk0'] }, DEFAULT_RULES, untold).map(({ title, lines }) => `${title}: ${lines.map(({ key }) => key).join(' ')}`);
    expect(linesOf('diskio', ['busy', 'pressure', 'stalled']).map((line) => line.split(':')[0])).toEqual(['Throughput', 'Operations', 'Written by device']);
    expect(linesOf('diskio', []).map((line) => line.split(':')[0])).toContain('Busy');
    expect(linesOf('memory', ['swapUsage', 'pressure'])).toEqual(['Usage: memory.usage', 'Memory: memory.used memory.cached memory.available', 'Swap: memory.swapUsed', 'Swapping: memory.swapIn memory.swapOut']);
  });

  it('counts the devices left out', () => {
    const devices = [1, 2, 3].map((id) => ({ id: `cpu${id}`, label: `Core ${id}` }));
    expect(planCharts('cpu', devices, { usage: ['cpu2'] }, DEFAULT_RULES).at(-1)).toMatchObject({ device: { metric: 'usage', hidden: 2 }, lines: [{ key: 'cpu.usage@cpu2', label: 'Core 2' }] });
  });

  it('lists the metrics of every family, each once', () => {
    for (const id of FAMILY_IDS) {
      const { metrics, deviceMetrics } = chartMetrics(id);
      expect(new Set(metrics).size).toBe(metrics.length);
      expect(metrics.length + deviceMetrics.length).toBeGreaterThan(0);
    }
  });
});

describe('toOption', () => {
  const window = { from: 0, to: 60_000 };
  const seriesIds = (plan: ChartPlan, value: number): readonly unknown[] => {
    const option = toOption({ plan, window, step: 1000, columnsOf: () => columns([value, value], 1), style: STYLE });
    return Array.isArray(option.series) ? option.series.map(({ id }) => id) : [];
  };

  it('draws band, line and the thresholds within the scale', () => {
    expect(seriesIds(firstPlan('cpu', 0), 80)).toEqual(['low cpu.usage', 'high cpu.usage', 'cpu.usage', 'level warning above 70', 'level critical above 90']);
    expect(seriesIds(firstPlan('cpu', 0), 8)).toEqual(['low cpu.usage', 'high cpu.usage', 'cpu.usage']);
  });

  it('draws the thresholds of the rules on its lines, each once, and none of a rule that is turned off', () => {
    const rule = ruleOf({ id: 'low', metric: 'usage', direction: 'below', warning: null, critical: { threshold: 75, forSeconds: 0 } });
    const idsWith = (rules: readonly Rule[]) => seriesIds(planCharts('cpu', [], {}, rules)[0] ?? firstPlan('cpu', 0), 80).filter((id) => String(id).startsWith('level'));
    expect(idsWith([rule])).toEqual(['level critical below 75']);
    expect(idsWith([{ ...rule, enabled: false }])).toEqual([]);
    expect(idsWith([{ ...rule, source: 'timeToFull' }])).toEqual([]);
  });

  it('draws one line for devices under one rule, names those of a single device, and gives up where there are too many', () => {
    const devices = Array.from({ length: 8 }, (_, at) => ({ id: `s${at}`, label: `Sensor ${at}`, limits: { warning: 50 + at, critical: 90 + at } }));
    const shown = { value: devices.map(({ id }) => id) };
    const every = ruleOf({ id: 'every', family: 'temperature', metric: 'value', device: '*', warning: { threshold: 70, forSeconds: 0 }, critical: null });
    const one = { ...every, id: 'one', device: 's3', warning: { ...(every.warning ?? { guard: null, anyOf: [], recoverAt: null, forSeconds: 0 }), threshold: 60 } };
    const labelsOf = (rules: readonly Rule[]): readonly unknown[] => {
      const plan = planCharts('temperature', devices, shown, rules).at(-1) ?? firstPlan('cpu', 0);
      const { series } = toOption({ plan, window, step: 1000, columnsOf: () => columns([20, 99], 1), style: STYLE });
      const lines = Array.isArray(series) ? series : [];
      return lines.filter(({ id }) => String(id).startsWith('level')).map(({ id, endLabel }) => [id, endLabel?.formatter ?? null]);
    };
    expect(labelsOf([every])).toEqual([['level warning above 70', null]]);
    expect(labelsOf([every, one])).toEqual([
      ['level warning above 70', 'Sensor 0 and 6 more'],
      ['level warning above 60', 'Sensor 3'],
    ]);
    expect(labelsOf([{ ...every, useDeviceLimits: true }])).toEqual([]);
  });

  it('draws no band for single samples', () => {
    const option = toOption({ plan: firstPlan('cpu', 0), window, step: 1000, columnsOf: () => columns([8, null, 9]), style: STYLE });
    expect(option.series).toHaveLength(1);
  });

  it('draws no band under a stack', () => {
    expect(seriesIds(firstPlan('cpu', 1), 8)).toEqual(['cpu.user', 'cpu.system', 'cpu.iowait', 'cpu.steal']);
  });

  it('draws the number of cores as a line through a chart of the load, and always has it on the scale', () => {
    const plan = firstPlan('cpu', 2);
    const of = (key: string): Columns => (key === 'cpu.cores' ? columns([64, 64]) : columns([17.4, 0.5]));
    const option = toOption({ plan, window, step: 1000, columnsOf: of, style: STYLE });
    expect(Array.isArray(option.series) ? option.series.map(({ id }) => id) : []).toEqual(['cpu.load1', 'cpu.load5', 'cpu.load15', 'reference']);
    expect(scaleOf(plan, of).max).toBeGreaterThanOrEqual(64);
    expect(scaleOf(plan, (key) => (key === 'cpu.cores' ? undefined : columns([0.5]))).max).toBeLessThan(2);
  });

  it('fixes the time axis to the window and does not animate', () => {
    const option = toOption({ plan: firstPlan('cpu', 0), window, step: 1000, columnsOf: () => undefined, style: STYLE });
    expect(option).toMatchObject({ animation: false, xAxis: { min: 0, max: 60_000 } });
  });
});

describe('plot geometry', () => {
  const window = { from: 1000, to: 2000 };

  it('finds the time at the pointer, clamped to the window', () => {
    const width = PLOT_MARGIN.left + PLOT_MARGIN.right + 200;
    expect(timeAtX(PLOT_MARGIN.left + 100, width, window)).toBe(1500);
    expect([timeAtX(0, width, window), timeAtX(width, width, window)]).toEqual([1000, 2000]);
  });

  it('is its own inverse', () => {
    expect(shareOf(timeAtX(PLOT_MARGIN.left + 50, PLOT_MARGIN.left + PLOT_MARGIN.right + 200, window), window)).toBe(0.25);
  });
});

describe('the begin of the history', () => {
  const plan = firstPlan('memory', 0);
  const data = (begins: number | null, first: number) => ({ begins, window: { from: 0, to: 100_000 }, step: 1000, columns: { 'memory.usage': { ...columns([1]), time: [first] } } });

  it('is shown within the window, and never after the first point that is drawn', () => {
    expect(historyBegin(data(60_000, 60_000), plan)).toBe(60_000);
    expect(historyBegin(data(60_500, 60_000), plan)).toBe(60_500);
    expect(historyBegin(data(60_000, 20_000), plan)).toBe(21_000);
    expect(historyBegin(data(-5, 0), plan)).toBeNull();
    expect(historyBegin(data(null, 5000), plan)).toBeNull();
  });
});

describe('describeChart', () => {
  it('weighs the points of an average by their samples, and says where the history begins', () => {
    const series = { ...columns([10, 40]), count: [3, 1] };
    const text = describeChart(firstPlan('memory', 0), { kind: 'live', span: '7d' }, (key) => (key === 'memory.usage' ? series : undefined), new Date(2026, 10, 30, 7, 37).getTime());
    expect(text).toContain('Usage, last 7 days. History begins 2026-11-30 07:37. Usage: average 17.5');
  });

  it('contains range, average, lowest and highest value, lines without data, and the thresholds of rules', () => {
    const text = describeChart(firstPlan('memory', 0), { kind: 'live', span: '5m' }, (key) => (key === 'memory.usage' ? columns([10, 30, 20]) : undefined));
    expect(text).toBe('Usage, last 5 minutes. Usage: average 20.0\u202f%, lowest 10.0\u202f%, highest 30.0\u202f%; Swap usage: no data; warning of Usage at or above 70.0\u202f%; critical of Usage at or above 85.0\u202f%; warning of Swap usage at or above 80.0\u202f%; critical of Swap usage at or above 95.0\u202f%.');
  });
});

describe('charts that would stay empty', () => {
  const plans = planCharts('gpu', [{ id: 'a', label: 'A' }], { load: ['a'], fan: ['a'], clock: ['a'] }, []);
  const left = (silent: readonly string[], of: Readonly<Record<string, Columns>>, before: Readonly<Record<string, Columns>> = {}): string[] => withoutSilent(plans, silent, { columns: of, before }).map(({ title }) => title);

  it('are left out where no device tells their metric now and the history shown has none of it', () => {
    expect(left([], {})).toEqual(['Load of the busiest card', 'Load', 'Clock', 'Fan']);
    expect(left(['load', 'clock', 'fan'], {})).toEqual(['Load of the busiest card']);
    expect(left(['fan'], { 'gpu.fan@a': columns([null, null]) })).toEqual(['Load of the busiest card', 'Load', 'Clock']);
  });

  it('stay where there is something to see, also of the day to compare with', () => {
    expect(left(['load', 'fan'], { 'gpu.load@a': columns([null, 3]) })).toEqual(['Load of the busiest card', 'Load', 'Clock']);
    expect(left(['fan'], {}, { 'gpu.fan@a': columns([900]) })).toContain('Fan');
  });
});
