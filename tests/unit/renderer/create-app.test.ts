import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/renderer/create-app';
import { createMetricHistory, DEVICE_CAP } from '../../../src/renderer/features/metrics/metric-history';
import type { HistoryQuery } from '../../../src/renderer/features/metrics/metric-history';
import { createSparks, SPARK_KEYS, SPARK_SPAN, SPARK_STEP } from '../../../src/renderer/app/sparks';
import { createClient } from '../../../src/shared/api/client';
import type { Transport } from '../../../src/shared/api/client';
import { FAMILY_IDS } from '../../../src/shared/metrics/index';
import type { SampleBatch, Snapshot } from '../../../src/shared/metrics/reading';
import type { SeriesResponse, SeriesQuery } from '../../../src/shared/series/types';
import { createManualTimers, settle } from '../../support/timers';

const NOW = 1_000_000_000;
const cpu = (time: number, usage: number | null, extra: Partial<SampleBatch> = {}): SampleBatch => ({
  seq: time,
  time,
  readings: { cpu: { values: { usage }, devices: { cpu0: { label: 'Core 0', values: { usage: 7 } } } } },
  faults: {},
  ...extra,
});

/** A wire whose `series` answers a flat line at the number in each device's name, or 5, and which keeps its calls. */
function createWorld(answers: Partial<Record<string, (input: never) => unknown>> = {}) {
  const calls: { name: string; input: unknown }[] = [];
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const series = ({ series: keys, from, to, points }: SeriesQuery): SeriesResponse => {
    const step = Math.max(1000, Math.ceil((to - from) / points / 1000) * 1000);
    const time = Array.from({ length: Math.floor((to - from) / step) }, (_, at) => from + at * step);
    return {
      step,
      series: keys.map((key) => {
        const value = Number(/(\d+)$/.exec(key)?.[1] ?? 5);
        const column = time.map(() => value);
        return { series: key, time, min: column, avg: column, max: column, count: time.map(() => 1) };
      }),
    };
  };
  const all: Partial<Record<string, (input: never) => unknown>> = { series, stats: () => [], setViewedFamilies: () => null, ...answers };
  const transport: Transport = {
    call: async (name, input) => {
      calls.push({ name, input });
      const answer = all[name];
      return answer === undefined ? { ok: false, code: 'Unavailable', message: 'no answer' } : { ok: true, value: answer(input as never) };
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const named = (name: string): readonly unknown[] => calls.filter((call) => call.name === name).map(({ input }) => input);
  return { client: createClient(transport), named, push: (name: string, payload: unknown) => listeners.forEach((listener) => listener(name, payload)) };
}

describe('sparks', () => {
  it('asks once for five minutes of all cards, and grows by batches after that', async () => {
    const { client, named } = createWorld();
    const sparks = createSparks(client);
    await sparks.fill(NOW);
    expect(named('series')).toHaveLength(1);
    expect(Object.keys(sparks.store.getState().columns)).toEqual(SPARK_KEYS);
    sparks.onBatch(cpu(NOW + SPARK_STEP, 9));
    expect(sparks.store.getState().columns['cpu.usage']?.avg.at(-1)).toBe(9);
    expect(sparks.store.getState().end).toBe(NOW + SPARK_STEP);
  });

  it('tells the cards once per point, not once per batch', async () => {
    const { client } = createWorld();
    const sparks = createSparks(client);
    await sparks.fill(NOW);
    let changes = 0;
    sparks.store.subscribe(() => (changes += 1));
    for (let time = NOW; time < NOW + 5 * SPARK_STEP; time += 1000) sparks.onBatch(cpu(time, 1));
    expect(changes).toBe(4);
  });

  it('keeps no more than five minutes', () => {
    const sparks = createSparks(createWorld().client);
    for (let second = 0; second < 1000; second += 1) sparks.onBatch(cpu(NOW + second * 1000, 1));
    expect(sparks.store.getState().columns['cpu.usage']?.time.length).toBeLessThanOrEqual(SPARK_SPAN / SPARK_STEP + 2);
  });

  it('breaks the line where the sampler says so', () => {
    const sparks = createSparks(createWorld().client);
    sparks.onBatch(cpu(NOW, 1));
    sparks.onBatch(cpu(NOW + SPARK_STEP, 2, { gap: 'sleep' }));
    sparks.onBatch(cpu(NOW + 2 * SPARK_STEP, 3));
    expect(sparks.store.getState().columns['cpu.usage']?.avg).toEqual([1, null, 2, 3]);
  });
});

describe('history', () => {
  const wish: HistoryQuery = {
    family: 'cpu',
    choice: { kind: 'live', span: '5m' },
    metrics: ['usage'],
    deviceMetrics: ['usage'],
    devices: ['cpu0'],
    all: [],
    compare: 0,
    deviceStats: null,
  };

  it('loads points and statistics, then rolls with the batches', async () => {
    let now = NOW;
    const { client, named } = createWorld();
    const history = createMetricHistory(client, wish, () => now);
    await history.load();
    expect(history.store.getState()).toMatchObject({ status: 'ready', window: { from: NOW - 300_000, to: NOW } });
    now += 1000;
    history.onBatch(cpu(now, 42));
    const { columns, window } = history.store.getState();
    expect(window).toEqual({ from: now - 300_000, to: now });
    expect(columns['cpu.usage']?.avg.at(-1)).toBe(42);
    expect(columns['cpu.usage@cpu0']?.avg.at(-1)).toBe(7);
    expect(named('series')).toHaveLength(1);
    expect(named('stats')).toHaveLength(1);
  });

  it('asks for the same hours of another day, for statistics of devices and for known holes', async () => {
    const span = { from: NOW - 5000, to: NOW - 2000, reason: 'sleep' };
    const { client, named } = createWorld({ gaps: () => [span] });
    const history = createMetricHistory(client, { ...wish, compare: 1, deviceStats: 'usage' }, () => NOW);
    await history.load();
    await settle();
    const { gaps, before } = history.store.getState();
    expect(gaps).toEqual([span]);
    const asked = named('series') as readonly SeriesQuery[];
    expect(asked).toHaveLength(2);
    // A day is 23 to 25 hours, whatever the zone this runs in.
    expect(Math.abs(NOW - 86_400_000 - (asked[1]?.to ?? 0))).toBeLessThanOrEqual(3_600_000 + 10_000);
    expect(asked[1]?.series).toEqual(['cpu.usage']);
    const times = before['cpu.usage']?.time ?? [];
    expect(times.every((time) => time >= NOW - 300_000 && time <= NOW + 10_000)).toBe(true);
    expect(times.length).toBeGreaterThan(290);
    expect(named('stats')).toEqual([expect.objectContaining({ series: expect.arrayContaining(['cpu.usage', 'cpu.usage@cpu0']) as unknown })]);
  });

  it('does not count a batch twice that the answer holds already', async () => {
    const { client } = createWorld();
    const history = createMetricHistory(client, wish, () => NOW);
    const loaded = history.load();
    history.onBatch(cpu(NOW, 99));
    history.onBatch(cpu(NOW + 1000, 42));
    await loaded;
    const { columns } = history.store.getState();
    expect(columns['cpu.usage']?.avg).not.toContain(99);
    expect(columns['cpu.usage']?.avg.at(-1)).toBe(42);
  });

  it('moves an hour on once per point', async () => {
    const { client } = createWorld();
    const history = createMetricHistory(client, { ...wish, choice: { kind: 'live', span: '1h' } }, () => NOW);
    await history.load();
    let changes = 0;
    history.store.subscribe(() => (changes += 1));
    for (let second = 1; second <= 9; second += 1) history.onBatch(cpu(NOW + second * 1000, 1));
    expect(history.store.getState().step).toBe(6000);
    expect(changes).toBeLessThanOrEqual(2);
  });

  it('asks again for a long range at the pace of its points, and never for a fixed one', async () => {
    const long = createWorld();
    const history = createMetricHistory(long.client, { ...wish, choice: { kind: 'live', span: '24h' } }, () => NOW);
    await history.load();
    for (let second = 1; second <= 130; second += 1) history.onBatch(cpu(NOW + second * 1000, 1));
    await settle();
    expect(long.named('series')).toHaveLength(2);
    const fixed = createWorld();
    const zoomed = createMetricHistory(fixed.client, { ...wish, choice: { kind: 'fixed', from: 0, to: NOW, span: '5m' } }, () => NOW);
    await zoomed.load();
    zoomed.onBatch(cpu(NOW + 1_000_000, 1));
    expect(fixed.named('series')).toHaveLength(1);
  });

  it('draws the highest of many devices, all when asked, in calls the contract allows', async () => {
    const devices = Array.from({ length: 250 }, (_, at) => `cpu${at}`);
    const { client } = createWorld();
    const history = createMetricHistory(client, { ...wish, devices }, () => NOW);
    await history.load();
    const shown = history.store.getState().shown['usage'] ?? [];
    expect(shown).toHaveLength(DEVICE_CAP);
    expect(shown[0]).toBe('cpu249');
    const every = createWorld();
    const whole = createMetricHistory(every.client, { ...wish, devices, all: ['usage'] }, () => NOW);
    await whole.load();
    expect(whole.store.getState().shown['usage']).toHaveLength(250);
    expect(every.named('series').map((input) => (input as SeriesQuery).series.length)).toEqual([200, 51]);
  });

  it('says why it failed, and tries again later', async () => {
    let broken = true;
    const { client } = createWorld();
    const flaky = { ...client, call: ((name, input) => (broken ? Promise.resolve({ ok: false, code: 'Internal', message: 'disk full' }) : client.call(name, input))) as typeof client.call };
    const history = createMetricHistory(flaky, wish, () => NOW);
    await history.load();
    expect(history.store.getState()).toMatchObject({ status: 'failed', message: 'disk full' });
    broken = false;
    history.onBatch(cpu(NOW + 11_000, 1));
    await settle();
    expect(history.store.getState().status).toBe('ready');
  });

  it('drops an answer that comes after it was stopped', async () => {
    const { client } = createWorld();
    const history = createMetricHistory(client, wish, () => NOW);
    const loaded = history.load();
    history.stop();
    await loaded;
    expect(history.store.getState().status).toBe('loading');
  });
});

describe('createApp', () => {
  const snapshot: Snapshot = { seq: 1, time: NOW, paused: false, readings: {}, faults: {}, readAt: {} };
  function start() {
    const world = createWorld({ snapshot: () => snapshot });
    const bar = { location: { hash: '' }, history: { back: () => undefined }, addEventListener: () => undefined, removeEventListener: () => undefined };
    return { ...world, app: createApp({ client: world.client, timers: createManualTimers(), bar, onSnapshot: () => undefined }) };
  }

  it('watches what the page shows: all, one, none, and nothing while hidden', async () => {
    const { app, named } = start();
    await settle();
    app.router.goTo('/cpu');
    app.router.goTo('/host');
    app.router.goTo('/');
    app.setSeen(false);
    app.setSeen(true);
    const watched = named('setViewedFamilies').map((input) => (input as { families: readonly string[] }).families);
    expect(watched).toEqual([FAMILY_IDS, ['cpu'], [], FAMILY_IDS, [], FAMILY_IDS]);
  });

  it('does not watch anew for another range of the same family', async () => {
    const { app, named } = start();
    await settle();
    app.router.goTo('/cpu');
    app.router.goTo('/cpu?range=1h');
    expect(named('setViewedFamilies')).toHaveLength(2);
  });

  it('changes only the families a batch names', async () => {
    const { app, push } = start();
    await settle();
    push('batch', { ...cpu(NOW + 1000, 3), seq: 2 });
    const before = app.live.getState().readings.cpu;
    push('batch', { seq: 3, time: NOW + 2000, readings: { memory: { values: { usage: 1 }, devices: {} } }, faults: {} });
    const { readings, time } = app.live.getState();
    expect(readings.cpu).toBe(before);
    expect(readings.memory?.values.usage).toBe(1);
    expect(time).toBe(NOW + 2000);
  });

  it('shows nothing old for a family that fails', async () => {
    const { app, push } = start();
    await settle();
    push('batch', { ...cpu(NOW + 1000, 3), seq: 2 });
    push('batch', { seq: 3, time: NOW + 2000, readings: {}, faults: { cpu: { kind: 'Timeout', message: 'late' } } });
    expect(app.live.getState().readings.cpu).toBeUndefined();
    expect(app.live.getState().faults.cpu?.kind).toBe('Timeout');
  });

  it('follows the tray to a page', async () => {
    const { app, push } = start();
    await settle();
    push('navigate', { path: '/memory' });
    expect(app.router.store.getState().route).toMatchObject({ page: 'family', family: 'memory' });
  });
});
