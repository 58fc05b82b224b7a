import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlausible, limitsOf, temperatureReading } from '../../../../src/main/engine/collectors/temperature';
import { inNaturalOrder } from '../../../../src/main/engine/collectors/sensors.linux';
import { linuxTemperature } from '../../../../src/main/engine/collectors/temperature.linux';
import { createFakeTree } from '../../../support/fake-tree';
import type { TreeEntries } from '../../../support/fake-tree';
import { machineDeps } from '../../../support/recorded-machine';

async function readingOf(name: string) {
  const collector = linuxTemperature(machineDeps(name));
  const reading = collector.toReading(await collector.read(), null);
  collector.close?.();
  return reading;
}

describe('linuxTemperature', () => {
  it('names the sensors of a laptop, numbers equal chips, and leaves out implausible values, disks and covered zones', async () => {
    const { values, devices } = await readingOf('laptop');
    const found = Object.fromEntries(Object.entries(devices).map(([id, device]) => [id, device.values.value]));
    expect(found).toEqual({
      'coretemp/Package id 0': 57,
      'coretemp/Core 0': 55,
      'nvme/Composite': 41.9,
      'nvme/Sensor 1': 38.9,
      'nvme/Composite 2': 36.9,
      // Asleep: not read, but listed.
      'amdgpu/edge': null,
      'nct6775/SYSTIN': 31,
      'nct6775/temp6': null,
      'acpitz/temp1': 27.8,
      'zone/iwlwifi_1': 48,
      'zone/SEN1': 45.1,
    });
    expect(values.hottest).toBe(57);
    const states = Object.entries(devices).flatMap(([id, { state }]) => (state === undefined ? [] : [[id, state.code]]));
    expect(states).toEqual([['amdgpu/edge', 'asleep']]);
  });

  it('reports plausible device limits of the sensors', async () => {
    const { devices } = await readingOf('laptop');
    expect(devices['coretemp/Core 0']?.limits).toEqual({ warning: 90, critical: 100 });
    expect(devices['coretemp/Package id 0']?.limits).toEqual({ warning: 90, critical: 100 });
    expect(devices['nvme/Composite']?.limits).toEqual({ warning: 84.85, critical: 89.85 });
    expect(devices['nvme/Sensor 1']?.limits).toBeUndefined();
    expect(devices['nvme/Composite 2']?.limits).toBeUndefined();
  });

  it('has no sensors in a container', async () => {
    expect(await readingOf('container-v2')).toEqual({ values: { hottest: null }, devices: {} });
  });
});

describe('an input that measures nothing', () => {
  const HWMON = 'sys/class/hwmon';
  function thermometer(entries: TreeEntries) {
    const tree = createFakeTree({ [`${HWMON}/hwmon1/name`]: 'coretemp', [`${HWMON}/hwmon1/temp1_input`]: 52000, [`${HWMON}/hwmon2/name`]: 'nct6798', [`${HWMON}/hwmon2/temp7_label`]: 'AUXTIN2', ...entries });
    let mono = 0;
    const collector = linuxTemperature(machineDeps('none', { root: tree.root, clock: { now: () => 0, mono: () => mono, boot: () => mono } }));
    const after = async (seconds: number) => {
      mono += seconds * 1000;
      const { values, devices } = collector.toReading(await collector.read(), null);
      return [values.hottest, devices['nct6798/AUXTIN2']?.values.value ?? null];
    };
    return { tree, after };
  }
  const aux = (own: Record<string, number>): TreeEntries => Object.fromEntries(Object.entries(own).map(([name, value]) => [`${HWMON}/hwmon2/temp7_${name}`, value]));

  it.each([
    ['is faulty', { input: 118500, fault: 1 }],
    ['is faulty at a usual temperature', { input: 25000, fault: 1 }],
    ['is switched off', { input: 118500, enable: 0 }],
    ['gives the lowest value', { input: -128000 }],
    ['gives absolute zero', { input: -273150 }],
    ['gives no bit', { input: 0 }],
    ['gives the number of an error', { input: -1 }],
    ['gives all 8 bits', { input: 127000 }],
    ['gives all 9 bits', { input: 127500 }],
    ['gives all 11 bits', { input: 127875 }],
    ['gives all 12 bits', { input: 127937 }],
    ['gives all 8 bits, unsigned', { input: 255000 }],
    ['gives a number without a sign', { input: 65535000 }],
  ])('has no value and does not count where it %s', async (_, own) => {
    const { after } = thermometer(aux(own));
    for (const seconds of [0, 5, 61]) expect(await after(seconds)).toEqual([52, null]);
  });

  it('counts where nothing says that it does not', async () => {
    expect(await thermometer(aux({ input: 118500, fault: 0, enable: 1, max: 80000 })).after(0)).toEqual([118.5, 118.5]);
  });

  it('has no value as soon as it is both faulty and hot, within a minute where it is not, and has one again at once', async () => {
    const { tree, after } = thermometer(aux({ input: 45000, fault: 0 }));
    expect(await after(0)).toEqual([52, 45]);
    tree.put(aux({ fault: 1 }));
    expect(await after(60)).toEqual([52, null]);
    tree.put(aux({ fault: 0 }));
    expect(await after(5)).toEqual([52, 45]);
    writeFileSync(join(tree.root, HWMON, 'hwmon2/temp7_input'), '118500\n');
    tree.put(aux({ fault: 1 }));
    expect(await after(5)).toEqual([52, null]);
  });

  it('is listed without a value once it had one', async () => {
    const sensor = { id: 'a', label: 'a', detail: null, celsius: 255, high: null, critical: null };
    expect(temperatureReading({ sensors: [sensor] }).devices).toEqual({});
    expect(temperatureReading({ sensors: [{ ...sensor, hasWorked: true }] }).devices['a']?.values.value).toBeNull();
    const { tree, after } = thermometer(aux({ input: 45000 }));
    expect(await after(0)).toEqual([52, 45]);
    writeFileSync(join(tree.root, HWMON, 'hwmon2/temp7_input'), '255000\n');
    expect(await after(5)).toEqual([52, null]);
  });
});

