/** Backtests on a real store: on samples, on older means, in windows. */
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import { backtestResultSchema } from '../../../../src/shared/alerts/backtest-schemas';
import type { BacktestResult } from '../../../../src/shared/alerts/backtest-schemas';
import type { Rule } from '../../../../src/shared/alerts/rule';
import { backtest } from '../../../../src/main/engine/alerts/backtest';
import type { BacktestParts } from '../../../../src/main/engine/alerts/backtest';
import { createHub } from '../../../../src/main/engine/hub';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { createRuleBacktest } from '../../../../src/main/alerts/rule-backtest';
import type { SampleBatch } from '../../../../src/shared/metrics/reading';
import { readRecording } from '../../../bench/store/recording';
import { writeHistory } from '../../../bench/store/two-years';
import { createStoreFixture, cpuBatch, NOON } from '../../../support/store';
import { ruleOf, SimulatedMachine } from '../../../support/evaluator';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const cpuRule = ruleOf({ warning: { threshold: 70, recoverAt: 60, forSeconds: 60 }, critical: { threshold: 90, recoverAt: 80, forSeconds: 120 }, recoverSeconds: 10 });

function partsOf(store: Pick<Store, 'query'>, fields: Partial<BacktestParts> = {}): BacktestParts {
  return { store, keys: () => ['cpu.usage'], facts: ({ device }) => ({ label: device, deviceLimits: null }), now: NOON + HOUR, yieldToEventLoop: () => Promise.resolve(), ...fields };
}

/** Incidents of the first series: from, fired, to, severity, peak; seconds after noon. */
const linesOf = ({ series }: BacktestResult): string[] =>
  (series[0]?.incidents ?? []).map(({ since, firedAt, clearedAt, severity, peak, silent }) => [since, firedAt, clearedAt].map((time) => (time === null ? '…' : (time - NOON) / 1000)).join(' ') + ` ${severity} ${peak}${silent ? ' silent' : ''}`);

/** Usage by the second: two stretches over 70, the second with a part over 90. */
const usageAt = (s: number): number => (s >= 100 && s < 250 ? 75 : s >= 1000 && s < 1400 ? (s >= 1100 && s < 1300 ? 95 : 80) : 10);

