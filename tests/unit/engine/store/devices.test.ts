/** Devices in the store: those that come and go without end, and those that have another id than before. */
import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEPT_GONE, MAX_GONE } from '../../../../src/main/engine/store/device-limit';
import type { LimitReached } from '../../../../src/main/engine/store/device-limit';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { familyOf } from '../../../../src/shared/metrics/index';
import type { FamilyId } from '../../../../src/shared/metrics/index';
import type { DeviceReading, Reading, RenamedDevices, SampleBatch } from '../../../../src/shared/metrics/reading';
import type { Incident } from '../../../../src/shared/alerts/incident';
import { chunkStartsOf, createStoreFixture, NOON, pointsOf, pointsText, runMaintenance } from '../../../support/store';
import type { StoreFixture } from '../../../support/store';

const DAY = 86_400_000;

/** A batch of one family whose devices all have the value; `at` in seconds after noon. */
function batch(at: number, family: FamilyId, devices: readonly string[], value: number, more: { renamed?: readonly RenamedDevices[]; stored?: false } = {}): SampleBatch {
  const metrics = Object.keys(familyOf(family).device.metrics);
  const device: DeviceReading = { label: 'x', values: Object.fromEntries(metrics.map((name) => [name, value])), ...(more.stored === undefined ? {} : { stored: more.stored }) };
  const reading: Reading = { values: {}, devices: Object.fromEntries(devices.map((id) => [id, device])), ...(more.renamed === undefined ? {} : { renamed: more.renamed }) };
  return { seq: 1, time: NOON + at * 1000, readings: { [family]: reading }, faults: {} };
}

function keysOf({ path }: StoreFixture): string[] {
  const db = new Database(path, { readonly: true });
  const keys = db.prepare<[], string>('SELECT key FROM series ORDER BY id').pluck().all();
  db.close();
  return keys;
}

const devicesOf = (fixture: StoreFixture): Set<string> => new Set(keysOf(fixture).map((key) => key.split('@')[1] ?? ''));
const storedMetrics = (family: FamilyId): number => Object.values(familyOf(family).device.metrics).filter(({ stored }) => stored !== false).length;
const hex = (n: number): string => (n * 2654435761 + 17).toString(16).slice(-7).padStart(7, '0');

