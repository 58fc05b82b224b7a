/** The family `container`: from what engines and the kernel tell of containers to values. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containerCollector, containerReading } from '../../../../src/main/engine/collectors/container';
import type { ContainerCounters, ContainerRaw, ContainersRaw } from '../../../../src/main/engine/containers/types';
import type { EngineStatus } from '../../../../src/shared/containers/container-schemas';

const engine = (own: Partial<EngineStatus> = {}): EngineStatus => ({ id: 'docker', kind: 'docker', label: 'Docker', endpoint: '/var/run/docker.sock', state: 'answering', reason: null, version: '29.1.3', ...own });
const counters = (own: Partial<ContainerCounters> = {}): ContainerCounters => ({ mono: 1000, cpuSeconds: 100, throttledSeconds: 0, memory: 2 ** 20, memoryLimit: 2 ** 22, received: 1000, sent: 2000, read: 3000, written: 4000, processes: 3, ...own });
const container = (own: Partial<ContainerRaw> = {}): ContainerRaw => ({ device: 'db', label: 'db', id: 'a1', image: 'postgres:17', state: 'running', health: 'none', startedAt: 50, restarts: 0, recentDeaths: 0, recentOomKills: 0, isMissed: false, reason: null, isStored: true, counters: counters(), ...own });
const raw = (containers: readonly ContainerRaw[], engines: readonly EngineStatus[] = [engine()]): ContainersRaw => ({ engines, containers });

/** Reads twice, ten seconds apart. */
const between = (before: readonly ContainerRaw[], now: readonly ContainerRaw[]) => containerReading(raw(now), { raw: raw(before), seconds: 10 });
const LATER = counters({ mono: 11_000, cpuSeconds: 125, throttledSeconds: 2, received: 11_000, sent: 22_000, read: 3000, written: 44_000 });
const RATES = { cpu: null, throttled: null, received: null, sent: null, read: null, written: null };

describe('rates of a container', () => {
  it('are from two reads, by the time of each: CPU of one core, and bytes', () => {
    const { devices } = between([container()], [container({ counters: LATER })]);
    expect(devices['db']).toEqual({
      label: 'db',
      detail: 'postgres:17',
      state: { code: 'running' },
      values: { cpu: 250, throttled: 20, memory: 2 ** 20, memoryLimit: 2 ** 22, memoryUsage: 25, received: 1000, sent: 2000, read: 0, written: 4000, processes: 3, running: 1, unhealthy: null, missed: 0, restarts: 0, recentDeaths: 0, recentOomKills: 0 },
    });
    // The engine answered late: by its own time it was twenty seconds.
    expect(between([container()], [container({ counters: { ...LATER, mono: 21_000 } })]).devices['db']?.values).toMatchObject({ cpu: 125, sent: 1000 });
  });

  it.each([
    ['at the first read', null],
    ['after a restart', container({ startedAt: 49 })],
    ['of another container under its name', container({ id: 'b2' })],
    ['of a container that did not run before', container({ state: 'exited', counters: null })],
    ['of one that had another name', container({ device: 'other' })],
    ['between two reads at one time', container({ counters: counters({ mono: 11_000 }) })],
    ['back in time', container({ counters: counters({ mono: 12_000 }) })],
  ] as const)('are not known %s', (_when, before) => {
    const now = [container({ counters: LATER })];
    const { devices } = before === null ? containerReading(raw(now), null) : between([before], now);
    expect(devices['db']?.values).toMatchObject({ ...RATES, memory: 2 ** 20, memoryUsage: 25, processes: 3 });
  });

  it('are not known of a counter that went back, is missing, or grew by more than anything can move; the others are', () => {
    const { devices } = between([container()], [container({ counters: { ...LATER, cpuSeconds: 99, received: null, sent: 2 ** 52 } })]);
    expect(devices['db']?.values).toMatchObject({ cpu: null, received: null, sent: null, throttled: 20, written: 4000 });
    const { devices: missingBefore } = between([container({ counters: counters({ read: null }) })], [container({ counters: LATER })]);
    expect(missingBefore['db']?.values).toMatchObject({ read: null, written: 4000 });
  });

  it('and levels are not known where nothing can be read, or it does not run', () => {
    for (const one of [container({ counters: null }), container({ state: 'exited', counters: null })]) {
      expect(between([container()], [one]).devices['db']?.values).toMatchObject({ ...RATES, memory: null, memoryLimit: null, memoryUsage: null, processes: null });
    }
  });

  it('have no share of a limit without one', () => {
    expect(between([], [container({ counters: counters({ memoryLimit: null }) })]).devices['db']?.values).toMatchObject({ memory: 2 ** 20, memoryUsage: null });
  });
});

