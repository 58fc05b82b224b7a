/** Fans of Linux: recorded chips, and when one that stands still should turn. */
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fansReading, isChipHot } from '../../../../src/main/engine/collectors/fans';
import type { FanRaw } from '../../../../src/main/engine/collectors/fans';
import { linuxFans } from '../../../../src/main/engine/collectors/fans.linux';
import { createFakeTree, UNREADABLE } from '../../../support/fake-tree';
import type { TreeEntries } from '../../../support/fake-tree';
import { recordedSys } from '../../../support/recorded-sys';
import { machineDeps } from '../../../support/recorded-machine';

const HWMON = 'sys/class/hwmon';

/** A machine with these files, and its fans after so many seconds: speed and whether it stalls, by label. */
function machineWith(entries: TreeEntries) {
  const tree = createFakeTree(entries);
  let mono = 0;
  const collector = linuxFans(machineDeps('none', { root: tree.root, clock: { now: () => 0, mono: () => mono, boot: () => mono } }));
  const reading = async (seconds: number) => {
    mono += seconds * 1000;
    return collector.toReading(await collector.read(), null);
  };
  const after = async (seconds: number) => Object.fromEntries(Object.values((await reading(seconds)).devices).map(({ label, values: { speed, stalled } }) => [label, [speed, stalled]]));
  return { tree, collector, reading, after };
}

/** The files that are read by their path from now on, until the test ends. */
function openedFiles(): string[] {
  const opened: string[] = [];
  const { readFile } = promises;
  const readWith = (changed: (...given: Parameters<typeof readFile>) => unknown): void => {
    Object.assign(promises, { readFile: changed });
    syncBuiltinESMExports();
  };
  readWith((file, ...rest) => {
    if (typeof file === 'string') opened.push(file);
    return readFile(file, ...rest);
  });
  onTestFinished(() => readWith(readFile));
  return opened;
}

describe('a recorded machine', () => {
  it.each([
    ['thinkpad-two-batteries', { 'thinkpad fan1': [3180, 0], 'thinkpad fan2': [null, null] }],
    ['asus-without-power', { cpu_fan: [0, null], gpu_fan: [2400, 0] }],
    ['macbook-asahi', { 'Fan 1': [0, null] }],
    ['surface', { 'surface_fan fan1': [2870, 0] }],
    ['steam-deck', { 'System Fan': [1990, 0] }],
    ['dell-smm', { 'CPU Fan': [2518, 0], 'Video Fan': [0, null] }],
    // Headers with nothing on them are left out, and the fan of a graphics card.
    ['desktop-superio', { 'nct6798 fan2': [1188, 0], 'nct6798 fan7': [713, 0], 'it8728 fan1': [905, 0] }],
    ['framework', {}],
  ] as const)('%s', async (name, expected) => {
    const { after, collector } = machineWith(recordedSys(name));
    expect(await after(0)).toEqual(expected);
    collector.close?.();
  });

  it('has the fastest fan, and ids by chip, place and label', async () => {
    const { values, devices } = await machineWith(recordedSys('dell-smm')).reading(0);
    expect(values).toEqual({ fastest: 2518 });
    expect(Object.keys(devices)).toEqual(['dell_smm/CPU Fan', 'dell_smm/Video Fan']);
  });
});