describe('a backtest on samples', () => {
  it('gives the incidents of the live evaluator', async () => {
    const { store } = createStoreFixture().open();
    const live = new SimulatedMachine(cpuRule);
    for (let s = 0; s < 3000; s += 1) {
      const gap = s === 1200 ? ('stall' as const) : undefined;
      const batch = cpuBatch(s, usageAt(s), gap);
      store.append(batch);
      live.pass(1);
      live.wall = batch.time;
      live.batch(batch.readings, gap);
    }
    const result = await backtest(partsOf(store), { rule: cpuRule, from: NOON, to: NOON + HOUR });
    expect(backtestResultSchema.safeParse(result).error).toBeUndefined();
    expect(result).toMatchObject({ fired: 2, silent: 0, leftOut: 0, resolution: [{ from: NOON, step: 1000, means: false }] });
    expect(linesOf(result)).toEqual(['100 160 250 warning 75', '1000 1060 1400 warning 95']);
    const resolved = live.events.filter(({ kind }) => kind === 'resolved').map(({ incident }) => incident);
    expect(result.series[0]?.incidents).toEqual(resolved.map(({ since, firedAt, clearedAt, worst, peak, peakAt }) => ({ since, firedAt, clearedAt, severity: worst, peak, peakAt, silent: false })));
  });

  it('counts incidents that fired within the range, and lists those that reach into it or are open', async () => {
    const { store } = createStoreFixture().open();
    for (let s = 0; s < 1390; s += 1) store.append(cpuBatch(s, usageAt(s)));
    const within = await backtest(partsOf(store), { rule: cpuRule, from: NOON + 200_000, to: NOON + HOUR });
    expect(linesOf(within)).toEqual(['100 160 250 warning 75', '1000 1060 … critical 95']);
    expect(within.fired).toBe(1);
    const none = await backtest(partsOf(store), { rule: cpuRule, from: NOON + 300_000, to: NOON + 900_000 });
    expect([none.fired, linesOf(none)]).toEqual([0, []]);
  });

  it('counts incidents within a cooldown separately', async () => {
    const { store } = createStoreFixture().open();
    for (let s = 0; s < 600; s += 1) store.append(cpuBatch(s, s % 100 < 50 ? 80 : 10));
    const result = await backtest(partsOf(store), { rule: ruleOf({ cooldownSeconds: 90 }), from: NOON, to: NOON + HOUR });
    expect(result).toMatchObject({ fired: 6, silent: 5 });
    expect(linesOf(result)[1]).toBe('100 110 150 warning 80 silent');
  });

  it('uses guards, device limits and each device, up to a maximum number', async () => {
    const { store } = createStoreFixture().open();
    const devices = Array.from({ length: 40 }, (_, i) => `/m${i}`);
    for (let s = 0; s < 900; s += 30) {
      const reading = Object.fromEntries(devices.map((id, i) => [id, { label: id, values: { usage: 95, available: i % 2 === 0 && s >= 300 ? 2 ** 30 : 2 ** 40 } }]));
      store.append({ seq: s + 1, time: NOON + s * 1000, readings: { disk: { values: {}, devices: reading } }, faults: {} });
    }
    const keys = (): string[] => ['cpu.usage', 'nonsense', 'disk.usage', ...devices.flatMap((id) => [`disk.usage@${id}`, `disk.available@${id}`])];
    const space = DEFAULT_RULES.find(({ id }) => id === 'disk-space') ?? cpuRule;
    const result = await backtest(partsOf(store, { keys }), { rule: space, from: NOON, to: NOON + HOUR });
    // Every other mount has little room; the others are large.
    expect(result).toMatchObject({ fired: 16, leftOut: 8, resolution: [{ step: 30_000, means: false }] });
    expect(result.series.slice(0, 2).map(({ device, deviceLabel, incidents }) => [device, deviceLabel, incidents.map(({ severity }) => severity)])).toEqual([
      ['/m0', '/m0', ['critical']],
      ['/m1', '/m1', []],
    ]);
    const limited: Rule = ruleOf({ family: 'disk', device: '*', useDeviceLimits: true, warning: { threshold: null, forSeconds: 60 } });
    const byDeviceLimits = await backtest(partsOf(store, { keys, facts: ({ device }) => ({ label: null, deviceLimits: device === '/m3' ? { warning: 94, critical: 99 } : null }) }), { rule: limited, from: NOON, to: NOON + HOUR });
    expect(byDeviceLimits.series.filter(({ fired }) => fired > 0).map(({ device }) => device)).toEqual(['/m3']);
  });

  it('is empty for a series that is not stored', async () => {
    const { store } = createStoreFixture().open();
    const result = await backtest(partsOf(store), { rule: cpuRule, from: NOON, to: NOON + HOUR });
    expect(result).toMatchObject({ fired: 0, series: [{ series: 'cpu.usage', fired: 0, incidents: [] }] });
    expect((await backtest(partsOf(store), { rule: ruleOf({ family: 'disk', device: '*' }), from: NOON, to: NOON + HOUR })).series).toEqual([]);
  });

  it('forecasts like the live evaluator, also if the trend began before the range', async () => {
    const { store } = createStoreFixture().open();
    for (let s = 0; s < 5 * 3600; s += 30) {
      const values = { usage: Math.round((40 + (s / 3600) * 5) * 10) / 10 };
      store.append({ seq: s + 1, time: NOON + s * 1000, readings: { disk: { values: {}, devices: { '/': { label: '/', values } } } }, faults: {} });
    }
    const rule = DEFAULT_RULES.find(({ id }) => id === 'disk-forecast') ?? cpuRule;
    const parts = partsOf(store, { keys: () => ['disk.usage@/'], now: NOON + 5 * HOUR });
    const whole = await backtest(parts, { rule, from: NOON, to: NOON + 5 * HOUR });
    expect(whole.series[0]?.incidents).toHaveLength(1);
    const late = await backtest(parts, { rule, from: NOON + 3 * HOUR, to: NOON + 5 * HOUR });
    expect(late.series[0]?.incidents[0]?.firedAt).toBe(whole.series[0]?.incidents[0]?.firedAt);
    expect([whole.fired, late.fired]).toEqual([1, 0]);
  });
});

