/** Energy counters of processors. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PowerRaw } from '../../../../src/main/engine/collectors/power';
import { wattsBetween } from '../../../../src/main/engine/collectors/power';
import { describeDomain, linuxPower } from '../../../../src/main/engine/collectors/power.linux';
import { createFakeTree } from '../../../support/fake-tree';
import type { TreeEntries } from '../../../support/fake-tree';
import { recordedSys } from '../../../support/recorded-sys';
import { machineDeps } from '../../../support/recorded-machine';

const FOLDER = 'sys/class/powercap';

/** A machine with these files, read again after so many seconds. */
function machineWith(entries: TreeEntries) {
  const tree = createFakeTree(entries);
  let mono = 0;
  const collector = linuxPower(machineDeps('none', { root: tree.root, clock: { now: () => 0, mono: () => mono, boot: () => mono } }));
  onTestFinished(() => collector.close?.());
  let before: PowerRaw | null = null;
  const after = async (seconds: number) => {
    mono += seconds * 1000;
    const raw = await collector.read();
    const reading = collector.toReading(raw, before === null ? null : { raw: before, seconds });
    before = raw;
    return reading;
  };
  /** Sets counters, in joules. */
  const count = (joules: Readonly<Record<string, number>>) => tree.write(Object.fromEntries(Object.entries(joules).map(([domain, value]) => [`${FOLDER}/${domain}/energy_uj`, Math.round(value * 1e6)])));
  return { tree, after, count };
}

describe('the power of a processor', () => {
  it('is what its counter grew by, also where that began anew; parts and the second way to it do not count twice', async () => {
    const { after, count } = machineWith(recordedSys('rapl-intel'));
    expect(await after(0)).toMatchObject({ values: { processor: null, platform: null } });
    count({ 'intel-rapl:0': 99.67115, 'intel-rapl:0:0': 91_259.56789, 'intel-rapl:0:1': 1234.56789, 'intel-rapl:0:2': 31_244.56789, 'intel-rapl:1': 131_384.56789 });
    const { values, devices } = await after(5);
    // 0.32885 J until it began anew, and 99.67115 J since.
    expect(values).toEqual({ processor: 20, platform: 30 });
    expect(Object.entries(devices).map(([id, { label, values: { watts } }]) => [id, label, watts])).toEqual([
      ['package-0', 'Processor 0', 20],
      ['package-0/core', 'Processor 0: cores', 5],
      ['package-0/uncore', 'Processor 0: graphics', 0],
      ['package-0/dram', 'Processor 0: memory', 2],
      ['psys', 'Whole machine', 30],
    ]);
  });

  it('is that of all processors together, and unknown where one is', async () => {
    const { tree, after, count } = machineWith(recordedSys('rapl-amd'));
    await after(0);
    count({ 'intel-rapl:0': 90, 'intel-rapl:0:0': 2, 'intel-rapl:1': 75 });
    expect((await after(5)).values).toEqual({ processor: 15, platform: null });
    tree.write({ [`${FOLDER}/intel-rapl:1/energy_uj`]: '' });
    expect((await after(5)).values.processor).toBeNull();
  });

  it.each([
    ['grew', 100, 150, 1000, 10, 5],
    ['stood still', 100, 100, 1000, 10, 0],
    ['began anew', 990, 40, 1000, 10, 5],
    ['began anew without a range', 990, 40, null, 10, null],
    ['was reset', 200_000, 10, 262_143, 5, null],
    ['was read long ago', 100, 150, 1000, 100, null],
    ['was read at the same time', 100, 150, 1000, 0, null],
  ] as const)('by a counter that %s', (_, before, now, range, seconds, watts) => {
    expect(wattsBetween({ joules: now, range }, { joules: before }, seconds)).toBe(watts);
  });

  it('is never negative and never more than processors take', () => {
    const joules = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(joules, joules, fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })), fc.double({ min: 0, max: 200, noNaN: true }), (now, before, range, seconds) => {
        const watts = wattsBetween({ joules: now, range }, { joules: before }, seconds);
        expect(watts === null || (watts >= 0 && watts <= 2000)).toBe(true);
      }),
    );
  });
});