describe('the state of a container', () => {
  it.each([
    [{ state: 'running' }, { code: 'running' }, { running: 1, unhealthy: null }],
    [{ state: 'running', health: 'healthy' }, { code: 'running' }, { running: 1, unhealthy: 0 }],
    [{ state: 'running', health: 'starting' }, { code: 'starting' }, { running: 1, unhealthy: 0 }],
    [{ state: 'running', health: 'unhealthy', reason: 'its health check failed 3 times' }, { code: 'unhealthy', reason: 'its health check failed 3 times' }, { running: 1, unhealthy: 1 }],
    [{ state: 'exited', health: 'unhealthy', reason: 'exit code 137', isMissed: true }, { code: 'stopped', reason: 'exit code 137' }, { running: 0, unhealthy: null, missed: 1 }],
    [{ state: 'paused' }, { code: 'paused' }, { running: 0 }],
    [{ state: 'restarting', recentDeaths: 3 }, { code: 'restarting' }, { running: 0, recentDeaths: 3 }],
    [{ state: 'dead' }, { code: 'failed' }, { running: 0 }],
  ] as const)('%o', (own, state, values) => {
    const found = between([], [container(own)]).devices['db'];
    expect(found).toMatchObject({ state, values });
  });

  it('is shown and not kept where its name lasts no longer than it', () => {
    expect(between([], [container({ isStored: false })]).devices['db']?.stored).toBe(false);
    expect(between([], [container()]).devices['db']).not.toHaveProperty('stored');
  });
});

describe('all containers', () => {
  it('are summed up as far as they are known', () => {
    const now = [container({ counters: LATER }), container({ device: 'web', id: 'b', counters: LATER }), container({ device: 'old', id: 'c', state: 'exited', counters: null, isMissed: true }), container({ device: 'new', id: 'd', health: 'unhealthy' })];
    const before = [container(), container({ device: 'web', id: 'b', startedAt: 1 })];
    expect(between(before, now).values).toEqual({ running: 3, problems: 2, cpu: 250, memory: 3 * 2 ** 20 });
  });

  it('are those of the engines that answer; the others say why they do not', () => {
    const silent = engine({ id: 'podman', kind: 'podman', state: 'notAnswering', reason: 'Podman does not answer.' });
    const refused = engine({ id: 'docker-2', state: 'notPermitted', reason: 'You are not in the group docker.' });
    const reading = containerReading(raw([container()], [engine(), silent, refused]), null);
    expect(reading).toMatchObject({ values: { running: 1 }, note: 'Podman does not answer. You are not in the group docker.' });
    expect(containerReading(raw([], [silent]), null).values).toEqual({ running: null, problems: null, cpu: null, memory: null });
  });

  it('use nothing where all engines answer and none runs, which nobody knows while one does not answer', () => {
    const none = { running: 0, problems: 0, cpu: 0, memory: 0 };
    expect(containerReading(raw([]), null).values).toEqual(none);
    expect(containerReading(raw([container({ state: 'exited', counters: null })]), null).values).toEqual(none);
    expect(containerReading(raw([], [engine(), engine({ state: 'notAnswering', reason: 'x' })]), null).values).toEqual({ running: 0, problems: null, cpu: null, memory: null });
  });

  it('are none without an engine', async () => {
    const nothing = { values: { running: null, problems: null, cpu: null, memory: null }, devices: {} };
    expect(containerReading(null, null)).toEqual(nothing);
    expect(await containerCollector(undefined).read()).toBeNull();
    expect(await containerCollector({ read: () => Promise.resolve(null) }).read()).toBeNull();
    // After the last engine was removed, and while the first is found.
    expect(containerReading(null, { raw: raw([container()]), seconds: 10 })).toEqual(nothing);
    expect(containerReading(raw([container()]), { raw: null, seconds: 10 }).devices['db']?.values.cpu).toBeNull();
  });

  it('never have a value that is negative or infinite, whatever is read', () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 64));
    const value = fc.option(number);
    const anyCounters = fc.record({ mono: number, cpuSeconds: value, throttledSeconds: value, memory: value, memoryLimit: value, received: value, sent: value, read: value, written: value, processes: value });
    const anyContainer = fc.record({
      device: fc.constantFrom('a', 'b', '__proto__', 'constructor'), label: fc.string(), id: fc.constantFrom('x', 'y'), image: fc.string(),
      state: fc.constantFrom('created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'), health: fc.constantFrom('none', 'starting', 'healthy', 'unhealthy'),
      startedAt: fc.option(fc.constantFrom(1, 2)), restarts: value, recentDeaths: number, recentOomKills: number, isMissed: fc.boolean(), reason: fc.option(fc.string()), isStored: fc.boolean(), counters: fc.option(anyCounters),
    });
    const anyRaw = fc.record({ engines: fc.array(fc.record({ state: fc.constantFrom('answering', 'notAnswering') }).map(engine)), containers: fc.array(anyContainer, { maxLength: 5 }) });
    fc.assert(
      fc.property(anyRaw as fc.Arbitrary<ContainersRaw>, fc.option(anyRaw as fc.Arbitrary<ContainersRaw>), (now, before) => {
        const { values, devices } = containerReading(now, before === null ? null : { raw: before, seconds: 10 });
        const all = [values, ...Object.values(devices).map((one) => one.values)].flatMap((one) => Object.entries(one));
        expect(all.filter(([, one]) => one !== null && !(Number.isFinite(one) && one >= 0))).toEqual([]);
      }),
    );
  });
});