describe('inNaturalOrder', () => {
  it('compares the numbers in names, not their digits', () => {
    expect(inNaturalOrder(['temp10_input', 'name', 'temp2_input', 'temp1_max', 'temp1_input', 'hwmon10', 'hwmon9'])).toEqual(['hwmon9', 'hwmon10', 'name', 'temp1_input', 'temp1_max', 'temp2_input', 'temp10_input']);
  });
});

describe('device limits', () => {
  it.each([
    [20.8, null],
    [0, null],
    [-273.15, null],
    [65_261.85, null],
    [127, null],
    [127.875, null],
    [42, { warning: 32, critical: 42 }],
  ] as const)('of %d °C: none is one that a machine at rest exceeds, or that was never given', (critical, limits) => {
    expect(limitsOf(null, critical)).toEqual(limits);
  });
});

describe('a chip of the older kind', () => {
  it('is read where its driver puts the attributes: in the folder of the device', async () => {
    const tree = createFakeTree({
      'sys/class/hwmon/hwmon3': { link: '../../devices/platform/applesmc.768/hwmon/hwmon3' },
      'sys/devices/platform/applesmc.768/hwmon/hwmon3/device': { link: '../../' },
      'sys/devices/platform/applesmc.768/name': 'applesmc',
      'sys/devices/platform/applesmc.768/temp1_input': 61250,
      'sys/devices/platform/applesmc.768/temp1_label': 'TC0P',
      'sys/devices/platform/applesmc.768/temp2_input': -127000,
      // A chip of the newer kind whose device has a name as well.
      'sys/class/hwmon/hwmon4': { link: '../../devices/i2c-1/1-0048/hwmon/hwmon4' },
      'sys/devices/i2c-1/1-0048/hwmon/hwmon4/name': 'lm75',
      'sys/devices/i2c-1/1-0048/hwmon/hwmon4/device': { link: '../../' },
      'sys/devices/i2c-1/1-0048/hwmon/hwmon4/temp1_input': 33500,
      'sys/devices/i2c-1/1-0048/name': 'other',
      'sys/devices/i2c-1/1-0048/temp1_input': 99000,
    });
    const collector = linuxTemperature(machineDeps('none', { root: tree.root }));
    const { values, devices } = collector.toReading(await collector.read(), null);
    collector.close?.();
    expect(Object.values(devices).map(({ label, detail, values: { value } }) => [label, detail, value])).toEqual([['lm75 temp1', 'lm75', 33.5], ['TC0P', 'applesmc', 61.3]]);
    expect(values.hottest).toBe(61.3);
  });
});

describe('temperatureReading', () => {
  it('never reports implausible temperatures, and device limits are in order', () => {
    const any = fc.option(fc.double({ noNaN: true }));
    fc.assert(
      fc.property(any, any, any, (celsius, high, critical) => {
        const { values, devices } = temperatureReading({ sensors: [{ id: 'a', label: 'a', detail: null, celsius, high, critical }] });
        expect(values.hottest === null || (values.hottest >= -40 && values.hottest <= 150)).toBe(true);
        expect(Object.keys(devices)).toHaveLength(celsius === null || isPlausible(celsius) ? 1 : 0);
        const { warning, critical: top } = limitsOf(high, critical) ?? { warning: 1, critical: 2 };
        expect(warning < top && top < 150).toBe(true);
      }),
    );
  });
});
