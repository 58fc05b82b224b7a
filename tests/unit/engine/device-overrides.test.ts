/** Names that a person gave devices, and devices that are ignored. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthReading } from '../../../src/main/engine/collectors/health';
import { temperatureReading } from '../../../src/main/engine/collectors/temperature';
import { changedFamilies, ignoredIn, overridden, overriddenBatch, toOverrides } from '../../../src/main/engine/sampler/device-overrides';
import type { Reading, SampleBatch } from '../../../src/shared/metrics/reading';
import type { DeviceSetting } from '../../../src/shared/settings/device-settings';

const sensor = (id: string, celsius: number | null) => ({ id, label: id, detail: 'k10temp', celsius, high: null, critical: null, hasWorked: true });
const SENSORS: Reading = temperatureReading({ sensors: [sensor('Tctl', 91), sensor('Composite', 48.3), sensor('edge', null)] });
const setting = (device: string, more: Partial<DeviceSetting>): DeviceSetting => ({ family: 'temperature', device, label: device, name: null, ignored: false, ...more });
const read = (settings: readonly DeviceSetting[], reading = SENSORS): Reading => overridden('temperature', reading, toOverrides(settings).get('temperature') ?? new Map());
const batchOf = (readings: SampleBatch['readings']): SampleBatch => ({ seq: 1, time: 1, readings, faults: {} });

describe('a device that a person renamed', () => {
  it('has that name everywhere, and says what the system calls it', () => {
    const { devices, values } = read([setting('Tctl', { name: 'Processor' })]);
    expect(devices['Tctl']).toEqual({ ...SENSORS.devices['Tctl'], label: 'Processor', detail: 'Tctl, k10temp' });
    expect(devices['Composite']).toBe(SENSORS.devices['Composite']);
    expect(values).toBe(SENSORS.values);
  });

  it('has no other reading: a family without settings, and a device that is not there, cost nothing', () => {
    const batch = batchOf({ temperature: SENSORS, cpu: { values: { usage: 5 }, devices: {} } });
    for (const settings of [[], [setting('gone', { name: 'Old' })], [setting('0', { family: 'frequency', ignored: true })]]) expect(overriddenBatch(batch, toOverrides(settings))).toBe(batch);
    const changed = overriddenBatch(batch, toOverrides([setting('Tctl', { name: 'Processor' })]));
    expect(changed.readings.cpu).toBe(batch.readings.cpu);
    expect(changed.readings.temperature?.devices['Tctl']?.label).toBe('Processor');
    expect(batch.readings.temperature).toBe(SENSORS);
  });
});

describe('an ignored device', () => {
  it('is in no reading, and not the hottest; sums of the machine stay', () => {
    const { devices, values } = read([setting('Tctl', { ignored: true })]);
    expect(Object.keys(devices)).toEqual(['Composite', 'edge']);
    expect(values).toEqual({ hottest: 48.3 });
    expect(read([setting('Tctl', { ignored: true })]).ignored).toEqual(['Tctl']);
    expect(read([setting('Tctl', { name: 'Processor' })]).ignored).toBeUndefined();
    // Its collector left it out.
    expect(read([setting('gone', { ignored: true })])).toEqual({ ...SENSORS, ignored: ['gone'] });
    const traffic: Reading = { values: { rx: 30, tx: 3 }, devices: { eth0: { label: 'eth0', values: { rx: 10, tx: 1 } }, eth1: { label: 'eth1', values: { rx: 20, tx: 2 } } } };
    const network = overridden('network', traffic, toOverrides([setting('eth1', { family: 'network', ignored: true })]).get('network') ?? new Map());
    expect(network.values).toEqual(traffic.values);
    expect(Object.keys(network.devices)).toEqual(['eth0']);
  });

  it('does not count as a problem; nothing is known where none is left that tells', () => {
    const drive = (id: string, failing: number | null, degraded: number | null = null) => ({ id, label: id, state: { code: 'healthy' as const }, values: { failing, degraded } });
    const drives: Reading = healthReading({ devices: [drive('sda', 2), drive('md0', 0, 2), drive('sdb', 0), drive('sdc', null)], note: null });
    const problems = (...ids: string[]) => overridden('health', drives, toOverrides(ids.map((id) => setting(id, { family: 'health', ignored: true }))).get('health') ?? new Map()).values['problems'];
    expect([drives.values['problems'], problems('sdb'), problems('sda'), problems('sda', 'md0'), problems('sda', 'md0', 'sdb')]).toEqual([2, 2, 1, 0, null]);
  });

  it('that was the last one leaves a sentence that says why nothing is there', () => {
    const { devices, values, note } = read(['Tctl', 'Composite', 'edge'].map((id) => setting(id, { ignored: true })));
    expect([devices, values]).toEqual([{}, { hottest: null }]);
    expect(note).toBe('Sensors are ignored. Bring them back under Settings → Monitoring.');
  });

  it('that cannot be read takes its note with it', () => {
    const fault = { message: 'does not respond', since: 1, last: null };
    const mounts: Reading = { values: { usage: 50, inodeUsage: null }, devices: { '/': { label: '/', values: { usage: 50 } }, '/nas': { label: '/nas', values: { usage: null }, fault } }, note: '/nas: does not respond' };
    const ignore = (device: string): Reading => overridden('disk', mounts, toOverrides([setting(device, { family: 'disk', ignored: true })]).get('disk') ?? new Map());
    expect(ignore('/nas')).toEqual({ values: { usage: 50, inodeUsage: null }, devices: { '/': mounts.devices['/'] }, ignored: ['/nas'] });
    expect(ignore('/')).toMatchObject({ values: { usage: null }, note: '/nas: does not respond' });
  });

  it('never leaves a machine that is hotter than its hottest sensor, nor one that is cooler', () => {
    const celsius = fc.integer({ min: 1, max: 1200 }).map((value) => value / 10);
    fc.assert(
      fc.property(fc.array(fc.tuple(celsius, fc.boolean()), { minLength: 1, maxLength: 12 }), (sensors) => {
        const reading: Reading = temperatureReading({ sensors: sensors.map(([value], at) => sensor(`s${at}`, value)) });
        const { values, devices } = read(sensors.flatMap(([, ignored], at) => (ignored ? [setting(`s${at}`, { ignored })] : [])), reading);
        const left = Object.values(devices).flatMap((device) => device.values['value'] ?? []);
        expect(values['hottest']).toBe(left.length === 0 ? null : Math.max(...left));
      }),
    );
  });
});

it('the ignored devices of a family are those that are not only renamed', () => {
  const settings = [setting('Tctl', { name: 'Processor' }), setting('edge', { ignored: true }), setting('BAT1', { family: 'battery', ignored: true })];
  expect([...ignoredIn('battery', settings)]).toEqual(['BAT1']);
  expect([...ignoredIn('temperature', settings)]).toEqual(['edge']);
});

it('families are read again only where what is set for their devices has changed', () => {
  const [name, ignored] = [setting('Tctl', { name: 'Processor' }), setting('sda', { family: 'diskio', ignored: true })];
  expect([...changedFamilies([name, ignored], [{ ...name }, { ...ignored }])]).toEqual([]);
  expect([...changedFamilies([], [name])]).toEqual(['temperature']);
  expect([...changedFamilies([name, ignored], [name])]).toEqual(['diskio']);
  expect([...changedFamilies([name, ignored], [{ ...name, name: 'CPU' }, { ...ignored, ignored: false, name: 'Backup' }])].toSorted()).toEqual(['diskio', 'temperature']);
});
