/** Batteries of Linux: recorded supplies, what their attributes mean, and what comes and goes. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batteryReading, chargeOf } from '../../../../src/main/engine/collectors/battery';
import type { BatteriesRaw, BatteryRaw } from '../../../../src/main/engine/collectors/battery';
import { linuxBattery } from '../../../../src/main/engine/collectors/battery.linux';
import { batteryOf, kindOf } from '../../../../src/main/engine/collectors/power-supply';
import { familyOf } from '../../../../src/shared/metrics/index';
import { createFakeTree } from '../../../support/fake-tree';
import type { TreeEntries } from '../../../support/fake-tree';
import { recordedSys } from '../../../support/recorded-sys';
import { FakeTime } from '../../../support/collectors';
import { machineDeps } from '../../../support/recorded-machine';

const SUPPLIES = 'sys/class/power_supply';

/** A machine with these files, and its batteries after so many seconds. */
function machineWith(entries: TreeEntries, ignored: ReadonlySet<string> = new Set()) {
  const tree = createFakeTree(entries);
  const time = new FakeTime();
  const collector = linuxBattery({ ...machineDeps('none', { root: tree.root }), clock: time, timers: time, ignoredBatteries: () => ignored });
  const after = async (seconds: number) => {
    time.stall(seconds * 1000);
    return collector.toReading(await collector.read(), null);
  };
  return { tree, time, collector, after };
}

/** Readings of a recorded machine after it has run for so long. */
async function readingOf(name: string, seconds = 120, ignored: ReadonlySet<string> = new Set()) {
  const { collector, after } = machineWith(recordedSys(name), ignored);
  for (let at = 0; at < seconds; at += 30) await after(30);
  const reading = await after(0);
  collector.close?.();
  return reading;
}

describe('a recorded machine', () => {
  it('with two batteries has the charge of both by what they hold, and the power of the one that discharges', async () => {
    const { values, devices } = await readingOf('thinkpad-two-batteries');
    // 64 % of 64.26 Wh and nothing of 21.42 Wh, at 9.3 W: 41.03 Wh last 4 h 23 min.
    expect(values).toEqual({ charge: 48, discharging: 9.3, charging: 0, timeLeft: 15_840, timeToFull: null, health: 90.2, onMains: 0 });
    const [first, second] = Object.values(devices);
    expect(first).toEqual({ label: 'SMP 45N1111', detail: 'BAT0 · Li-poly', values: { charge: 0, discharging: 0, charging: 0, health: 91.2, cycles: 341 } });
    expect(second).toMatchObject({ label: 'LGC 45N1777', state: { code: 'discharging' }, values: { charge: 64, discharging: 9.3, health: 90.2, cycles: 97 } });
    expect(Object.keys(devices)[0]).toMatch(/^BAT0 45N1111 [0-9a-f]{8}$/);
  });

  it('has the values of those that nobody ignores, and none where all are; these stay devices for whoever leaves them out', async () => {
    const ids = Object.keys((await readingOf('thinkpad-two-batteries')).devices);
    const [empty = '', full = ''] = ids;
    const left = await readingOf('thinkpad-two-batteries', 120, new Set([empty]));
    // A minute less: the empty one still holds 20 mWh.
    expect(left.values).toMatchObject({ charge: 64, discharging: 9.3, timeLeft: 15_780, onMains: 0 });
    expect((await readingOf('thinkpad-two-batteries', 120, new Set([full]))).values).toMatchObject({ charge: 0, discharging: 0, timeLeft: null });
    const none = await readingOf('thinkpad-two-batteries', 120, new Set(ids));
    expect(new Set(Object.values(none.values))).toEqual(new Set([null]));
    expect(Object.keys(none.devices)).toEqual(ids);
  });

  it('with an empty bay has one battery, which stops at its limit', async () => {
    const { values, devices } = await readingOf('thinkpad-empty-bay');
    // More than it was made for is all of it.
    expect(values).toEqual({ charge: 78, discharging: 0, charging: 0, timeLeft: null, timeToFull: null, health: 100, onMains: 1 });
    expect(Object.values(devices).map(({ state }) => state)).toEqual([{ code: 'notCharging', reason: 'charge limit 80 %' }]);
  });

  it('whose battery does not measure its power has none, no time left, and no count of cycles', async () => {
    const { values, devices } = await readingOf('asus-without-power');
    expect(values).toEqual({ charge: 7, discharging: null, charging: null, timeLeft: null, timeToFull: null, health: 100, onMains: 0 });
    expect(Object.values(devices).map(({ values: { cycles } }) => cycles)).toEqual([null]);
  });

  it('with ampere-hours has watts by its voltage, and is on mains by USB-C, not by a port that gives power away', async () => {
    const { values } = await readingOf('framework');
    // 1.5 A · 16.2 V; (3.526 − 1.94) Ah · 15.4 V at that power take an hour.
    expect(values).toEqual({ charge: 55, discharging: 0, charging: 24.3, timeLeft: null, timeToFull: 3600, health: 98.7, onMains: 1 });
  });

  it.each([
    ['macbook-asahi', { charge: 83, discharging: 6.3, charging: 0, timeLeft: 22_380, health: 94.2, onMains: 0 }],
    ['chromebook', { charge: 100, discharging: 7, charging: 0, timeLeft: 20_220, health: 100, onMains: 0 }],
    ['surface', { charge: 41, discharging: 0, charging: 28.1, timeToFull: 3420, health: 100, onMains: 1 }],
    ['steam-deck', { charge: 97, discharging: 0, charging: 0, timeLeft: null, timeToFull: null, health: 99, onMains: 1 }],
    ['microamps-without-voltage', { charge: 42.4, discharging: null, charging: null, timeLeft: null, health: 96.7, onMains: 0 }],
  ] as const)('%s', async (name, values) => {
    expect((await readingOf(name)).values).toMatchObject(values);
  });

  it('with a UPS runs on that; accessories are listed and do not count', async () => {
    const { values, devices } = await readingOf('desktop-with-ups');
    expect(values).toMatchObject({ charge: 100, discharging: null, timeLeft: null, onMains: 1 });
    expect(Object.fromEntries(Object.values(devices).map(({ label, detail, values: { charge } }) => [label, [detail, charge]]))).toEqual({
      'American Power Conversion Back-UPS ES 700': ['UPS', 100],
      // It tells a level alone.
      'Wireless Mouse M510': ['accessory · charge: normal', null],
      'Headset 7': ['accessory', 9],
      // It was never near.
      'ELAN9009:00 04F3:2C1B': ['accessory', null],
    });
    expect(JSON.stringify(Object.keys(devices))).not.toMatch(/00:1b|4051-7d/);
  });
});

