/** What the readers of every system have in common, whatever they read. */
import { describe, expect, it } from 'vitest';
import type { AnyCollector, Previous } from '../../../../src/main/engine/collectors/collector';
import { batchSchema } from '../../../../src/shared/api/schemas';
import type { MetricDescriptor, MetricSet } from '../../../../src/shared/metrics/define';
import { FAMILY_IDS, familyOf } from '../../../../src/shared/metrics/index';
import type { FamilyId } from '../../../../src/shared/metrics/index';
import type { Reading, Value } from '../../../../src/shared/metrics/reading';
import { failureOf } from '../../../support/recorded-machine';
import { PLATFORMS } from '../../../support/platforms';
import type { TriedMachine } from '../../../support/tried-machine';

/** Seconds between two reads: the longest pause that any program is spared for is shorter. */
const SECONDS = 70;

const FAULTS = ['SystemUnavailable', 'PermissionDenied', 'ParseError', 'Timeout'];

/** Reads a family so many times, each reading with the read before. */
async function readingsOf({ collectors, pass }: TriedMachine, family: FamilyId, count: number): Promise<Reading[]> {
  const collector: AnyCollector = collectors[family];
  const toReading = collector.toReading as (raw: unknown, previous: Previous<unknown> | null) => Reading;
  const readings: Reading[] = [];
  let before: Previous<unknown> | null = null;
  for (let at = 0; at < count; at += 1) {
    const raw: unknown = await collector.read();
    readings.push(toReading(raw, before));
    before = { raw, seconds: SECONDS };
    pass(SECONDS);
  }
  return readings;
}

/** Every value with its descriptor, and where it is. */
function valuesOf(family: FamilyId, { values, devices }: Reading): [string, MetricDescriptor, Value][] {
  const { metrics, device } = familyOf(family);
  const list = (place: string, set: MetricSet, found: Readonly<Record<string, Value>>): [string, MetricDescriptor, Value][] =>
    Object.entries(set).map(([name, descriptor]) => [`${place}${name}`, descriptor, found[name] as Value]);
  return [...list('', metrics, values), ...Object.entries(devices).flatMap(([id, one]) => list(`${id} `, device.metrics, one.values))];
}

/** The largest value that a machine can have. */
function mostOf({ unit, share }: MetricDescriptor): number {
  if (unit === 'percent') return share === undefined ? 100 : 100_000;
  if (unit === 'celsius') return 150;
  if (unit === 'hertz') return 20e9;
  if (unit === 'watts') return 2000;
  if (unit === 'rpm') return 30_000;
  if (unit === 'bytesPerSecond') return 2 ** 40;
  return 2 ** 64;
}

describe.each(PLATFORMS.map((one) => [`${one.platform}: ${one.name}`, one] as const))('%s', (_name, platform) => {
  it.each(FAMILY_IDS)('%s has the metrics of its descriptor, in bounds, and no rate before there are two reads', async (family) => {
    const readings = await readingsOf(platform.healthy(), family, 3);
    const { metrics, device } = familyOf(family);
    for (const [at, reading] of readings.entries()) {
      expect(Object.keys(reading.values)).toEqual(Object.keys(metrics));
      // What is told nobody is null, and it is a metric.
      for (const name of reading.untold ?? []) {
        const found = [reading, ...Object.values(reading.devices)].flatMap(({ values }) => (name in values ? [values[name]] : []));
        expect([name, name in metrics || name in device.metrics, found.every((value) => value === null)]).toEqual([name, true, true]);
      }
      for (const one of Object.values(reading.devices)) expect(Object.keys(one.values)).toEqual(Object.keys(device.metrics));
      expect(batchSchema.safeParse({ seq: 1, time: 1, readings: { [family]: reading }, faults: {} }).error).toBeUndefined();
      for (const [place, descriptor, value] of valuesOf(family, reading)) {
        expect([place, value, value === null || (value >= 0 && value <= mostOf(descriptor))]).toEqual([place, value, true]);
        if (at === 0 && descriptor.kind === 'rate') expect([place, value]).toEqual([place, null]);
      }
    }
  });

  it.each(FAMILY_IDS)('%s keeps the ids of its devices', async (family) => {
    const [first, ...others] = await readingsOf(platform.healthy(), family, 4);
    for (const other of others) expect(Object.keys(other.devices)).toEqual(Object.keys(first?.devices ?? {}));
  });

  it('tells something of every family, or says why not', async () => {
    for (const family of FAMILY_IDS) {
      const latest = (await readingsOf(platform.healthy(), family, 2)).at(-1) ?? { values: {}, devices: {} };
      const isTold = valuesOf(family, latest).some(([, , value]) => value !== null);
      const isUntold = platform.untold.has(family);
      // What Traywatch itself uses is told by the app, and there is none here.
      expect([family, isTold]).toEqual([family, !isUntold && !platform.absent.has(family) && family !== 'self']);
      expect([family, !isUntold || /^\S.*\.$/.test(latest.note ?? '')]).toEqual([family, true]);
    }
  });

  it('is read as often as its families are, or half as often', () => {
    for (const family of FAMILY_IDS) {
      const collector: AnyCollector = platform.healthy().collectors[family];
      const { background, viewed } = familyOf(family).samplingInterval;
      expect(collector.family).toBe(family);
      expect(collector.leastInterval ?? 0).toBeLessThanOrEqual(2 * Math.max(background ?? 0, viewed));
    }
  });

  it('starts no more programs than it may', async () => {
    const machine = platform.healthy();
    for (const family of FAMILY_IDS) await readingsOf(machine, family, 1);
    expect(machine.started()).toBeLessThanOrEqual(platform.mostPrograms);
    if (platform.platform !== 'darwin') expect(machine.started()).toBe(0);
  });

  describe.each(Object.entries(platform.broken))('with sources that are %s', (_how, broken) => {
    it.each(FAMILY_IDS)('%s is a fault, not a reading of zeros', async (family) => {
      const collector: AnyCollector = broken().collectors[family];
      if (!platform.unbroken.has(family)) {
        const failure = await failureOf(() => collector.read());
        expect(FAULTS).toContain((failure as { kind?: unknown }).kind);
        expect((failure as Error).message).not.toBe('');
        return;
      }
      const [first] = await readingsOf(broken(), family, 1);
      // These come from Node, which knows; the others know nothing.
      if (!['cpu', 'memory', 'uptime'].includes(family)) expect(new Set(valuesOf(family, first ?? { values: {}, devices: {} }).map(([, , value]) => value))).toEqual(new Set([null]));
    });
  });
});

it('Linux, macOS and Windows are tried, each with a machine that fails', () => {
  expect(PLATFORMS.map(({ platform }) => platform)).toEqual(expect.arrayContaining(['linux', 'darwin', 'win32']));
  for (const { broken } of PLATFORMS) expect(Object.keys(broken).length).toBeGreaterThan(0);
});
