import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthIn, withCause } from '../../../src/main/alerts/incident-cause';
import { toAlertText } from '../../../src/shared/alerts/alert-text';
import { formatCause } from '../../../src/shared/alerts/alert-text';
import type { IncidentCause } from '../../../src/shared/alerts/incident';
import { culpritsOf, FAMILY_IDS, familyOf, parseSeriesKey, seriesKey } from '../../../src/shared/metrics/index';
import { EMPTY_SNAPSHOT } from '../../../src/shared/metrics/merge';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { eventOf, incidentOf, NOON, ruleOf } from '../../support/alert-samples';
import { createStoreFixture } from '../../support/store';
import { createCallbackLog } from '../../support/log';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GIB = 2 ** 30;
const HOME = { ruleId: 'disk-space', series: 'disk.usage@/home', device: '/home', deviceLabel: '/home' } as const;
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

/** A level in steps of an hour, the last at NOON. */
function levelOf(values: readonly (number | null)[]) {
  return { series: 'disk.used@/home', time: values.map((_, i) => NOON - (values.length - 1 - i) * HOUR), avg: values };
}

describe('how much a level grew', () => {
  it('is told over the shortest time in which most of it happened', () => {
    const slowly = Array.from({ length: 73 }, (_, i) => 100 * GIB + (i / 72) * 12 * GIB);
    expect(growthIn(levelOf(slowly))).toEqual({ series: 'disk.used@/home', by: 12 * GIB, since: NOON - 3 * DAY, until: NOON });
    const suddenly = [...Array.from({ length: 72 }, () => 100 * GIB), 112 * GIB];
    expect(growthIn(levelOf(suddenly))).toMatchObject({ by: 12 * GIB, since: NOON - HOUR });
  });

  it('counts from the latest of the lowest: a file that came and went is not told', () => {
    expect(growthIn(levelOf([100, 180, 100, 100, 105, 110].map((gib) => gib * GIB)))).toMatchObject({ by: 10 * GIB, since: NOON - 2 * HOUR });
  });

  it.each([
    ['no history', []],
    ['one point', [100]],
    ['a level that stays', [100, 100, 100]],
    ['one that hardly grows', [100, 100.5]],
    ['one that falls', [100, 90, 80]],
    ['gaps alone', [null, null]],
  ])('is not told of %s', (_, values) => {
    expect(growthIn(levelOf(values))).toBeNull();
  });

  it('is never more than there is between two stored points, whatever the history', () => {
    const value = fc.option(fc.double({ min: 0, max: 1e15, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const level = levelOf(values);
        const growth = growthIn(level);
        if (growth === null) return;
        const at = (time: number): number | null | undefined => level.avg[level.time.indexOf(time)];
        expect(growth.by).toBeGreaterThan(0);
        expect(growth.since).toBeLessThan(growth.until);
        expect(growth.by).toBe((at(growth.until) ?? 0) - (at(growth.since) ?? 0));
      }),
    );
  });
});