describe('ids', () => {
  it('of accessories do not depend on the order in which they were switched on; those without a serial number differ by their bus', () => {
    const idOf = (name: string, serial?: string) => batteryOf(name, { type: 'Battery', model_name: 'Mouse', ...(serial === undefined ? {} : { serial_number: serial }) }, 'accessory')?.id;
    expect(idOf('hidpp_battery_0', '12-34')).toBe(idOf('hidpp_battery_7', '12-34'));
    expect(idOf('hidpp_battery_0', '12-34')).not.toBe(idOf('hidpp_battery_0', '12-35'));
    expect(idOf('hid-00:11-battery')).not.toBe(idOf('hid-00:12-battery'));
  });

  it('of two equal ones in two bays differ', async () => {
    const bay = (name: string): TreeEntries => ({ [`${SUPPLIES}/${name}/type`]: 'Battery', [`${SUPPLIES}/${name}/capacity`]: 50, [`${SUPPLIES}/${name}/model_name`]: 'X', [`${SUPPLIES}/${name}/serial_number`]: '0000' });
    const { after } = machineWith({ ...bay('BAT0'), ...bay('BAT1') });
    const { devices } = await after(0);
    expect(Object.entries(devices).map(([id, { label }]) => [id, label])).toEqual([['BAT0 X', 'X'], ['BAT1 X', 'X 2']]);
  });
});