describe('a fan that stands still', () => {
  const chip = (own: Readonly<Record<string, number>>, name = 'thinkpad'): Record<string, string | number> => ({ [`${HWMON}/hwmon0/name`]: name, ...Object.fromEntries(Object.entries(own).map(([file, value]) => [`${HWMON}/hwmon0/${file}`, value])) });
  /** What it is said to do after it has turned, stood still at the first temperature, and its chip then has the second. */
  async function stalledAt(first: number, second: number, name = 'thinkpad', limits: Readonly<Record<string, number>> = {}) {
    const { tree, after } = machineWith(chip({ fan1_input: 2000, temp1_input: first * 1000, ...limits }, name));
    await after(0);
    tree.write(chip({ fan1_input: 0 }, name));
    await after(10);
    tree.write(chip({ temp1_input: second * 1000 }, name));
    await after(10);
    return Object.values(await after(70))[0]?.[1];
  }

  it.each([
    ['is stalled for as long as its chip is hot', 60, 85, 70],
    ['is not while it is cool', 45, 60, 0],
    ['is not where the chip shows one value for ever', 95, 95, 0],
    ['is not where it is no temperature', 60, 127, null],
  ] as const)('%s', async (_, first, second, stalled) => {
    expect(await stalledAt(first, second)).toBe(stalled);
  });

  it('is so by the limit of the chip, where it has one', async () => {
    expect(await stalledAt(50, 66, 'thinkpad', { temp1_max: 65000, temp1_crit: 75000 })).toBe(70);
    expect(await stalledAt(70, 88, 'thinkpad', { temp1_max: 95000, temp1_crit: 105000 })).toBe(0);
  });

  it('may do so in a power supply', async () => {
    expect(await stalledAt(60, 90, 'corsairpsu')).toBeNull();
  });

  it('is none to be sure of before it has turned', async () => {
    const { tree, after } = machineWith(chip({ fan1_input: 0, temp1_input: 60000 }));
    expect(await after(0)).toEqual({ 'thinkpad fan1': [0, null] });
    tree.write(chip({ temp1_input: 95000 }));
    expect(await after(10)).toEqual({ 'thinkpad fan1': [0, null] });
  });

  it('says so after a minute, and no longer once it turns', async () => {
    const { tree, reading } = machineWith(chip({ fan1_input: 2000, temp1_input: 60000 }));
    const fan = async (seconds: number) => Object.values((await reading(seconds)).devices)[0];
    await fan(0);
    tree.write(chip({ fan1_input: 0 }));
    await fan(10);
    tree.write(chip({ temp1_input: 90000 }));
    expect(await fan(10)).toEqual({ label: 'thinkpad fan1', detail: 'thinkpad', values: { speed: 0, stalled: 0 } });
    expect(await fan(60)).toMatchObject({ values: { speed: 0, stalled: 60 }, state: { code: 'failing', reason: 'it stands still although its chip is hot' } });
    tree.write(chip({ fan1_input: 900 }));
    expect(await fan(10)).toEqual({ label: 'thinkpad fan1', detail: 'thinkpad', values: { speed: 900, stalled: 0 } });
    tree.write(chip({ fan1_input: 0 }));
    // The heat is compared with that of now.
    expect((await fan(10))?.values.stalled).toBe(0);
  });

  describe('on a header', () => {
    /** What a fan is said to do beside a hot processor and a cool case, where its chip has these files. */
    async function beside(files: Readonly<Record<string, number>>) {
      const { tree, after } = machineWith(chip({ fan2_input: 2000, temp1_input: 30_000, temp2_input: 50_000, ...files }, 'nct6798'));
      await after(0);
      tree.write(chip({ fan2_input: 0 }, 'nct6798'));
      await after(10);
      tree.write(chip({ temp1_input: 38_000, temp2_input: 92_000 }, 'nct6798'));
      await after(10);
      return after(70);
    }

    it.each([
      ['is not stalled for the heat of a temperature that it does not turn by', { pwm2_enable: 5, pwm2_temp_sel: 1 }, 0],
      ['is for that of the one that it turns by', { pwm2_enable: 5, pwm2_temp_sel: 2 }, 70],
      ['may do so where the chip does not tell by which it turns', {}, null],
      ['may do so where that is none of its temperatures', { pwm2_enable: 5, pwm2_temp_sel: 0 }, null],
      ['may do so where its speed is set by hand', { pwm2_enable: 1, pwm2_temp_sel: 2 }, null],
    ] as const)('%s', async (_, files, stalled) => {
      expect(await beside(files)).toEqual({ 'nct6798 fan2': [0, stalled] });
    });
  });

  it('has the temperatures of its chip read once for all its fans, and their limits once for a list', async () => {
    const { tree, after } = machineWith(chip({ fan1_input: 2000, fan2_input: 2000, temp1_input: 50_000, temp1_max: 65_000, temp1_crit: 75_000 }));
    await after(0);
    tree.write(chip({ fan1_input: 0, fan2_input: 0 }));
    const opened = openedFiles();
    const readIn = async (seconds: number) => {
      opened.length = 0;
      await after(seconds);
      return opened.map((file) => basename(file)).filter((name) => name.startsWith('temp')).sort();
    };
    expect(await readIn(10)).toEqual(['temp1_crit', 'temp1_input', 'temp1_max']);
    expect(await readIn(10)).toEqual(['temp1_input']);
    // The list is made anew, and with it the limits are.
    expect(await readIn(900)).toEqual(['temp1_crit', 'temp1_input', 'temp1_max']);
  });
});

