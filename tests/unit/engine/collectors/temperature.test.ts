import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlausible, limitsOf, temperatureReading } from '../../../../src/main/engine/collectors/temperature';
import { inNaturalOrder } from '../../../../src/main/engine/collectors/sensors.linux';
import { linuxTemperature } from '../../../../src/main/engine/collectors/temperature.linux';
import { portableTemperature } from '../../../../src/main/engine/collectors/temperature.portable';
import type { SystemInformation } from '../../../../src/main/engine/collectors/systeminformation';
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

describe('inNaturalOrder', () => {
  it('compares the numbers in names, not their digits', () => {
    expect(inNaturalOrder(['temp10_input', 'name', 'temp2_input', 'temp1_max', 'temp1_input', 'hwmon10', 'hwmon9'])).toEqual(['hwmon9', 'hwmon10', 'name', 'temp1_input', 'temp1_max', 'temp2_input', 'temp10_input']);
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

describe('portableTemperature', () => {
  const load = (main: number | null) => () => Promise.resolve({ cpuTemperature: () => Promise.resolve({ main, max: main, cores: [50, -1] }) } as unknown as SystemInformation);
  it('treats null and -1 as no sensor', async () => {
    const collector = portableTemperature(load(null));
    const { values, devices } = collector.toReading(await collector.read(), null);
    expect(values.hottest).toBe(50);
    expect(Object.keys(devices)).toEqual(['cpu/core 0']);
  });
});