describe('a backtest with alternatives', () => {
  const memoryRule = DEFAULT_RULES.find(({ id }) => id === 'memory-usage') ?? cpuRule;
  const memory = (s: number, values: Record<string, number | null>): SampleBatch => ({ seq: s + 1, time: NOON + s * 1000, readings: { memory: { values, devices: {} } }, faults: {} });
  const calm = { swapIn: 0, swapOut: 0, pressure: 0 };

  /** Incidents of memory at 75 % for an hour, with these other values by the second. */
  async function ofAnHour(others: (s: number) => Record<string, number | null>): Promise<string[]> {
    const { store } = createStoreFixture().open();
    const live = new SimulatedMachine(memoryRule);
    for (let s = 0; s < 3600; s += 1) {
      const batch = memory(s, { usage: 75, ...others(s) });
      store.append(batch);
      live.pass(1);
      live.wall = batch.time;
      live.batch(batch.readings);
    }
    const result = await backtest(partsOf(store, { keys: () => ['memory.usage'] }), { rule: memoryRule, from: NOON, to: NOON + HOUR });
    expect(result.series[0]?.fired).toBe(live.events.filter(({ kind }) => kind === 'fired').length);
    return linesOf(result);
  }

  it('gives the incidents of the live evaluator: while one of them holds', async () => {
    expect(await ofAnHour(() => calm)).toEqual([]);
    expect(await ofAnHour((s) => ({ ...calm, pressure: s >= 600 && s < 1200 ? 30 : 1 }))).toEqual(['600 720 1200 warning 75']);
    expect(await ofAnHour((s) => ({ ...calm, swapIn: s >= 600 && s < 1000 ? 4e6 : 0, swapOut: s >= 900 && s < 1200 ? 8e6 : 0 }))).toEqual(['600 720 1200 warning 75']);
  });

  it('takes the level alone for a machine that never has the values, not where they are only missing', async () => {
    expect(await ofAnHour(() => ({}))).toEqual(['0 120 … warning 75']);
    const { store } = createStoreFixture().open();
    for (let s = 0; s < 3600; s += 1) store.append(memory(s, { usage: 75, ...(s < 3000 ? {} : calm) }));
    expect(linesOf(await backtest(partsOf(store, { keys: () => ['memory.usage'] }), { rule: memoryRule, from: NOON, to: NOON + HOUR }))).toEqual([]);
  });

  it('forecasts from two weeks of history before the range', { timeout: 60_000 }, async () => {
    const { store } = createStoreFixture().open();
    const space = DEFAULT_RULES.find(({ id }) => id === 'disk-space') ?? cpuRule;
    for (let s = -15 * 86_400; s < 86_400; s += s < 0 ? 3600 : 60) {
      const mount = (rate: number) => ({ label: 'a disk', values: { usage: Math.round((73 + (rate * s) / 86_400) * 10) / 10, available: 500 * 2 ** 30 } });
      store.append({ seq: 1, time: NOON + s * 1000, readings: { disk: { values: {}, devices: { '/slow': mount(0.3), '/fast': mount(2.7) } } }, faults: {} });
    }
    const keys = (): string[] => ['/slow', '/fast'].flatMap((id) => [`disk.usage@${id}`, `disk.available@${id}`]);
    const result = await backtest(partsOf(store, { keys, now: NOON + DAY }), { rule: space, from: NOON, to: NOON + DAY });
    expect(result.series.map(({ device, incidents }) => [device, incidents.map(({ severity, clearedAt }) => [severity, clearedAt])])).toEqual([
      ['/slow', []],
      ['/fast', [['warning', null]]],
    ]);
  });

  it('leaves out media, and devices of which it is not known, if the rule does', async () => {
    const { store } = createStoreFixture().open();
    const ids = ['/disk', '/stick', '/gone'];
    for (let s = 0; s < 900; s += 30) {
      const devices = Object.fromEntries(ids.map((id) => [id, { label: id, values: { usage: 95, available: 2 ** 30 } }]));
      store.append({ seq: s + 1, time: NOON + s * 1000, readings: { disk: { values: {}, devices } }, faults: {} });
    }
    const keys = (): string[] => ids.map((id) => `disk.usage@${id}`);
    const facts: BacktestParts['facts'] = ({ device }) => ({ label: device, deviceLimits: null, ...(device === '/stick' ? { media: 'removable' } : device === '/gone' ? { media: 'absent' } : {}) });
    const space = DEFAULT_RULES.find(({ id }) => id === 'disk-space') ?? cpuRule;
    const result = await backtest(partsOf(store, { keys, facts }), { rule: space, from: NOON, to: NOON + HOUR });
    expect([result.series.map(({ device }) => device), result.leftOut]).toEqual([['/disk'], 1]);
    const own = await backtest(partsOf(store, { keys, facts }), { rule: { ...space, exceptMedia: false }, from: NOON, to: NOON + HOUR });
    expect([own.series.map(({ device }) => device), own.leftOut]).toEqual([ids, 0]);
  });
});