describe('counters that are for root alone', () => {
  /** Runs as nobody where the tests run as root, who may read everything. */
  async function asUser<T>(run: () => Promise<T>): Promise<T> {
    if (process.getuid?.() !== 0) return run();
    process.seteuid?.('nobody');
    try {
      return await run();
    } finally {
      process.seteuid?.(0);
    }
  }

  it('are not read, which is said with the way to permit it, and are tried again in a quarter of an hour', async () => {
    const { tree, after } = machineWith(recordedSys('rapl-amd'));
    chmodSync(tree.root, 0o755);
    const files = ['intel-rapl:0', 'intel-rapl:0:0', 'intel-rapl:1'].map((domain) => join(tree.root, FOLDER, domain, 'energy_uj'));
    for (const file of files) chmodSync(file, 0o000);
    const { values, devices, note } = await asUser(() => after(0));
    expect([values, devices]).toEqual([{ processor: null, platform: null }, {}]);
    expect(note).toMatch(/^The processor’s energy counters are for root alone.*tmpfiles\.d.* restart\.$/);
    for (const file of files) chmodSync(file, 0o444);
    expect(await asUser(() => after(899))).toMatchObject({ note, devices: {} });
    const permitted = await asUser(() => after(1));
    expect([permitted.note, Object.keys(permitted.devices)]).toEqual([undefined, ['package-0-die-0', 'package-0-die-0/core', 'package-0-die-1']]);
  });

  it('are none on a machine without any', async () => {
    expect(await machineWith({}).after(0)).toEqual({ values: { processor: null, platform: null }, devices: {} });
  });
});

it('a meter of another chip tells watts at once; that of a graphics card is left out', async () => {
  const { values, devices } = await machineWith(recordedSys('desktop-superio')).after(0);
  expect(values).toEqual({ processor: null, platform: null });
  expect(Object.entries(devices).map(([id, { label, detail, values: { watts } }]) => [id, label, detail, watts])).toEqual([
    ['corsairpsu/power total', 'power total', 'corsairpsu', 143],
    ['corsairpsu/power +12v', 'power +12v', 'corsairpsu', 98.5],
    ['power_meter/power1', 'power_meter power1', 'power_meter', 212],
  ]);
});

it('a battery that is listed as a chip as well is no meter', async () => {
  const device = (name: string, path: string): TreeEntries => ({ [`sys/devices/${path}/name`]: name, [`sys/devices/${path}/power1_input`]: 9_000_000, [`sys/devices/${path}/device`]: { link: '../..' }, [`sys/class/hwmon/${path.split('/').at(-1) ?? ''}`]: { link: `../../devices/${path}` } });
  const { devices } = await machineWith({ ...device('BAT0', 'LNXSYSTM:00/PNP0C0A:00/power_supply/BAT0/hwmon/hwmon0'), ...device('ina219', 'platform/i2c-1/1-0040/hwmon/hwmon1') }).after(0);
  expect(Object.values(devices).map(({ label }) => label)).toEqual(['ina219 power1']);
});

it.each([
  ['package-1', null, 'package-1', 'Processor 1', 'processor'],
  ['package-1-die-0', null, 'package-1-die-0', 'Processor 1 die 0', 'processor'],
  ['dram', 'package-1', 'package-1/dram', 'Processor 1: memory', 'part'],
  ['psys', null, 'psys', 'Whole machine', 'machine'],
  ['dram', null, 'dram', 'dram', 'part'],
] as const)('%s of %s is %s', (name, parent, id, label, of) => {
  expect(describeDomain(name, parent)).toEqual({ id, label, of });
});

it('a meter of a chip that sleeps is not read, and says why', async () => {
  const chip = 'sys/class/hwmon/hwmon0';
  const { tree, after } = machineWith({ [`${chip}/name`]: 'nic', [`${chip}/power1_input`]: 9_000_000, [`${chip}/device/power/runtime_status`]: 'suspended' });
  expect(Object.values((await after(0)).devices)).toMatchObject([{ values: { watts: null }, state: { code: 'asleep' } }]);
  tree.write({ [`${chip}/device/power/runtime_status`]: 'active' });
  const [meter] = Object.values((await after(5)).devices);
  expect([meter?.values.watts, meter?.state]).toEqual([9, undefined]);
});