describe('the cause of an alert', () => {
  /** What withCause makes of an alert over a real store. */
  async function causeFor(change: Parameters<typeof incidentOf>[0], batches: readonly SampleBatch[] = [], readings: SampleBatch['readings'] = {}) {
    const asked: string[] = [];
    const { store } = createStoreFixture().open();
    const clock = { mono: () => 0 };
    batches.forEach((batch) => store.append(batch));
    store.commit();
    const processes = { explain: (measure: string) => Promise.resolve((asked.push(measure), { culprits: [{ name: 'rsync', pid: 1, value: 5, unit: 'percent' as const }], top: [] })) };
    const set: IncidentCause[] = [];
    const parts = { clock, hub: { snapshot: () => ({ ...EMPTY_SNAPSHOT, readings }) }, store, processes, log: createCallbackLog(() => undefined) };
    const event = eventOf('fired', incidentOf(change), ruleOf({ family: 'disk', metric: 'usage', device: '*' }));
    const told = await withCause(parts, (_, cause) => set.push(cause), event);
    return { asked, set, body: plain(toAlertText({ ...told, rule: event.rule }).body), kept: store.activity.processSnapshots({ from: 0, to: NOON * 2, limit: 9 }).length };
  }

  it('of a full disk is its growth from the history, in the notification, and no process is looked up', async () => {
    const batches = Array.from({ length: 73 }, (_, hour): SampleBatch => {
      const time = NOON - (72 - hour) * HOUR;
      const values = { used: 100 * GIB + hour * GIB / 6 };
      return { seq: hour + 1, time, readings: Object.fromEntries([['disk', { values: {}, devices: { '/home': { label: '/home', values } } }]]), faults: {} };
    });
    const { asked, set, body, kept } = await causeFor({ ...HOME, threshold: 90 }, batches);
    expect(asked).toEqual([]);
    expect(set).toHaveLength(1);
    expect(body).toContain('+12.0 GiB in 3 d');
    expect(kept).toBe(0);
  });

  it('of a full disk without history is nothing', async () => {
    expect(await causeFor(HOME)).toMatchObject({ asked: [], set: [], body: 'Above 90 % for 5 min' });
  });

  it.each([
    ['cpu.usage', ['cpu']],
    ['memory.usage', ['memory']],
    ['memory.swapUsage', []],
    ['disk.usage', []],
    ['disk.inodeUsage@/home', []],
    ['diskio.busy@sda', ['disk']],
    ['temperature.value@core', ['cpu']],
    ['network.received', []],
    ['connections.established', []],
    ['uptime.uptime', []],
    ['self.cpu', []],
    ['gone.metric', []],
  ])('of %s is looked up among the processes by %j', async (series, measures) => {
    expect((await causeFor({ series })).asked).toEqual(measures);
  });

  const pressed = (family: string, pressure: number | null): SampleBatch['readings'] => ({ [family]: { values: { pressure }, devices: {} } });

  it.each([
    ['memory.usage', pressed('memory', 34.2), 'waiting for memory 34 % of the time'],
    ['cpu.usage', pressed('cpu', 61), 'waiting for a core 61 % of the time'],
    ['diskio.busy@sda', pressed('diskio', 80), 'waiting for a disk 80 % of the time'],
  ])('of %s is also how long tasks wait, where that is felt', async (series, readings, text) => {
    const { set, body } = await causeFor({ series }, [], readings);
    expect(set[0]?.waiting?.series).toMatch(/\.pressure$/);
    expect(body).toMatch(new RegExp(`^Above .* · ${text}`));
  });

  it.each([
    ['a little waiting', 'memory.usage', pressed('memory', 9.9)],
    ['waiting that is not known', 'memory.usage', pressed('memory', null)],
    ['waiting for something else', 'cpu.usage', pressed('memory', 50)],
    ['the value that the alert is about', 'memory.pressure', pressed('memory', 50)],
    ['what nobody waits for', 'temperature.value@core', pressed('temperature', 50)],
  ])('is not %s', async (_, series, readings) => {
    const { set, body } = await causeFor({ series }, [], readings);
    expect(set[0]?.waiting).toBeUndefined();
    expect(body).not.toContain('waiting');
  });

  it('of a state is what its device says of it', async () => {
    const readings: SampleBatch['readings'] = { health: { values: {}, devices: { 'md:md0': { label: 'md0', values: {}, state: { code: 'degraded', reason: '1 of 3 members missing' } } } } };
    const incident = { series: 'health.degraded@md:md0', device: 'md:md0', deviceLabel: 'md0', threshold: 2, valueAtFire: 2 } as const;
    expect(await causeFor(incident, [], readings)).toMatchObject({ asked: [], set: [{ culprits: [], state: '1 of 3 members missing' }], body: 'For 5 min · 1 of 3 members missing' });
    expect(await causeFor({ ...incident, series: 'health.wear@md:md0' }, [], readings)).toMatchObject({ set: [] });
    expect(await causeFor(incident)).toMatchObject({ set: [] });
    const web: SampleBatch['readings'] = { container: { values: {}, devices: { web: { label: 'web', values: {}, state: { code: 'restarting', reason: 'exit code 137' } } } } };
    expect(await causeFor({ series: 'container.recentDeaths@web', device: 'web', deviceLabel: 'web', threshold: 3, valueAtFire: 3 }, [], web)).toMatchObject({ asked: [], set: [{ culprits: [], state: 'exit code 137' }] });
  });

  it('that an earlier version stored with a level is not shown', () => {
    const culprits = [{ name: 'wpa_supplicant', pid: 1, value: 3e6, unit: 'bytesPerSecond' as const }];
    expect(formatCause(incidentOf({ ...HOME, culprits }))).toBe('');
    expect(plain(formatCause(incidentOf({ series: 'diskio.write@sda', culprits })))).toBe('wpa_supplicant 2.86 MiB/s');
  });

  it('of the load of a card are those that use most of it', () => {
    const incident = incidentOf({ ruleId: 'own', series: 'gpu.load', culprits: [{ name: 'blender', pid: 4711, value: 91.4, unit: 'percent' }] });
    expect(plain(formatCause(incident))).toBe('blender 91 %');
    expect([culpritsOf('gpu.load'), culpritsOf('gpu.load@0000:01:00.0'), culpritsOf('gpu.memoryUsed')]).toEqual(['gpu', 'gpu', 'none']);
  });

  it('names a stored series that exists, for every metric of every group', () => {
    const keys = FAMILY_IDS.flatMap((family) => {
      const { metrics, device } = familyOf(family);
      return [...Object.keys(metrics).map((metric) => seriesKey(family, metric)), ...Object.keys(device.metrics).map((metric) => seriesKey(family, metric, 'x'))];
    });
    const grown = keys.map(culpritsOf).flatMap((kind) => (typeof kind === 'object' ? [parseSeriesKey(kind.growthOf)] : []));
    expect(grown.length).toBeGreaterThan(4);
    expect(grown.filter((parsed) => parsed === null || parsed.descriptor.stored === false)).toEqual([]);
  });
});
