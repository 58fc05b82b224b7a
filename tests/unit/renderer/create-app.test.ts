import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/renderer/create-app';
import { createMetricHistory, DEVICE_CAP } from '../../../src/renderer/features/metrics/metric-history';
import type { HistoryQuery } from '../../../src/renderer/features/metrics/metric-history';
import { createSparks, SPARK_KEYS, SPARK_STEP } from '../../../src/renderer/app/sparks';
import { SPARK_SPAN } from '../../../src/renderer/charts/spark-path';
import { createClient } from '../../../src/shared/api/client';
import type { Transport } from '../../../src/shared/api/client';
import { FAMILY_IDS } from '../../../src/shared/metrics/index';
import type { SampleBatch, Snapshot } from '../../../src/shared/metrics/reading';
import type { SeriesResponse, SeriesQuery } from '../../../src/shared/series/types';
import { madeUpMachines } from '../../support/e2e/made-up-machines';
import { createManualTimers, settle } from '../../support/timers';

const NOW = 1_000_000_000;
const cpu = (time: number, usage: number | null, extra: Partial<SampleBatch> = {}): SampleBatch => ({
  seq: time,
  time,
  readings: { cpu: { values: { usage }, devices: { cpu0: { label: 'Core 0', values: { usage: 7 } } } } },
  faults: {},
  ...extra,
});