describe('a backtest on older data', () => {
  it('evaluates means, says so, and misses shorter crossings', { timeout: 60_000 }, async () => {
    const opened = createStoreFixture();
    const { store } = opened.open();
    const end = 1.5 * 86_400;
    let every = 10;
    for (let s = 0; s < end; s += every) {
      every = s < end - 7200 ? 10 : 1;
      opened.clock.wall = NOON + s * 1000;
      opened.clock.mono += every * 1000;
      const usage = s >= 3600 && s < 3600 + 600 ? 80 : s >= 7200 && s < 7230 ? 100 : s >= end - 3600 && s < end - 3000 ? 95 : 10;
      store.append(cpuBatch(s, usage));
      if (s % 60 === 0) store.maintain(opened.clock.wall);
    }
    store.commit();
    for (let windows = 0; store.maintain(opened.clock.wall) && windows < 10_000; windows += 1);
    const now = NOON + end * 1000;
    const rule = ruleOf({ warning: { threshold: 70, recoverAt: 60, forSeconds: 300 } });
    const result = await backtest(partsOf(store, { now }), { rule, from: NOON, to: now });
    expect(linesOf(result)).toEqual(['3600 3900 4200 warning 80', `${end - 3600} ${end - 3300} ${end - 3000} warning 95`]);
    expect(result.resolution.map(({ step, means }) => [step, means])).toEqual([
      [60_000, true],
      [1000, false],
    ]);
    expect(result.resolution[1]?.from).toBe(now - DAY);
    // Half a minute at 100 % is a minute at 55 %.
    const brief = await backtest(partsOf(store, { now }), { rule: ruleOf({ warning: { threshold: 90, forSeconds: 0 } }), from: NOON, to: NOON + 3 * HOUR });
    expect(brief.fired).toBe(0);
  });

  it('reads windows, about a hundred for a week, and can be cancelled between them', { timeout: 60_000 }, async () => {
    const opened = createStoreFixture();
    mkdirSync(dirname(opened.path), { recursive: true });
    opened.clock.wall = Date.UTC(2026, 10, 20);
    const recording = readRecording(resolve('tests/fixtures/recordings/mixed-load.json.gz'));
    const end = Date.UTC(2026, 10, 20);
    const keys = writeHistory({ path: opened.path, recording: { ...recording, series: recording.series.filter(({ key }) => key === 'cpu.usage') }, seriesCount: 1, end, days: 8 });
    expect(keys).toEqual(['cpu.usage']);
    const { store } = opened.open();
    let turns = 0;
    const parts = partsOf(store, { now: end, yieldToEventLoop: async () => {
      turns += 1;
      await yieldToEventLoop();
    } });
    const result = await backtest(parts, { rule: ruleOf({ warning: { threshold: 70, recoverAt: 60, forSeconds: 60 }, recoverSeconds: 30 }), from: end - 7 * DAY, to: end });
    expect(result.fired).toBeGreaterThan(10);
    expect(turns).toBeGreaterThan(80);
    const incidents = result.series[0]?.incidents ?? [];
    incidents.forEach(({ since, firedAt, clearedAt, peak }, i) => {
      expect(firedAt - since).toBeGreaterThanOrEqual(60_000);
      expect(clearedAt ?? Infinity).toBeGreaterThanOrEqual(firedAt);
      expect(since).toBeGreaterThanOrEqual(incidents[i - 1]?.clearedAt ?? 0);
      expect(peak).toBeGreaterThanOrEqual(70);
    });
    const stop = Promise.reject(new Error('enough'));
    await expect(backtest(partsOf(store, { now: end, yieldToEventLoop: () => stop }), { rule: cpuRule, from: end - DAY, to: end })).rejects.toThrow('enough');
  });
});

describe('the backtestRule call', () => {
  const batch: SampleBatch = { seq: 1, time: NOON, readings: { temperature: { values: {}, devices: { a: { label: 'Package', values: { value: 90 }, limits: { warning: 80, critical: 100 } } } } }, faults: {} };

  function caller(): { run: ReturnType<typeof createRuleBacktest>; store: Store } {
    const { store } = createStoreFixture().open();
    const hub = createHub(() => undefined);
    hub.publish(batch);
    store.append(batch);
    return { store, run: createRuleBacktest({ hub, store, clock: { now: () => NOON + HOUR }, keys: () => ['temperature.value@a', 'cpu.usage'] }) };
  }

  it('uses the current labels and limits of devices', async () => {
    const rule = ruleOf({ family: 'temperature', metric: 'value', device: '*', useDeviceLimits: true, warning: { threshold: null, forSeconds: 0 } });
    expect(await caller().run({ rule, from: NOON, to: NOON + HOUR }, 'window:1')).toMatchObject({ fired: 1, series: [{ device: 'a', deviceLabel: 'Package' }] });
  });

  it('rejects a metric that is not stored', async () => {
    const rule = ruleOf({ family: 'network', metric: 'rxTotal' });
    await expect(caller().run({ rule, from: NOON, to: NOON + HOUR }, 'window:1')).rejects.toThrow(/^rule\.metric: /);
  });

  it('cancels the previous backtest of the same caller only', async () => {
    const { run } = caller();
    const query = { rule: cpuRule, from: NOON - DAY, to: NOON + HOUR };
    const [first, other, second] = await Promise.allSettled([run(query, 'window:1'), run(query, 'window:2'), run(query, 'window:1')]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'Unavailable' } });
    expect([other.status, second.status]).toEqual(['fulfilled', 'fulfilled']);
  });
});