describe('devices without end', () => {
  it.each<FamilyId>(['network', 'disk', 'temperature', 'diskio'])('of the family "%s" are kept up to the limit, of a thousand names, the last seen', (family) => {
    const fixture = createStoreFixture();
    const reached: LimitReached[] = [];
    const { store } = fixture.open({ onDeviceLimit: (one) => reached.push(one) });
    for (let i = 0; i < 1000; i += 1) store.append(batch(i, family, [`x${hex(i)}`], 5));
    store.commit();
    // Two days on, when all of them are gone.
    for (let i = 0; i < 3; i += 1) store.append(batch(2 * 86_400 + i, family, ['lasting'], 5));
    store.commit();
    runMaintenance(store, NOON + 2 * DAY + 3000);
    const devices = [...devicesOf(fixture)];
    expect(devices).toHaveLength(1 + KEPT_GONE);
    expect(keysOf(fixture)).toHaveLength((1 + KEPT_GONE) * storedMetrics(family));
    expect(devices.toSorted()).toEqual(['lasting', ...Array.from({ length: KEPT_GONE }, (_, i) => `x${hex(1000 - KEPT_GONE + i)}`)].toSorted());
    expect(reached).toEqual([{ family, limit: 1 + KEPT_GONE, removed: 1000 - KEPT_GONE }]);
  }, 60_000);

  it('are not stored where more come in a day than maintenance can follow', () => {
    const fixture = createStoreFixture();
    const reached: LimitReached[] = [];
    const { store } = fixture.open({ onDeviceLimit: (one) => reached.push(one) });
    for (let i = 0; i < MAX_GONE + 500; i += 1) {
      store.append(batch(i, 'temperature', [`x${i}`], 5));
      if (i % 100 === 99) store.commit();
    }
    store.append(batch(5000, 'temperature', ['x7', 'x4400'], 6));
    store.commit();
    expect(devicesOf(fixture).size).toBe(2 + MAX_GONE);
    expect(pointsOf(store, 'temperature.value@x7', 4990, 5010).avg).toContain(6);
    expect(reached).toEqual([{ family: 'temperature', limit: 1 + MAX_GONE, removed: 0 }]);
  }, 60_000);

  it('are not stored at all where they say so', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    for (let i = 0; i < 1000; i += 1) store.append(batch(i, 'network', [`veth${hex(i)}`], 5, { stored: false }));
    store.append(batch(1000, 'network', ['eth0'], 5));
    store.commit();
    expect(devicesOf(fixture)).toEqual(new Set(['eth0']));
  });

  it('never keep out those that are there at once, however many', () => {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    const cores = Array.from({ length: 768 }, (_, i) => String(i));
    store.append(batch(0, 'cpu', cores, 50));
    store.commit();
    expect(devicesOf(fixture).size).toBe(768);
  });

  it('stay within the limit in whatever order they come and go, over restarts', () => {
    const day = fc.record({ present: fc.array(fc.nat(999), { maxLength: 40 }), restart: fc.boolean() });
    fc.assert(
      fc.property(fc.array(day, { minLength: 12, maxLength: 20 }), (days) => {
        const fixture = createStoreFixture();
        let { store } = fixture.open();
        let most = 0;
        days.forEach(({ present, restart }, i) => {
          const devices = [...new Set(present)].map((n) => `x${n}`);
          most = Math.max(restart ? 0 : most, devices.length);
          if (restart) {
            store.close();
            ({ store } = fixture.open());
          }
          store.append(batch(i * 86_400, 'disk', devices, 5));
          store.append(batch(i * 86_400 + 1, 'memory', [], 0));
          store.commit();
          fixture.clock.mono += DAY;
          runMaintenance(store, NOON + i * DAY + 2000);
          const recent = new Set(days.slice(Math.max(0, i - 2), i + 1).flatMap((one) => one.present));
          const stored = devicesOf(fixture);
          expect(stored.size).toBeLessThanOrEqual(most + KEPT_GONE + recent.size);
          for (const device of devices) expect(stored.has(device)).toBe(true);
        });
        store.close();
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  /** A history of devices that were each there for a minute of a day of their own, the first 200 days before noon. */
  function fill(fixture: StoreFixture, count: number): Store {
    const { store } = fixture.open();
    for (let day = 0; day < count; day += 1) {
      for (let second = 0; second < 3; second += 1) store.append(batch((day - 200) * 86_400 + second, 'disk', [`x${day}`, 'lasting'], day));
      store.commit();
      fixture.clock.mono += DAY;
      runMaintenance(store, NOON + (day - 200) * DAY + 1000);
    }
    return store;
  }

  it('make room for new ones: those that are gone for longest are removed, with all that was stored of them', () => {
    const fixture = createStoreFixture();
    const store = fill(fixture, 180);
    const devices = devicesOf(fixture);
    expect(devices.size).toBeLessThanOrEqual(2 + KEPT_GONE + 2);
    // The latest were stored, the oldest are gone, and what lasts was never touched.
    for (const device of ['lasting', 'x179', 'x178', 'x150']) expect(devices.has(device)).toBe(true);
    for (const device of ['x0', 'x1', 'x20']) expect(devices.has(device)).toBe(false);
    const key = (device: string): string => `disk.usage@${device}`;
    const from = -200 * 86_400;
    expect(pointsOf(store, key('x0'), from, 0).count.some((count) => count > 0)).toBe(false);
    expect(pointsOf(store, key('x150'), from, 0).avg).toContain(150);
    expect(pointsOf(store, key('lasting'), from, 0).avg).toEqual(expect.arrayContaining([3, 150]));
    store.close();
    const { stored, indexed } = chunkStartsOf(fixture.path);
    expect(indexed).toEqual(stored);
    const db = new Database(fixture.path, { readonly: true });
    const orphans = db.prepare('SELECT count(*) FROM chunks WHERE id % 33554432 <> 0 AND id % 33554432 NOT IN (SELECT id FROM series)').pluck().get();
    expect(orphans).toBe(0);
    db.close();
  }, 60_000);
});

const GROUP = ['nvme/Composite', 'nvme/Composite 2'] as const;
const renamedTo = (first: string, second: string): RenamedDevices => ({ renamed: { [GROUP[0]]: first, [GROUP[1]]: second }, unless: 'nvme/Composite 3' });
const TO = renamedTo('nvme A/Composite', 'nvme B/Composite');
const temperature = (device: string): string => `temperature.value@${device}`;

/** A store in which devices have a sample each, ten seconds apart, sealed unless `seconds` is near. */
function withHistory(devices: readonly string[], open: Parameters<StoreFixture['open']>[0] = {}) {
  const fixture = createStoreFixture();
  const renamed: [string, string][] = [];
  const { store } = fixture.open({ ...open, onRenamed: (keys) => renamed.push(...keys) });
  devices.forEach((device, i) => store.append(batch(i * 10, 'temperature', [device], 30 + i)));
  store.commit();
  const points = (device: string): string => pointsText(pointsOf(store, temperature(device), 0, 1000)).replaceAll(/\s?\S*:–/g, '').trim();
  return { fixture, store, renamed, points };
}

describe('devices that have another id', () => {
  it('continue their history, together with those they were distinguished from', () => {
    const { fixture, store, renamed, points } = withHistory(GROUP);
    store.append(batch(100, 'temperature', ['nvme A/Composite', 'nvme B/Composite'], 50, { renamed: [TO] }));
    store.commit();
    expect(keysOf(fixture)).toEqual([temperature('nvme A/Composite'), temperature('nvme B/Composite')]);
    expect(points('nvme A/Composite')).toBe('0:30 100:50');
    expect(points('nvme B/Composite')).toBe('10:31 100:50');
    expect(points(GROUP[0])).toBe('');
    expect(renamed).toEqual([[temperature(GROUP[0]), temperature('nvme A/Composite')], [temperature(GROUP[1]), temperature('nvme B/Composite')]]);
  });

  it('continue it where they have no value yet: a sleeping one is renamed with the others', () => {
    const { fixture, store, points } = withHistory(GROUP);
    store.append(batch(100, 'temperature', ['nvme A/Composite'], 50, { renamed: [TO] }));
    store.append({ ...batch(101, 'temperature', [], 0, { renamed: [TO] }) });
    store.commit();
    expect(keysOf(fixture)).toEqual([temperature('nvme A/Composite'), temperature('nvme B/Composite')]);
    expect(points('nvme B/Composite')).toBe('10:31');
  });

  it.each<[string, readonly string[], RenamedDevices]>([
    ['one of them is gone: which one is not known', GROUP, { renamed: { [GROUP[0]]: 'nvme B/Composite' }, unless: GROUP[1] }],
    ['one has been added', [GROUP[0]], TO],
    ['one was there more', [...GROUP, 'nvme/Composite 3'], TO],
    ['a present id is in use already', [...GROUP, 'nvme A/Composite'], TO],
  ])('keep apart what they had and have where %s', (_, before, rename) => {
    const { fixture, store, renamed } = withHistory(before);
    const present = Object.values(rename.renamed);
    store.append(batch(100, 'temperature', present, 50, { renamed: [rename] }));
    store.commit();
    expect(keysOf(fixture)).toEqual([...new Set([...before, ...present])].map(temperature));
    expect(renamed).toEqual([]);
  });

  it('are those in use at the end: one that left long before does not count', () => {
    const { fixture, store } = withHistory([]);
    const old = -20 * 86_400;
    for (let i = 0; i < 3; i += 1) store.append(batch(old + i, 'temperature', GROUP, 30));
    store.commit();
    for (let i = 0; i < 3; i += 1) store.append(batch(i - 4000, 'temperature', [GROUP[0]], 31));
    store.append(batch(0, 'memory', [], 0));
    store.append(batch(0, 'temperature', ['other'], 1));
    store.commit();
    runMaintenance(store, NOON);
    const rename: RenamedDevices = { renamed: { [GROUP[0]]: 'nvme B/Composite' }, unless: GROUP[1] };
    store.append(batch(100, 'temperature', ['nvme B/Composite'], 50, { renamed: [rename] }));
    store.commit();
    expect(devicesOf(fixture)).toEqual(new Set(['nvme B/Composite', GROUP[1], 'other']));
  });

  it('may take an id that another one had', () => {
    const { fixture, store, points } = withHistory(GROUP);
    store.append(batch(100, 'temperature', ['nvme A/Composite', GROUP[0]], 50, { renamed: [renamedTo('nvme A/Composite', GROUP[0])] }));
    store.commit();
    expect(keysOf(fixture)).toEqual([temperature('nvme A/Composite'), temperature(GROUP[0])]);
    expect(points('nvme A/Composite')).toBe('0:30 100:50');
    expect(points(GROUP[0])).toBe('10:31 100:50');
  });

  it('are renamed once: what is reported again changes nothing, also after a restart', () => {
    const { fixture, store, points, renamed } = withHistory(GROUP);
    for (let i = 0; i < 3; i += 1) {
      store.append(batch(100 + i, 'temperature', ['nvme A/Composite', 'nvme B/Composite'], 50, { renamed: [TO] }));
      store.commit();
    }
    const keys = keysOf(fixture);
    expect(keys).toHaveLength(2);
    expect(points('nvme A/Composite')).toBe('0:30 100:50 101:50 102:50');
    store.close();
    const again = fixture.open().store;
    again.append(batch(200, 'temperature', ['nvme A/Composite', 'nvme B/Composite'], 50, { renamed: [TO] }));
    again.commit();
    expect(keysOf(fixture)).toEqual(keys);
    expect(renamed.length % 2).toBe(0);
  });

  it('take their incidents along, open and past', () => {
    const { store } = withHistory(GROUP);
    const incident = (id: string, clearedAt: number | null): Incident => ({
      id, ruleId: 'hot', label: 'Hot', device: GROUP[1], deviceLabel: 'Composite 2', series: temperature(GROUP[1]), severity: 'critical', worst: 'critical', since: NOON, firedAt: NOON, clearedAt,
      endedBy: clearedAt === null ? null : 'recovered', threshold: 80, valueAtFire: 81, value: 81, peak: 81, peakAt: NOON, acknowledgedAt: null, culprits: [],
    });
    store.activity.putIncident(incident('past', NOON + 1));
    store.commit();
    store.activity.putIncident(incident('open', null));
    store.append(batch(100, 'temperature', ['nvme A/Composite', 'nvme B/Composite'], 50, { renamed: [TO] }));
    store.commit();
    const found = store.activity.incidents({ from: 0, to: Number.MAX_SAFE_INTEGER, openOnly: false, limit: 10 });
    expect(found.map(({ id, series, device }) => [id, series, device])).toEqual(expect.arrayContaining(['past', 'open'].map((id) => [id, temperature('nvme B/Composite'), 'nvme B/Composite'])));
  });

  it('lose nothing where the disk is full: they are renamed with the next commit that works', () => {
    const { fixture, store, points } = withHistory(GROUP);
    const db = new Database(fixture.path);
    db.exec('BEGIN EXCLUSIVE');
    store.append(batch(100, 'temperature', ['nvme A/Composite', 'nvme B/Composite'], 50, { renamed: [TO] }));
    expect(store.commit()).toBe(false);
    db.exec('ROLLBACK');
    db.close();
    expect(store.commit()).toBe(true);
    expect(points('nvme A/Composite')).toBe('0:30 100:50');
    expect(devicesOf(fixture)).toEqual(new Set(['nvme A/Composite', 'nvme B/Composite']));
  });

  it('never mix: whatever was stored and is reported, each former series becomes at most one present one, whole', () => {
    const ids = ['a', 'a 2', 'a 3'] as const;
    const targets = ['X', 'Y', 'Z', 'a', 'a 2'] as const;
    const rename = fc.tuple(fc.nat(2), fc.shuffledSubarray([...targets], { minLength: 3, maxLength: 3 })).map(
      ([count, to]): RenamedDevices => ({ renamed: Object.fromEntries(ids.slice(0, count + 1).map((id, i) => [id, to[i] ?? ''])), unless: `a ${count + 2}` }),
    );
    fc.assert(
      fc.property(fc.subarray([...ids, 'X', 'Y']), fc.array(rename, { minLength: 1, maxLength: 3 }), (before, renames) => {
        const { store, fixture } = withHistory(before);
        renames.forEach((one, i) => {
          store.append(batch(200 + i, 'temperature', [], 0, { renamed: [one] }));
          store.commit();
        });
        const values = [...devicesOf(fixture)].map((device) => pointsText(pointsOf(store, temperature(device), 0, 150)).replaceAll(/\s?\S*:–/g, '').trim());
        expect(values.toSorted()).toEqual(before.map((_, i) => `${i * 10}:${30 + i}`).toSorted());
        store.close();
      }),
      { numRuns: 60 },
    );
  });
});