describe('supplies', () => {
  it.each([
    ['BAT0', { type: 'Battery' }, 'machine'],
    ['BAT0', { type: 'Battery', scope: 'Unknown' }, 'machine'],
    ['hidpp_battery_0', { type: 'Battery', scope: 'Device' }, 'accessory'],
    ['hid-00:11-battery', { type: 'Battery' }, 'accessory'],
    ['AC', { type: 'Mains' }, 'adapter'],
    ['ucsi', { type: 'USB_PD' }, 'adapter'],
    ['ucsi', { type: 'USB', scope: 'Device' }, null],
    ['ups', { type: 'UPS' }, 'ups'],
    ['bms', { type: 'BMS' }, null],
    ['x', {}, null],
  ] as const)('%s with %j is %s', (name, attributes, kind) => {
    expect(kindOf(name, attributes)).toBe(kind);
  });

  it('that are not there cost one look, and another one in five minutes; an adapter alone is not read', async () => {
    const { tree, time, collector, after } = machineWith({ [`${SUPPLIES}/AC/type`]: 'Mains', [`${SUPPLIES}/AC/online`]: 1 });
    expect(await after(0)).toMatchObject({ values: { charge: null, onMains: null }, devices: {} });
    tree.put(recordedSys('surface'));
    expect((await after(240)).devices).toEqual({});
    expect((await after(60)).values.charge).toBe(41);
    time.stall(0);
    collector.close?.();
  });

  it('that come are there within a minute, and those that go are gone', async () => {
    const { tree, after } = machineWith(recordedSys('surface'));
    expect(Object.keys((await after(0)).devices)).toHaveLength(1);
    tree.put(Object.fromEntries(Object.entries(recordedSys('desktop-with-ups')).filter(([path]) => path.includes('hidpp'))));
    expect(Object.keys((await after(60)).devices)).toHaveLength(2);
    tree.remove(`${SUPPLIES}/BAT1`);
    expect((await after(60)).values.charge).toBeNull();
  });

  it('of an accessory are asked every two minutes', async () => {
    const { tree, after } = machineWith(recordedSys('desktop-with-ups'));
    const headset = `${SUPPLIES}/hid-00:1b:66:a0:12:34-battery/capacity`;
    const charge = async (seconds: number) => Object.values((await after(seconds)).devices).find(({ label }) => label === 'Headset 7')?.values.charge;
    expect(await charge(0)).toBe(9);
    tree.put({ [headset]: 8 });
    expect([await charge(5), await charge(109), await charge(1)]).toEqual([9, 9, 8]);
  });

  it('of an accessory that does not answer delays nobody, and is asked once', async () => {
    const { tree, time, collector } = machineWith(recordedSys('desktop-with-ups'));
    const headset = join(tree.root, SUPPLIES, 'hid-00:1b:66:a0:12:34-battery/capacity');
    rmSync(headset);
    execFileSync('mkfifo', [headset]);
    const read = async () => {
      const reading = Promise.resolve(collector.read());
      // Timers pass, and real files take a moment.
      let raw: BatteriesRaw | null = null;
      while (raw === null) [raw] = await Promise.all([Promise.race([reading, delay(1, null)]), time.pass(100)]);
      return Object.fromEntries(Object.values(collector.toReading(raw, null).devices).map(({ label, values }) => [label, values.charge]));
    };
    const unanswered = { 'American Power Conversion Back-UPS ES 700': 100, 'Wireless Mouse M510': null, 'Headset 7': null, 'ELAN9009:00 04F3:2C1B': null };
    expect(await read()).toEqual(unanswered);
    time.stall(660_000);
    expect(await read()).toEqual(unanswered);
    // One reader waits: what is written for it is the answer.
    writeFileSync(headset, '7\n');
    await expect.poll(async () => (await read())['Headset 7']).toBe(7);
    collector.close?.();
  });

  it('that have nothing to say are null, one by one', async () => {
    const { after } = machineWith({ [`${SUPPLIES}/BAT0/type`]: 'Battery', [`${SUPPLIES}/BAT0/status`]: 'Discharging' });
    expect(await after(0)).toEqual({
      values: { charge: null, discharging: null, charging: null, timeLeft: null, timeToFull: null, health: null, onMains: 0 },
      devices: { BAT0: { label: 'BAT0', detail: 'BAT0', state: { code: 'discharging' }, values: { charge: null, discharging: null, charging: null, health: null, cycles: null } } },
    });
  });
});

/** Any text that a driver may give. */
const anyText = fc.oneof(fc.integer({ min: -5e9, max: 5e9 }).map(String), fc.constantFrom('', '0', 'Unknown', '65535000', '-1', '1e9', 'NaN', '9'.repeat(40)));
const NUMBERS = ['present', 'capacity', 'energy_now', 'energy_full', 'energy_full_design', 'charge_now', 'charge_full', 'charge_full_design', 'power_now', 'current_now', 'voltage_now', 'voltage_min_design', 'cycle_count', 'charge_control_end_threshold'];
const attributes = fc.tuple(
  fc.dictionary(fc.constantFrom(...NUMBERS), anyText),
  fc.record({ status: fc.constantFrom('Charging', 'Discharging', 'Full', 'Not charging', 'Unknown', '') }, { requiredKeys: [] }),
  fc.constantFrom('machine', 'ups', 'accessory'),
);

it('whatever attributes say: charge and health are 0 to 100, no power is negative, and nothing is not a number', () => {
  fc.assert(
    fc.property(fc.array(attributes, { maxLength: 4 }), (all) => {
      const batteries = all.flatMap(([numbers, status, powers], index) => batteryOf(`BAT${index}`, { ...numbers, ...status }, powers) ?? []);
      const { values, devices } = batteryReading({ batteries, onMains: null, timeLeft: null, timeToFull: null });
      for (const one of [values, ...Object.values(devices).map((device) => device.values)]) {
        for (const value of Object.values(one)) expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true);
        for (const share of [one.charge, one.health]) expect(share === null || share <= 100).toBe(true);
      }
      expect(Object.keys(values)).toEqual(Object.keys(familyOf('battery').metrics));
    }),
  );
});

it('the charge of several is between the lowest and the highest of them', () => {
  const battery = (charge: number, full: number | null): BatteryRaw => ({ id: 'a', label: 'a', detail: null, powers: 'machine', state: null, charge, watts: null, energy: null, full, health: null, cycles: null, limit: null });
  const one = fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.option(fc.double({ min: 0.1, max: 200, noNaN: true })));
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 4 }), (all) => {
      const charge = chargeOf(all.map(([share, full]) => battery(share, full))) ?? Number.NaN;
      const shares = all.map(([share]) => share);
      expect(charge).toBeGreaterThanOrEqual(Math.min(...shares) - 1e-6);
      expect(charge).toBeLessThanOrEqual(Math.max(...shares) + 1e-6);
    }),
  );
  expect(chargeOf([battery(10, null), battery(20, 50)])).toBeCloseTo(15);
  expect(chargeOf([])).toBeNull();
});