/** A transport whose `series` returns a flat line at the number in each device's id, or at 5, and which records its calls. */
function createWorld(responses: Partial<Record<string, (input: never) => unknown>> = {}) {
  const calls: { name: string; input: unknown }[] = [];
  const listeners = new Set<(name: string, payload: unknown) => void>();
  const series = ({ series: keys, from, to, points }: SeriesQuery): SeriesResponse => {
    const step = Math.max(1000, Math.ceil((to - from) / points / 1000) * 1000);
    const time = Array.from({ length: Math.floor((to - from) / step) }, (_, at) => from + at * step);
    return {
      step,
      begins: 0,
      series: keys.map((key) => {
        const value = Number(/(\d+)$/.exec(key)?.[1] ?? 5);
        const column = time.map(() => value);
        return { series: key, time, min: column, avg: column, max: column, count: time.map(() => 1) };
      }),
    };
  };
  const all: Partial<Record<string, (input: never) => unknown>> = { series, stats: () => [], setViewedFamilies: () => null, ...responses };
  const transport: Transport = {
    call: async (name, input) => {
      calls.push({ name, input });
      const respond = all[name];
      return respond === undefined ? { ok: false, code: 'Unavailable', message: 'no response' } : { ok: true, value: respond(input as never) };
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const inputsOf = (name: string): readonly unknown[] => calls.filter((call) => call.name === name).map(({ input }) => input);
  return { client: createClient(transport), inputsOf, push: (name: string, payload: unknown) => listeners.forEach((listener) => listener(name, payload)) };
}

describe('sparks', () => {
  it('queries five minutes of all cards once, and appends batches after that', async () => {
    const { client, inputsOf } = createWorld();
    const sparks = createSparks(client);
    await sparks.fill(NOW);
    expect(inputsOf('series')).toHaveLength(1);
    expect(Object.keys(sparks.store.getState().columns)).toEqual(SPARK_KEYS);
    sparks.onBatch(cpu(NOW + SPARK_STEP, 9));
    expect(sparks.store.getState().columns['cpu.usage']?.avg.at(-1)).toBe(9);
    expect(sparks.store.getState().end).toBe(NOW + SPARK_STEP);
  });

  it('updates the cards once per point, not once per batch', async () => {
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

  it('breaks the line where a batch reports a gap', () => {
    const sparks = createSparks(createWorld().client);
    sparks.onBatch(cpu(NOW, 1));
    sparks.onBatch(cpu(NOW + SPARK_STEP, 2, { gap: 'sleep' }));
    sparks.onBatch(cpu(NOW + 2 * SPARK_STEP, 3));
    expect(sparks.store.getState().columns['cpu.usage']?.avg).toEqual([1, null, 2, 3]);
  });
});

describe('history', () => {
  const query: HistoryQuery = {
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
    const { client, inputsOf } = createWorld();
    const history = createMetricHistory(client, query, () => now);
    await history.load();
    expect(history.store.getState()).toMatchObject({ status: 'ready', window: { from: NOW - 300_000, to: NOW } });
    now += 1000;
    history.onBatch(cpu(now, 42));
    const { columns, window } = history.store.getState();
    expect(window).toEqual({ from: now - 300_000, to: now });
    expect(columns['cpu.usage']?.avg.at(-1)).toBe(42);
    expect(columns['cpu.usage@cpu0']?.avg.at(-1)).toBe(7);
    expect(inputsOf('series')).toHaveLength(1);
    expect(inputsOf('stats')).toHaveLength(1);
  });

  it('queries the same hours of another day, statistics of devices and known gaps', async () => {
    const gap = { from: NOW - 5000, to: NOW - 2000, reason: 'sleep' };
    const { client, inputsOf } = createWorld({ gaps: () => [gap] });
    const history = createMetricHistory(client, { ...query, compare: 1, deviceStats: 'usage' }, () => NOW);
    await history.load();
    await settle();
    const { gaps, before } = history.store.getState();
    expect(gaps).toEqual([gap]);
    const queries = inputsOf('series') as readonly SeriesQuery[];
    expect(queries).toHaveLength(2);
    // A day is 23 to 25 hours, whatever the zone this runs in.
    expect(Math.abs(NOW - 86_400_000 - (queries[1]?.to ?? 0))).toBeLessThanOrEqual(3_600_000 + 10_000);
    expect(queries[1]?.series).toEqual(['cpu.usage']);
    const times = before['cpu.usage']?.time ?? [];
    expect(times.every((time) => time >= NOW - 300_000 && time <= NOW + 10_000)).toBe(true);
    expect(times.length).toBeGreaterThan(290);
    expect(inputsOf('stats')).toEqual([expect.objectContaining({ series: expect.arrayContaining(['cpu.usage', 'cpu.usage@cpu0']) as unknown })]);
  });

  it('does not apply a batch that the response already contains', async () => {
    const { client } = createWorld();
    const history = createMetricHistory(client, query, () => NOW);
    const loaded = history.load();
    history.onBatch(cpu(NOW, 99));
    history.onBatch(cpu(NOW + 1000, 42));
    await loaded;
    const { columns } = history.store.getState();
    expect(columns['cpu.usage']?.avg).not.toContain(99);
    expect(columns['cpu.usage']?.avg.at(-1)).toBe(42);
  });

  it('updates a range of an hour once per point', async () => {
    const { client } = createWorld();
    const history = createMetricHistory(client, { ...query, choice: { kind: 'live', span: '1h' } }, () => NOW);
    await history.load();
    let changes = 0;
    history.store.subscribe(() => (changes += 1));
    for (let second = 1; second <= 9; second += 1) history.onBatch(cpu(NOW + second * 1000, 1));
    expect(history.store.getState().step).toBe(6000);
    expect(changes).toBeLessThanOrEqual(2);
  });

  it('queries a long range again once per point, and a fixed one never', async () => {
    const long = createWorld();
    const history = createMetricHistory(long.client, { ...query, choice: { kind: 'live', span: '24h' } }, () => NOW);
    await history.load();
    for (let second = 1; second <= 130; second += 1) history.onBatch(cpu(NOW + second * 1000, 1));
    await settle();
    expect(long.inputsOf('series')).toHaveLength(2);
    const fixed = createWorld();
    const zoomed = createMetricHistory(fixed.client, { ...query, choice: { kind: 'fixed', from: 0, to: NOW, span: '5m' } }, () => NOW);
    await zoomed.load();
    zoomed.onBatch(cpu(NOW + 1_000_000, 1));
    expect(fixed.inputsOf('series')).toHaveLength(1);
  });

  it('draws the highest of many devices, or all on request, in calls that the contract allows', async () => {
    const devices = Array.from({ length: 250 }, (_, at) => `cpu${at}`);
    const { client } = createWorld();
    const history = createMetricHistory(client, { ...query, devices }, () => NOW);
    await history.load();
    const shown = history.store.getState().shown['usage'] ?? [];
    expect(shown).toHaveLength(DEVICE_CAP);
    expect(shown[0]).toBe('cpu249');
    const every = createWorld();
    const whole = createMetricHistory(every.client, { ...query, devices, all: ['usage'] }, () => NOW);
    await whole.load();
    expect(whole.store.getState().shown['usage']).toHaveLength(250);
    expect(every.inputsOf('series').map((input) => (input as SeriesQuery).series.length)).toEqual([200, 51]);
  });

  it('reports why it failed, and retries later', async () => {
    let broken = true;
    const { client } = createWorld();
    const flaky = { ...client, call: ((name, input) => (broken ? Promise.resolve({ ok: false, code: 'Internal', message: 'disk full' }) : client.call(name, input))) as typeof client.call };
    const history = createMetricHistory(flaky, query, () => NOW);
    await history.load();
    expect(history.store.getState()).toMatchObject({ status: 'failed', message: 'disk full' });
    broken = false;
    history.onBatch(cpu(NOW + 11_000, 1));
    await settle();
    expect(history.store.getState().status).toBe('ready');
  });

  it('ignores a response that arrives after it was stopped', async () => {
    const { client } = createWorld();
    const history = createMetricHistory(client, query, () => NOW);
    const loaded = history.load();
    history.stop();
    await loaded;
    expect(history.store.getState().status).toBe('loading');
  });
});

describe('createApp', () => {
  const snapshot: Snapshot = { seq: 1, time: NOW, paused: false, readings: {}, faults: {}, lastKnown: {}, readAt: {} };
  function start(machine: string | null = null, responses: Parameters<typeof createWorld>[0] = {}) {
    const world = createWorld({ snapshot: () => snapshot, ...responses });
    const bar = { location: { hash: machine === null ? '' : `#/m/${machine}/` }, history: { back: () => undefined }, addEventListener: () => undefined, removeEventListener: () => undefined };
    return { ...world, app: createApp({ client: world.client, timers: createManualTimers(), bar, machine, onSnapshot: () => undefined }) };
  }

  it('sends the families that the page shows: all, one, none, and none while hidden', async () => {
    const { app, inputsOf } = start();
    await settle();
    app.router.goTo('/cpu');
    app.router.goTo('/host');
    app.router.goTo('/');
    app.setVisible(false);
    app.setVisible(true);
    const sent = inputsOf('setViewedFamilies').map((input) => (input as { families: readonly string[] }).families);
    expect(sent).toEqual([FAMILY_IDS, ['cpu'], [], FAMILY_IDS, [], FAMILY_IDS]);
  });

  it('does not send them again for another range of the same family', async () => {
    const { app, inputsOf } = start();
    await settle();
    app.router.goTo('/cpu');
    app.router.goTo('/cpu?range=1h');
    expect(inputsOf('setViewedFamilies')).toHaveLength(2);
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

  it('removes the reading of a family that fails', async () => {
    const { app, push } = start();
    await settle();
    push('batch', { ...cpu(NOW + 1000, 3), seq: 2 });
    push('batch', { seq: 3, time: NOW + 2000, readings: {}, faults: { cpu: { kind: 'Timeout', message: 'late', since: 1, nextAt: null } } });
    expect(app.live.getState().readings.cpu).toBeUndefined();
    expect(app.live.getState().faults.cpu?.kind).toBe('Timeout');
  });

  it('navigates to the page that the tray asks for', async () => {
    const { app, push } = start();
    await settle();
    push('navigate', { path: '/memory' });
    expect(app.router.store.getState().route).toMatchObject({ page: 'family', family: 'memory' });
  });

  it('of another machine watches it on every page, and not while the page is hidden', async () => {
    const { app, inputsOf } = start('a'.repeat(32));
    await settle();
    app.router.goTo(`/m/${'a'.repeat(32)}/alerts`);
    app.setVisible(false);
    const sent = inputsOf('setViewedFamilies').map((input) => (input as { families: readonly string[] }).families.length);
    expect(sent).toEqual([FAMILY_IDS.length, 1, 0]);
  });

  it('of another machine can use what is about that machine, and nothing that changes this one', () => {
    const { app } = start('a'.repeat(32));
    const { app: own } = start();
    for (const name of ['series', 'incidents', 'machines', 'saveFile', 'lanApprove'] as const) expect([app.can(name), own.can(name)]).toEqual([true, true]);
    for (const name of ['updateSettings', 'acknowledge', 'processes', 'powerRequest', 'lanAccess', 'saveMachine'] as const) expect([app.can(name), own.can(name)]).toEqual([false, true]);
  });

  it('keeps the objects of machines that have not changed, and their sparklines', async () => {
    const machines = madeUpMachines(3, NOW);
    const { app, push } = start(null, { machines: () => machines });
    await settle();
    const before = app.machines.store.getState().list ?? [];
    expect(before.map(({ name }) => name)).toEqual(machines.map(({ name }) => name));
    push('machines', machines.map((machine, at) => ({ ...machine, spark: null, ...(at === 2 ? { open: 7 } : {}) })));
    const after = app.machines.store.getState().list ?? [];
    expect(after.map((machine, at) => machine === before[at])).toEqual([true, true, false, true]);
    expect(after[2]).toEqual({ ...before[2], open: 7 });
  });

  it('says why the machines could not be loaded, and forgets it once they are', async () => {
    const { app, push } = start();
    await settle();
    expect(app.machines.store.getState()).toMatchObject({ list: null, failure: 'No response.' });
    push('machines', madeUpMachines(1, NOW));
    expect(app.machines.store.getState().failure).toBeNull();
  });
});