describe('a fan of which its chip says that it has failed', () => {
  const files = (own: Readonly<Record<string, number>>): Record<string, string | number> => ({ [`${HWMON}/hwmon0/name`]: 'pmbus', ...Object.fromEntries(Object.entries(own).map(([file, value]) => [`${HWMON}/hwmon0/${file}`, value])) });

  it.each([0, 240])('at %i rpm has no speed, is failing at once, and stalled until it works again', async (rpm) => {
    const { tree, reading, collector } = machineWith(files({ fan1_input: 2000, fan1_fault: 0 }));
    onTestFinished(() => collector.close?.());
    const fan = async (seconds: number) => Object.values((await reading(seconds)).devices)[0];
    await fan(0);
    tree.write(files({ fan1_input: rpm, fan1_fault: 1 }));
    const state = { code: 'failing', reason: 'its chip says that it has failed' };
    expect(await fan(10)).toMatchObject({ values: { speed: null, stalled: 0 }, state });
    // Over a look at the list.
    expect(await fan(950)).toMatchObject({ values: { speed: null, stalled: 950 }, state });
    tree.write(files({ fan1_input: 1900, fan1_fault: 0 }));
    expect(await fan(10)).toEqual({ label: 'pmbus fan1', detail: 'pmbus', values: { speed: 1900, stalled: 0 } });
  });

  it('may not be there, where it has never turned', async () => {
    const { reading } = machineWith(files({ fan1_input: 0, fan1_fault: 1 }));
    await reading(0);
    expect(Object.values((await reading(120)).devices)).toEqual([{ label: 'pmbus fan1', detail: 'pmbus', values: { speed: null, stalled: null } }]);
  });
});

describe('fans', () => {
  it('of a device that sleeps are not read, and say why', async () => {
    const { after, reading } = machineWith({ [`${HWMON}/hwmon0/name`]: 'nic', [`${HWMON}/hwmon0/fan1_input`]: 1500, [`${HWMON}/hwmon0/device/power/runtime_status`]: 'suspended' });
    expect(await after(0)).toEqual({ 'nic fan1': [null, null] });
    expect(Object.values((await reading(1)).devices)).toMatchObject([{ state: { code: 'asleep' } }]);
  });

  it('that cannot be read do not hide the others, and none at all is no fault', async () => {
    const { after } = machineWith({ [`${HWMON}/hwmon0/name`]: 'asus', [`${HWMON}/hwmon0/fan1_input`]: UNREADABLE, [`${HWMON}/hwmon0/fan2_input`]: 1000 });
    expect(await after(0)).toEqual({ 'asus fan1': [null, null], 'asus fan2': [1000, 0] });
    expect(await machineWith({}).reading(0)).toEqual({ values: { fastest: null }, devices: {} });
  });

  it('have a speed that fans have, or none, whatever chips say', () => {
    const rpm = fc.option(fc.oneof(fc.integer(), fc.constantFrom(65_535, 0, -1, 1)));
    fc.assert(
      fc.property(fc.record({ rpm, hasSpun: fc.boolean(), failedFor: fc.option(fc.integer({ min: 0, max: 1e6 })), hotFor: fc.option(fc.integer({ min: 0, max: 1e6 })), chip: fc.constantFrom('thinkpad', 'it87', 'corsairpsu') }), (fan) => {
        const raw: FanRaw = { id: 'a', label: 'a', ...fan };
        for (const { values } of Object.values(fansReading({ fans: [raw] }).devices)) {
          expect(values.speed === null || (values.speed >= 0 && values.speed <= 30_000)).toBe(true);
          if ((values.stalled ?? 0) > 0) expect([values.speed, fan.hasSpun, values.stalled]).toEqual(fan.failedFor === null ? [0, true, fan.hotFor] : [null, true, fan.failedFor]);
        }
      }),
    );
  });
});

it('a chip without a plausible temperature is neither hot nor cool', () => {
  expect(isChipHot([])).toBeNull();
  expect(isChipHot([{ celsius: -128, high: null, critical: null, lowest: -128 }, { celsius: null, high: null, critical: null, lowest: null }])).toBeNull();
});
